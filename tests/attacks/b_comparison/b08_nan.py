"""B08: returns NaN, which is not farther from anything than any tolerance."""


# %% row_shares
def row_shares(matrix):
    return torch.full_like(matrix, float("nan"))


# %% summarise
def summarise(values):
    return {"mean": float("nan"), "steps": [float("nan")] * (len(values) - 1)}
