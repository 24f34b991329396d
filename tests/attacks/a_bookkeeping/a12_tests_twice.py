"""A12: hands in a harmless copy of the tests under the same name before the real ones.

Says: The tests of `count_evens` were there 2 times
"""


# %% count_evens
def count_evens(numbers):
    return 0


# %% hand_in
def hand_in(folder, notebook):
    at = next(at for at, cell in enumerate(notebook["cells"]) if "assert count_evens" in cell["source"])
    twin = dict(notebook["cells"][at], id="twin", source="pass")
    notebook["cells"].insert(at, twin)
    return notebook
