"""A11: hands in a solution cell twice under one name, the second of which spoils the first.

Says: The solution cell `count_evens` was there 2 times
"""


# %% count_evens
def count_evens(numbers):
    return 0


# %% hand_in
def hand_in(folder, notebook):
    at = next(at for at, cell in enumerate(notebook["cells"]) if "def count_evens" in cell["source"])
    twin = dict(notebook["cells"][at], id="twin", source="def count_evens(numbers):\n    return 10**9")
    notebook["cells"].insert(at + 1, twin)
    return notebook
