"""The numbers are added as if both were positive.

Fails: test_negative_numbers.
"""


def add_numbers(a, b):
    return abs(a) + abs(b)
