"""Hidden checks for `summarise`. CANARY."""

from autograde.checks import check

SECRET = "CANARY"


@check(hint="The mean is the sum divided by how many there are.")
def test_values(agree, rng):
    """Mean and steps are right."""

    def probe(summarise, values):
        return summarise(values)

    agree(probe, values=rng.uniform(-5, 5, size=7).tolist())
