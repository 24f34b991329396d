"""The built-in `sum`."""


def add_numbers(a, b):
    return sum((a, b))
