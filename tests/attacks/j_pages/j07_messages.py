"""J07: puts markup into what the grader quotes: names of types and keys, texts, lines of code, names of cells."""

# %% count_evens
Type = type("`<script>attack()</script><attack onload=x>`", (), {})


def count_evens(numbers):
    return Type()


# %% summarise
def summarise(values):
    return {
        "<img src=x onerror=attack()>": 1,
        "$\\href{javascript:attack()}{x}$": "](javascript:attack())",
        "mean": "<attack onload=x>",
        "steps": [],
    }


# %% row_shares
def row_shares(matrix):
    raise ValueError("<script>attack()</script> `</code><attack onload=x>")
    "<script>attack()</script>"


# %% hand_in
def hand_in(folder, notebook):
    told = {
        "grade": True,
        "grade_id": "<script>attack()</script><attack onload=x>",
        "locked": True,
        "points": 1,
        "schema_version": 3,
        "solution": False,
    }
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": "odd",
            "metadata": {"nbgrader": told},
            "source": "1",
            "outputs": [],
            "execution_count": None,
        }
    )
    return notebook
