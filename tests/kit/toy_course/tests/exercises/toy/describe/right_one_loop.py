"""A single loop, without built-in functions."""


def describe(numbers):
    result = {}
    total = 0
    for count, number in enumerate(numbers, 1):
        if count == 1 or number < result["smallest"]:
            result["smallest"] = number
        if count == 1 or number > result["largest"]:
            result["largest"] = number
        total += number
        result["mean"] = total / count
    return result
