"""The mean is computed from the smallest and the largest number only.

Fails: test_sorted_lists.
"""


def describe(numbers):
    if not numbers:
        return {}
    smallest, largest = min(numbers), max(numbers)
    return {"smallest": smallest, "largest": largest, "mean": (smallest + largest) / 2}
