"""The sum is turned into an int, so what stands after the point is lost.

Fails: test_fractions.
"""


def add_numbers(a, b):
    return int(a + b)
