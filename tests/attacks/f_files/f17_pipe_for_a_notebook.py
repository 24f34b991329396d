"""F17: hands in a named pipe that nobody writes to, and others beside it.

Marks: all 0
Says: it is not a plain file
"""

# %% hand_in
import os
import socket


def hand_in(folder, notebook):
    (folder / "1_targets.ipynb").unlink()
    for name in ("1_targets.ipynb", "timestamp.txt", "data.csv"):
        os.mkfifo(folder / name)
