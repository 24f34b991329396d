"""E20: shows one thing of 60 MB, and returns another."""

# %% summarise
from IPython.display import display, HTML

display(HTML("x" * (60 * 2**20)))


def summarise(values):
    return {"mean": "x" * (60 * 2**20), "steps": torch.zeros(15 * 2**20)}
