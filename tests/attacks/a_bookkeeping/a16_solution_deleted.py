"""A16: deletes a solution cell, in the hope for what an earlier run or another student has left.

Marks: row_shares 0
Says: The solution cell `row_shares` was missing
"""


# %% hand_in
def hand_in(folder, notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if "def row_shares" not in cell["source"]]
    return notebook
