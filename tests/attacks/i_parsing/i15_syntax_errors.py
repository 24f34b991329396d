"""I15: writes what Python's own parser does not survive or takes long for, in cells of its own.

Says: Cell
"""


# %% hand_in
def hand_in(folder, notebook):
    texts = (
        "(" * 10**4 + ")" * 10**4,
        "-" * 10**6 + "1",
        "if" + " 1" * 10**5,
        "x = " + "[" * 150 + "]" * 150,
        "\0",
        "%%nothing\n" * 100,
        "!!!",
        "1" * 10**5,
        "import os; os._exit(5)",
    )
    for number, text in enumerate(texts):
        notebook["cells"].insert(
            0,
            {
                "cell_type": "code",
                "id": f"text-{number}",
                "metadata": {},
                "source": text,
                "outputs": [],
                "execution_count": None,
            },
        )
    return notebook
