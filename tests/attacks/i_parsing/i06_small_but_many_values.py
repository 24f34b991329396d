"""I06: hands in 20 MB of JSON whose values take gigabytes of memory.

Marks: all 0
Says: it holds too much data besides outputs
"""


# %% hand_in
def hand_in(folder, notebook):
    return '{"cells": [' + '{"":0},' * 3_000_000 + "{}]}"
