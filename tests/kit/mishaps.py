"""What befalls a notebook between the student's editor and the grader, as functions of chance.

A mishap of cells changes a list of cells in their JSON form; a mishap of files makes the bytes of a document.
None of them takes a line of an answer away, but `loses_an_answer` and `breaks_off`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

Cell = dict[str, Any]
Cells = list[Cell]
CellMishap = Callable[[Cells, Random], None]

OWN = {
    "code": ["own_1 = 1\nprint(own_1)", "# nothing yet", "", "import math", "%time sum(range(10))", "1 +"],
    "markdown": ["My notes: don't forget (this.", "    indented = code", "", "a half \ud83d pair"],
    "raw": ["Sam", "zero \0 byte"],
}


def name_of(cell: Cell) -> str:
    nbgrader = cell["metadata"].get("nbgrader") if isinstance(cell.get("metadata"), dict) else None
    return str(nbgrader.get("grade_id", "")) if isinstance(nbgrader, dict) else ""


def is_answer(cell: Cell) -> bool:
    return bool(cell.get("answer"))  # the tests' own mark; it is taken off before anything is written


def any_of(cells: Cells, chance: Random) -> int:
    return chance.randrange(len(cells))


def fresh(cell: Cell, chance: Random) -> Cell:
    """Return a copy as an editor makes it: with its metadata or without, with its id, a new one or none."""
    twin = copy.deepcopy(cell)
    if chance.random() < 0.5:
        twin["metadata"] = {}
    match chance.randrange(3):
        case 0:
            twin["id"] = f"{chance.getrandbits(32):08x}"
        case 1:
            twin.pop("id", None)
    return twin


# Metadata and ids


def strips_everything(cells: Cells, chance: Random) -> None:
    for cell in cells:
        cell["metadata"] = {"id": f"{chance.getrandbits(48):012x}"} if chance.random() < 0.5 else {}
        cell.pop("id", None)


def strips_names(cells: Cells, chance: Random) -> None:
    for cell in cells:
        cell["metadata"] = {}


def strips_ids(cells: Cells, chance: Random) -> None:
    for cell in cells:
        cell.pop("id", None)


def strips_one(cells: Cells, chance: Random) -> None:
    cell = cells[any_of(cells, chance)]
    cell["metadata"] = {}
    cell.pop("id", None)


def repeats_an_id(cells: Cells, chance: Random) -> None:
    own = [cell for cell in cells if not name_of(cell) and not is_answer(cell)]
    if own:
        chance.choice(own)["id"] = chance.choice(cells).get("id", "x")


def odd_values(cells: Cells, chance: Random) -> None:
    cell = cells[any_of(cells, chance)]
    key = chance.choice(["outputs", "execution_count", "attachments", "id", "extra", "collapsed"])
    cell[key] = chance.choice([None, [], {}, "x", 7, [[[[]]]], {"a": None}, "\ud800"])
    if not name_of(cell):
        cell["metadata"] = chance.choice([None, [], "x", {"nbgrader": 3}, {"nbgrader": {"grade_id": []}}])


def odd_type(cells: Cells, chance: Random) -> None:
    cells[any_of(cells, chance)]["cell_type"] = chance.choice(["sql", None, 7, "Code", ["code"]])


def missing_keys(cells: Cells, chance: Random) -> None:
    cell = cells[any_of(cells, chance)]
    for key in ("outputs", "execution_count", "id"):
        cell.pop(key, None)


def editor_metadata(cells: Cells, chance: Random) -> None:
    for cell in cells:
        if isinstance(cell.get("metadata"), dict):
            cell["metadata"] |= {"vscode": {"languageId": "python"}, "tags": [], "editable": False}


# Cells


def splits(cells: Cells, chance: Random) -> None:
    at = any_of(cells, chance)
    lines = cells[at]["source"].split("\n")
    if len(lines) > 1:
        middle = chance.randrange(1, len(lines))
        second = fresh(cells[at], chance)
        cells[at]["source"], second["source"] = "\n".join(lines[:middle]), "\n".join(lines[middle:])
        if chance.random() < 0.5:  # JupyterLab takes blank lines at the border away
            cells[at]["source"], second["source"] = (
                cells[at]["source"].rstrip("\n"),
                second["source"].strip("\n"),
            )
        cells.insert(at + 1, second)


def splits_an_answer(cells: Cells, chance: Random) -> None:
    answers = [cell for cell in cells if is_answer(cell)]
    if answers:
        at = cells.index(chance.choice(answers))
        part = cells[at : at + 1]
        splits(part, chance)
        cells[at : at + 1] = part


def merges(cells: Cells, chance: Random) -> None:
    at = any_of(cells, chance)
    merged = cells[at : at + chance.randint(2, 3)]
    main = chance.choice([merged[0], merged[0], merged[-1]])
    main["source"] = chance.choice(["\n", "\n\n"]).join(cell["source"] for cell in merged)
    main["answer"] = any(map(is_answer, merged))
    cells[at : at + len(merged)] = [main]


def retypes(cells: Cells, chance: Random) -> None:
    for _ in range(chance.choice([1, 1, 3])):
        cells[any_of(cells, chance)]["cell_type"] = chance.choice(["code", "markdown", "raw"])


def copies(cells: Cells, chance: Random) -> None:
    twin = fresh(cells[any_of(cells, chance)], chance)
    cells.insert(any_of(cells, chance), twin)


def copies_below(cells: Cells, chance: Random) -> None:
    at = any_of(cells, chance)
    cells.insert(at + 1, fresh(cells[at], chance))


def moves(cells: Cells, chance: Random) -> None:
    cells.insert(any_of(cells, chance), cells.pop(any_of(cells, chance)))


def moves_some(cells: Cells, chance: Random) -> None:
    at = any_of(cells, chance)
    block = cells[at : at + chance.randint(2, 6)]
    del cells[at : at + len(block)]
    to = chance.randint(0, len(cells))
    cells[to:to] = block


def moves_down_by_one(cells: Cells, chance: Random) -> None:
    at = any_of(cells, chance)
    cells.insert(at + 1, cells.pop(at))


def deletes(cells: Cells, chance: Random) -> None:
    for _ in range(chance.choice([1, 1, 4])):
        others = [cell for cell in cells if not is_answer(cell)]
        if others:
            cells.remove(chance.choice(others))


def deletes_all_prose(cells: Cells, chance: Random) -> None:
    cells[:] = [cell for cell in cells if is_answer(cell) or name_of(cell) or cell["cell_type"] == "code"]


def adds(cells: Cells, chance: Random) -> None:
    for _ in range(chance.choice([1, 2, 5])):
        kind = chance.choice(sorted(OWN))
        own = {"cell_type": kind, "metadata": {}, "source": chance.choice(OWN[kind])}
        cells.insert(chance.randint(0, len(cells)), own)


def writes_own_in_a_copy(cells: Cells, chance: Random) -> None:
    """A cell is copied with its name, and something else is written into the copy."""
    at = any_of(cells, chance)
    if not is_answer(cells[at]):
        cells.insert(at + 1, copy.deepcopy(cells[at]) | {"source": "own_2 = 2"})


def pastes_a_stub(cells: Cells, chance: Random) -> None:
    answers = [cell for cell in cells if is_answer(cell) and "stub" in cell]
    if answers:
        cell = chance.choice(answers)
        twin = fresh(cell, chance) | {"source": cell["stub"], "answer": False}
        cells.insert(cells.index(cell) + chance.randint(0, 1), twin)


def edits_what_is_fixed(cells: Cells, chance: Random) -> None:
    fixed = [cell for cell in cells if name_of(cell) and not is_answer(cell)]
    if fixed:
        cell = chance.choice(fixed)
        edits = [lambda text: text + "\nprint('own')", lambda text: "# " + text, lambda text: "pass"]
        edits += [lambda text: "import math\n" + text, lambda text: ""]
        cell["source"] = chance.choice(edits)(cell["source"])


def edits_prose(cells: Cells, chance: Random) -> None:
    prose = [cell for cell in cells if not name_of(cell) and not is_answer(cell)]
    if prose:
        chance.choice(prose)["source"] += "\n\nMy own remark."


def unknown_name(cells: Cells, chance: Random) -> None:
    name = chance.choice(["cell-0f3a", "../../x", "x" * 500, "a\nb"])
    own = {
        "cell_type": "code",
        "source": "own_3 = 3",
        "metadata": {"nbgrader": {"grade_id": name, "grade": True}},
    }
    cells.insert(chance.randint(0, len(cells)), own)


def spaces(cells: Cells, chance: Random) -> None:
    for cell in cells:
        cell["source"] = "\n" * chance.randint(0, 1) + cell["source"].replace("\n", " \n") + "\n\n"


def windows_line_ends(cells: Cells, chance: Random) -> None:
    for cell in cells:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def outputs(cells: Cells, chance: Random) -> None:
    for cell in cells:
        if cell["cell_type"] == "code":
            text = '{"outputs": [1, "]"]}\n' * chance.randint(1, 100)
            cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": [text]}]


def loses_an_answer(cells: Cells, chance: Random) -> None:
    answers = [cell for cell in cells if is_answer(cell)]
    if answers:
        cells.remove(chance.choice(answers))


CELL_MISHAPS: tuple[CellMishap, ...] = (
    strips_everything,
    strips_names,
    strips_ids,
    strips_one,
    repeats_an_id,
    odd_values,
    odd_type,
    missing_keys,
    editor_metadata,
    splits,
    splits_an_answer,
    splits_an_answer,
    merges,
    merges,
    retypes,
    copies,
    copies_below,
    moves,
    moves_some,
    moves_down_by_one,
    deletes,
    deletes_all_prose,
    adds,
    writes_own_in_a_copy,
    pastes_a_stub,
    edits_what_is_fixed,
    edits_prose,
    unknown_name,
    spaces,
    windows_line_ends,
    outputs,
    loses_an_answer,
)


# Files


def document(cells: Cells, chance: Random) -> dict[str, Any]:
    """Return the cells as the document of some version of the format."""
    plain = [{key: value for key, value in cell.items() if key not in {"answer", "stub"}} for cell in cells]
    for cell in plain:
        if chance.random() < 0.5:
            cell["source"] = cell["source"].splitlines(keepends=True)
    if chance.random() < 0.1:
        return {
            "nbformat": 3,
            "metadata": {"name": ""},
            "worksheets": [{"cells": list(map(of_format_3, plain))}],
        }
    metadata = chance.choice([{}, {"kernelspec": {"name": "ir"}}, {"widgets": {"a": [{}]}}, None])
    return {"nbformat": 4, "nbformat_minor": chance.randint(0, 5), "metadata": metadata, "cells": plain}


def of_format_3(cell: Cell) -> Cell:
    text = "input" if cell["cell_type"] == "code" else "source"
    return {text if key == "source" else key: value for key, value in cell.items()}


def written(cells: Cells, chance: Random) -> tuple[bytes, str]:
    """Return the file of some editor on some system, with what it did to it."""
    indent = chance.choice([None, 1, 2])
    text = json.dumps(document(cells, chance), indent=indent, ensure_ascii=True)
    data = text.encode()
    kind = chance.choice(
        ["plain"] * 5 + ["bom", "utf-16", "crlf", "zeros", "signature", "latin", "twice", "zero within"]
    )
    match kind:
        case "bom":
            data = text.encode("utf-8-sig")
        case "utf-16":
            data = text.encode("utf-16")
        case "crlf":
            data = text.replace("\n", "\r\n").encode()
        case "zeros":
            data += b"\0" * 512
        case "signature":
            data += b"\n-- \nSam"
        case "latin":
            data = data.replace(b'"metadata"', b'"a": "\xe4", "metadata"', 1)
        case "twice":
            data += data
        case "zero within":
            data = data.replace(b'"metadata"', b'"met\0adata"')
    return data, kind


def breaks_off(cells: Cells, chance: Random) -> tuple[bytes, Cells]:
    """Return a file that breaks off somewhere, and the cells that are whole in it."""
    head = '{"nbformat": 4, "metadata": {}, "cells": ['
    plain = [{key: value for key, value in cell.items() if key not in {"answer", "stub"}} for cell in cells]
    texts = [json.dumps(cell) for cell in plain]
    text = head + ", ".join(texts) + "]}"
    length = chance.randint(len(head) + len(texts[0]) + 1, len(text) - 1)
    whole, end = 0, len(head)
    while whole < len(texts) and end + len(texts[whole]) <= length:
        end += len(texts[whole]) + 2
        whole += 1
    return text[:length].encode(), cells[:whole]


RENAMED = ("{}.ipynb",) * 6 + (
    "{} (1).ipynb",
    "smith_{}.ipynb",
    "{}.ipynb.txt",
    "{}.IPYNB",
    "homework/{}.ipynb",
    "{}-Copy1.ipynb",
    "Untitled.ipynb",
    "Kopie von {}.ipynb",
    "{}",
)
