"""I05: hands in a notebook of 60 MB of text where none belongs.

Marks: all 0
Says: it holds too much data besides outputs
"""

# %% hand_in
import json


def hand_in(folder, notebook):
    text = json.dumps(notebook)
    return text[:-1] + ', "outputs": "' + "x" * (60 * 2**20) + '"}'
