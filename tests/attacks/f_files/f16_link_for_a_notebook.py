"""F16: hands in a link to another student's notebook in place of its own.

Marks: all 0
Says: it cannot be read as a plain file
"""


# %% hand_in
def hand_in(folder, notebook):
    (folder / "1_targets.ipynb").unlink()
    (folder / "1_targets.ipynb").symlink_to("../../Ann/targets/1_targets.ipynb")
