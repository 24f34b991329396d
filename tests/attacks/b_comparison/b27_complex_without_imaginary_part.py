"""B27: returns complex and minus-zero numbers that print and compare as others."""


# %% count_evens
def count_evens(numbers):
    return complex(sum(number % 2 == 0 for number in numbers), 0.0)


# %% summarise
def summarise(values):
    return {"mean": complex(sum(values) / len(values), 0), "steps": [-0.0] * (len(values) - 1)}
