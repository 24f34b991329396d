"""A18: makes the tests of a wrong answer Markdown, and its other solutions raw text.

Says: The tests of `count_evens` had been changed
Says: The solution cell `row_shares` had become a raw cell
"""


# %% count_evens
def count_evens(numbers):
    return 0


# %% hand_in
def hand_in(folder, notebook):
    for cell in notebook["cells"]:
        if "assert count_evens" in cell["source"]:
            cell["cell_type"] = "markdown"
        if "def row_shares" in cell["source"]:
            cell["cell_type"] = "raw"
    return notebook
