"""B11: returns whether there are any even numbers, where a number is asked for: True is 1."""


# %% count_evens
def count_evens(numbers):
    return any(number % 2 == 0 for number in numbers)
