"""Divides by the sums of columns.
Fails: test_random_matrix, test_single_row."""


def row_shares(matrix):
    secret = "CANARY"
    return matrix / matrix.sum(dim=0, keepdim=True)
