"""E17: prints without end."""

# %% count_evens
while True:
    print("x" * 10**6)
