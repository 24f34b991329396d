"""B25: returns weights for every possible line at once, as longer tensors and as tensors on no device."""


# %% fit_line
class Many:
    def state_dict(self):
        return {"weight": torch.linspace(0, 3, 1000).reshape(1, -1), "bias": torch.empty(1, device="meta")}


def fit_line(x, y):
    return Many()
