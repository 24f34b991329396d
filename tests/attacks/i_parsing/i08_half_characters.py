"""I08: hands in half characters, NULs and marks of direction in names, ids and texts: they count for nothing."""


# %% [markdown]
# text
# %% hand_in
def hand_in(folder, notebook):
    for cell in notebook["cells"]:
        cell["id"] = "\ud800\0‮"
        cell["metadata"]["name"] = "\udfff"
    notebook["cells"][0]["source"] = "\ud800 \0 ‮ \x1b[2J"
    notebook["metadata"]["\ud800"] = "\udc00"
    return notebook
