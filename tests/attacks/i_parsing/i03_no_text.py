"""I03: hands in bytes that are no text in any encoding.

Marks: all 0
Says: The file was not UTF-8 text
"""


# %% hand_in
def hand_in(folder, notebook):
    return b'{"cells": ["\xff\xfe\x00\xc3\x28"]}'
