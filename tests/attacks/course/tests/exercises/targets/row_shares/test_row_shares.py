"""Hidden checks for `row_shares`. CANARY."""

import numpy as np

from autograde.checks import check

SECRET = "CANARY"


@check(points=2, hint="`matrix.sum(dim=1, keepdim=True)` is a column of sums.")
def test_random_matrix(agree, rng):
    """Each row is divided by its sum."""

    def probe(row_shares, matrix):
        return row_shares(matrix)

    agree(probe, matrix=rng.uniform(1, 9, size=(5, 3)).astype(np.float32))


@check(visibility="name only")
def test_single_row(agree):
    """A single row of double precision stays one."""

    def probe(row_shares, matrix):
        return row_shares(matrix)

    agree(probe, matrix=np.array([[1.0, 3.0, 4.0]]))
