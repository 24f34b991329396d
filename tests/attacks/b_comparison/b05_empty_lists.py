"""B05: returns empty containers, whose loops of comparisons have nothing to do."""


# %% summarise
def summarise(values):
    return {}


# %% count_evens
def count_evens(numbers):
    return []
