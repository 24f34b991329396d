"""B09: returns infinities, and a model of infinite weights."""


# %% row_shares
def row_shares(matrix):
    return torch.full_like(matrix, float("inf"))


# %% fit_line
def fit_line(x, y):
    model = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(model.weight, float("inf"))
    torch.nn.init.constant_(model.bias, -float("inf"))
    return model
