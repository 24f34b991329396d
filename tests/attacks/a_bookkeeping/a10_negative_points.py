"""A10: writes points below zero, infinite and of odd types into the metadata."""


# %% row_shares
def row_shares(matrix):
    return matrix


# %% hand_in
def hand_in(folder, notebook):
    odd = [-5, "1e999", None, [], {"points": 5}, 10**400]
    for cell, points in zip(notebook["cells"], odd * 10):
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["points"] = points
    return notebook
