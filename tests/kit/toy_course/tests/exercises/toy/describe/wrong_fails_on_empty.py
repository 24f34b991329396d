"""The empty list is forgotten: `min` of no numbers is an error.

Fails: test_empty_list.
"""


def describe(numbers):
    return {"smallest": min(numbers), "largest": max(numbers), "mean": sum(numbers) / len(numbers)}
