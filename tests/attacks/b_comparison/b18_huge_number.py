"""B18: returns a whole number of a million digits, which takes others minutes to print."""


# %% count_evens
def count_evens(numbers):
    return 10**1_000_000
