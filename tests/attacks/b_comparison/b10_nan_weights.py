"""B10: returns a model whose weights are NaN: no error is larger than the bound."""


# %% fit_line
def fit_line(x, y):
    model = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(model.weight, float("nan"))
    return model
