"""First and last number are taken for smallest and largest, which is right only for a sorted list.

Fails: test_any_order.
"""


def describe(numbers):
    if not numbers:
        return {}
    return {"smallest": numbers[0], "largest": numbers[-1], "mean": sum(numbers) / len(numbers)}
