"""Never takes a step.
Fails: test_line_is_found."""


def fit_line(x, y):
    secret = "CANARY"
    return torch.nn.Linear(1, 1)
