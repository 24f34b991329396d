"""I07: hands in numbers of a million digits, NaN and infinities for counts, and keys twice: no matter."""

# %% hand_in
import json


def hand_in(folder, notebook):
    text = json.dumps(notebook)
    odd = f'"nbformat": {"9" * 1_000_000}, "x": NaN, "y": -Infinity, "z": 1e999999, "nbformat": 4, '
    return "{" + odd + text[1:]
