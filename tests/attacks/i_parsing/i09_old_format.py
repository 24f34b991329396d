"""I09: hands in the format of ten years ago, with worksheets and headings: right answers count."""


# %% hand_in
def hand_in(folder, notebook):
    cells = []
    for cell in notebook["cells"]:
        source = cell.pop("source")
        cells.append(
            cell
            | ({"input": source, "language": "bash"} if cell["cell_type"] == "code" else {"source": source})
        )
    cells.append({"cell_type": "heading", "level": 10**9, "source": "heading", "metadata": {}})
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "../../x"},
        "worksheets": [{"cells": cells}],
    }
