"""A13: gives cells of its own hostile names: a megabyte, a quote for the database, a path, line ends.

Says: had names that this notebook does not know
"""


# %% hand_in
def hand_in(folder, notebook):
    names = [
        "x" * 2**20,
        "'; DROP TABLE grade; --",
        "../../gradebook",
        "a\nb\r\x00\x1b[2J",
        "<attack onload=x>",
        "test_",
    ]
    for number, name in enumerate(names):
        told = {
            "grade": True,
            "grade_id": name,
            "locked": False,
            "points": 100,
            "schema_version": 3,
            "solution": True,
        }
        notebook["cells"].insert(
            2 * number,
            {
                "cell_type": "code",
                "id": f"odd-{number}",
                "metadata": {"nbgrader": told},
                "source": "1",
                "outputs": [],
                "execution_count": None,
            },
        )
    return notebook
