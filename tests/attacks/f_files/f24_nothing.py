"""F24: hands in an empty folder, as if something of an earlier time were to be graded.

Marks: all 0
Says: there is no such notebook
"""


# %% hand_in
def hand_in(folder, notebook):
    (folder / "1_targets.ipynb").unlink()
