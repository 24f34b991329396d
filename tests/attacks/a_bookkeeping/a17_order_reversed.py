"""A17: hands in all cells in reverse, so that tests stand before what they test: right answers count."""


# %% hand_in
def hand_in(folder, notebook):
    notebook["cells"].reverse()
    return notebook
