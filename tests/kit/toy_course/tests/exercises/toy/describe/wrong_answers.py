"""The mean is said to depend on the order of the numbers, and the largest number on all of them.

Fails: test_answers.
"""


def describe(numbers):
    if not numbers:
        return {}
    return {"smallest": min(numbers), "largest": max(numbers), "mean": sum(numbers) / len(numbers)}


answers_describe = {"a": "mean", "b": "largest"}
