"""I02: hands in a notebook that breaks off in its middle.

Marks: summarise 0, fit_line 0
Says: The file broke off in the middle
"""

# %% hand_in
import json


def hand_in(folder, notebook):
    text = json.dumps(notebook)
    return text[: len(text) // 2]
