"""Hidden checks for `add_numbers`."""

from autograde.checks import check


@check(points=2, hint="Use the operator `+`.")
def test_whole_numbers(agree, rng):
    """Whole numbers are added."""

    def probe(add_numbers, pairs):
        return [add_numbers(a, b) for a, b in pairs]

    agree(probe, pairs=rng.integers(1, 100, size=(5, 2)).tolist())


@check(hint="Do not round the result or turn it into an int.")
def test_fractions(agree):
    """Fractions are kept."""

    def probe(add_numbers):
        return [add_numbers(0.5, 0.25), add_numbers(1, 0.125)]

    agree(probe)


@check(hint="A negative number makes the sum smaller.", visibility="after grading")
def test_negative_numbers(agree):
    """The sign of a number counts."""

    def probe(add_numbers):
        return [add_numbers(-3, 5), add_numbers(3, -5), add_numbers(-3, -5)]

    agree(probe)
