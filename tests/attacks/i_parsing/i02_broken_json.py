"""I02: hands in a notebook in which colons are missing.

Marks: summarise 0, fit_line 0
Says: The file broke off in the middle
"""

# %% hand_in
import json


def hand_in(folder, notebook):
    return json.dumps(notebook).replace(":", "", 9)
