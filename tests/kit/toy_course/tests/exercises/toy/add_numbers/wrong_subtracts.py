"""The second number is subtracted instead of added.

Fails: test_whole_numbers, test_fractions, test_negative_numbers.
"""


def add_numbers(a, b):
    return a - b
