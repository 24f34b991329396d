"""I11: hands in JSON that is no notebook.

Marks: all 0
Says: it is no notebook
"""


# %% hand_in
def hand_in(folder, notebook):
    return '[{"score": 10}]'
