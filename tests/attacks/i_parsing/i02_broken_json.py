"""I02: hands in a notebook in which colons are missing.

Marks: all 0
Says: it is no notebook
"""

# %% hand_in
import json


def hand_in(folder, notebook):
    return json.dumps(notebook).replace(":", "", 9)
