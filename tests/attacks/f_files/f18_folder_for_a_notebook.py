"""F18: hands in a folder by the notebook's name.

Marks: all 0
Says: there is no such notebook
"""


# %% hand_in
def hand_in(folder, notebook):
    (folder / "1_targets.ipynb").unlink()
    (folder / "1_targets.ipynb" / "1_targets.ipynb").mkdir(parents=True)
    (folder / "1_targets.ipynb" / "timestamp.txt").mkdir()
