"""Sorts a copy and takes its ends."""


def describe(numbers):
    ordered = sorted(numbers)
    if not ordered:
        return {}
    return {"smallest": ordered[0], "largest": ordered[-1], "mean": sum(ordered) / len(ordered)}
