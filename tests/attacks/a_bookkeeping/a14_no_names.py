"""A14: takes nbgrader's metadata out of all cells: right answers count all the same.

Says: nbgrader's names of
"""


# %% hand_in
def hand_in(folder, notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    notebook["nbformat_minor"] = 4
    return notebook
