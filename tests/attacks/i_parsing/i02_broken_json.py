"""I02: hands in a notebook that breaks off in its middle.

Marks: all 0
Says: it is no notebook
"""

# %% hand_in
import json


def hand_in(folder, notebook):
    text = json.dumps(notebook)
    return text[: len(text) // 2]
