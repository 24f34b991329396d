"""Hidden checks for `count_evens`. CANARY."""

from autograde.checks import check

SECRET = "CANARY"


@check(points=2, hint="A number is even if `number % 2 == 0`.")
def test_many_numbers(agree, rng):
    """Even numbers are counted."""

    def probe(count_evens, lists):
        return [count_evens(numbers) for numbers in lists]

    agree(probe, lists=[[2, 4, 6], *rng.integers(1, 100, size=(4, 25)).tolist()])


@check(visibility="never")
def test_negative_numbers(agree):
    """Negative numbers and zero can be even."""

    def probe(count_evens, numbers):
        return count_evens(numbers)

    agree(probe, numbers=[-4, -3, -2, 0, 2, 5])
