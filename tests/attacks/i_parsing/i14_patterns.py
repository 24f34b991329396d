"""I14: writes text on which patterns for names, magics and definitions backtrack: a megabyte of it."""

# %%
a = """
"""


# %% hand_in
def hand_in(folder, notebook):
    for number, text in enumerate(
        ("a , " * 250_000, "def " * 250_000, "\t" * 10**6 + "x", "a:" * 500_000, "%" * 10**6, "(" * 10**5)
    ):
        notebook["cells"].append(
            {"cell_type": "markdown", "id": f"text-{number}", "metadata": {}, "source": text}
        )
    return notebook
