"""F23: hands in a socket by the notebook's name.

Marks: all 0
Says: it cannot be read as a plain file
"""

# %% hand_in
import os
import socket


def hand_in(folder, notebook):
    (folder / "1_targets.ipynb").unlink()
    here = os.getcwd()
    os.chdir(folder)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("1_targets.ipynb")
    os.chdir(here)
