"""I05: hands in a notebook of 60 MB of outputs.

Marks: all 0
Says: it is larger than 50 MB
"""

# %% hand_in
import json


def hand_in(folder, notebook):
    text = json.dumps(notebook)
    return text[:-1] + ', "outputs": "' + "x" * (60 * 2**20) + '"}'
