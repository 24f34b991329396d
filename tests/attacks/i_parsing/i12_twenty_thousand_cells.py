"""I12: hands in twenty thousand cells.

Marks: all 0
Says: more than 10000
"""


# %% hand_in
def hand_in(folder, notebook):
    notebook["cells"] += [{"cell_type": "code", "source": "", "metadata": {}}] * 20_000
    return notebook
