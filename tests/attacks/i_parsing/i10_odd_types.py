"""I10: hands in cells that are no cells, and fields of every type but their own: what is right counts."""


# %% hand_in
def hand_in(folder, notebook):
    odd = [
        None,
        1,
        "cell",
        [],
        {},
        {"cell_type": 5},
        {"cell_type": "code", "source": {"a": 1}, "metadata": [], "outputs": 3},
        {"cell_type": "code", "source": [1, None, ["x"]], "metadata": {"nbgrader": "yes"}},
        {"cell_type": "markdown", "attachments": {"../../x": {"image/png": 1}}},
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": {"a": []}, "points": "many"}},
            "execution_count": "nan",
        },
    ]
    notebook["cells"] = odd + notebook["cells"] + odd
    notebook["metadata"] = [1, 2]
    notebook["nbformat"] = "four"
    return notebook
