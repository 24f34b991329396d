"""B30: raises errors that pretend to be verdicts, and whose text cannot be had."""


# %% count_evens
class Passed(AssertionError):
    def __str__(self):
        raise Passed()

    __repr__ = __str__
    outcome = "passed"


Passed.__name__ = "Skipped"
Passed.__qualname__ = "Passed" * 10_000


def count_evens(numbers):
    raise Passed("passed")


# %% summarise
import unittest


def summarise(values):
    raise unittest.SkipTest("not for me")
