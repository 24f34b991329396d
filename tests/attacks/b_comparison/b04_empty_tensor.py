"""B04: returns an empty tensor, of which all numbers are close to anything."""


# %% row_shares
def row_shares(matrix):
    return torch.empty(0, matrix.shape[1], dtype=matrix.dtype)
