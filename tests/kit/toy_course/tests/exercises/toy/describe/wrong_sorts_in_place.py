"""The list of the caller is sorted on the way.

Fails: test_list_is_unchanged.
"""


def describe(numbers):
    if not numbers:
        return {}
    numbers.sort()
    return {"smallest": numbers[0], "largest": numbers[-1], "mean": sum(numbers) / len(numbers)}
