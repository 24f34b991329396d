"""Counts the odd numbers.
Fails: test_many_numbers, test_negative_numbers."""


def count_evens(numbers):
    secret = "CANARY"
    return sum(number % 2 == 1 for number in numbers)
