"""I13: hands in three hundred copies of a solution under its name, for whoever compares all with all.

Says: The solution cell `count_evens` was there 301 times
"""


# %% count_evens
def count_evens(numbers):
    return 0


# %% hand_in
def hand_in(folder, notebook):
    at = next(at for at, cell in enumerate(notebook["cells"]) if "def count_evens" in cell["source"])
    for number in range(300):
        source = f"def count_evens(numbers):\n    return {number}\n" + "# more words\n" * number
        notebook["cells"].insert(at + 1, dict(notebook["cells"][at], id=f"copy-{number}", source=source))
    return notebook
