"""A23: hands in a date of submission that is none: it gets no mark before somebody has looked at it.

Marks: none
Says: timestamp
"""


# %% hand_in
def hand_in(folder, notebook):
    (folder / "timestamp.txt").write_text("a long time ago'; DROP TABLE grade; --")
