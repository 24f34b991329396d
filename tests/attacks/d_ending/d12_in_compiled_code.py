"""D12: computes a number in compiled code that no signal interrupts."""

# %% count_evens
10**10**9
