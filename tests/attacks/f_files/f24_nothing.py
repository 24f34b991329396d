"""F24: hands in an empty folder, as if something of an earlier time were to be graded.

Marks: all 0
Says: it cannot be read as a plain file
"""


# %% hand_in
def hand_in(folder, notebook):
    (folder / "1_targets.ipynb").unlink()
