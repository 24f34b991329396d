"""I04: hands in JSON that is nested a hundred thousand times.

Marks: all 0
Says: it is nested too deeply
"""


# %% hand_in
def hand_in(folder, notebook):
    return '{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}"
