"""What students hand in, however damaged, comes out as the released notebook with their cells in it."""

import contextlib
import copy
import json
import os
import socket
import time
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograde.errors import SubmissionError
from autograde.intake import Repaired, read_submission, repair
from autograde.intake.sequence import best_alignment, heaviest_increasing
from autograde.notebook import Role, grade_id, role

WRITE_HERE = "YOUR ANSWER HERE"
ADD = "def add(a, b):\n    return a + b"
MEAN = "def mean(values):\n    return sum(values) / len(values)"
WHY = "Because the sum grows with the number of values."


def marked(cell: NotebookNode, name: str, *, grade: bool, solution: bool, points: int = 0) -> NotebookNode:
    """Give a cell the metadata that `nbgrader generate_assignment` leaves in it."""
    meta = {
        "grade": grade,
        "grade_id": name,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
    }
    if grade:
        meta["points"] = points
    if not solution or grade:
        meta["checksum"] = f"{name:0<32.32}"
    cell.metadata["nbgrader"] = NotebookNode(meta, task=False)
    cell.id = name
    return cell


def solution(name: str, stub: str) -> NotebookNode:
    return marked(new_code_cell(stub), name, grade=False, solution=True)


def grade_cell(name: str, source: str) -> NotebookNode:
    return marked(new_code_cell(source), f"test_{name}", grade=True, solution=False, points=10)


def locked(name: str, source: str) -> NotebookNode:
    return marked(new_code_cell(source), name, grade=False, solution=False)


def written(name: str) -> NotebookNode:
    return marked(new_markdown_cell(WRITE_HERE), name, grade=True, solution=True, points=3)


@pytest.fixture(name="released", scope="module")
def fixture_released() -> NotebookNode:
    return released_notebook()


def released_notebook() -> NotebookNode:
    cells = [
        new_markdown_cell("# Numbers\nAn introduction to sums and means of lists.", id="title"),
        locked("imports", "import math\nimport statistics"),
        new_code_cell("example = [1, 2, 3]\nexample", id="demo"),
        new_markdown_cell("## Addition\nWrite `add`.", id="prose-add"),
        solution("add", "def add(a, b):\n    raise NotImplementedError"),
        grade_cell("add", "assert add(1, 2) == 3"),
        new_markdown_cell("## Mean\nWrite `mean`, and use `add` if you like.", id="prose-mean"),
        solution("mean", "def mean(values):\n    raise NotImplementedError"),
        new_code_cell("mean(example)", id="try-mean"),
        grade_cell("mean", "assert mean([1, 3]) == 2"),
        new_markdown_cell("Why is the sum divided?", id="question"),
        written("why"),
        new_markdown_cell("What did you measure?", id="question-2"),
        written("measured"),
        solution("choice", "# YOUR CODE HERE\nraise NotImplementedError()"),
        grade_cell("choice", "assert choice in {1, 2}"),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook: NotebookNode = new_notebook(cells=cells, metadata=metadata)
    return notebook


ANSWERS = {"add": ADD, "mean": MEAN, "why": WHY, "measured": "A mean of 2.", "choice": "choice = 1"}


def answered() -> NotebookNode:
    """Return the released notebook as a good student hands it in, run in Jupyter."""
    notebook = released_notebook()
    for number, cell in enumerate(notebook.cells):
        cell.source = ANSWERS.get(grade_id(cell), cell.source)
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [nbformat.v4.new_output("stream", text="seen\n")]
    return notebook


def position(notebook: NotebookNode, name: str) -> int:
    return next(index for index, cell in enumerate(notebook.cells) if cell.id == name)


def strip(notebook: NotebookNode, *names: str, ids: bool = True) -> NotebookNode:
    """Remove metadata (and ids) of the named cells, by default of all, as other editors do."""
    for cell in notebook.cells:
        if not names or cell.id in names:
            cell.metadata = NotebookNode()
            if ids:
                del cell["id"]
    return notebook


def sources(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells]


def source_of(notebook: NotebookNode, name: str) -> str:
    return str(notebook.cells[position(notebook, name)].source)


def repaired(submitted: NotebookNode, released: NotebookNode | None = None) -> Repaired:
    """Repair, and hold what has to be true of every repair."""
    released = released or released_notebook()
    before = copy.deepcopy(submitted)
    result = repair(released, submitted)
    assert submitted == before
    nbformat.validate(result.notebook)
    frame = [cell for cell in result.notebook.cells if grade_id(cell)]
    expected = [cell for cell in released.cells if grade_id(cell)]
    assert [(cell.id, cell.metadata, cell.cell_type) for cell in frame] == [
        (cell.id, cell.metadata, cell.cell_type) for cell in expected
    ]
    for cell, original in zip(frame, expected, strict=True):
        if role(cell) in {Role.GRADE, Role.LOCKED}:
            assert cell.source == original.source
    assert result.notebook.metadata == released.metadata
    assert all(len(sentence.splitlines()) == 1 and sentence.isprintable() for sentence in result.repairs)
    assert repair(released, result.notebook) == Repaired(result.notebook)
    return result


# Reading


@pytest.fixture(name="hand_in")
def fixture_hand_in(tmp_path: Path) -> Callable[[Any], Path]:
    """Return a function that writes a submission (bytes as they are, else JSON) and returns its path."""

    def hand_in(content: Any) -> Path:
        path = tmp_path / "sam" / "numbers" / "1_sums.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return hand_in


def one_cell(**parts: Any) -> dict[str, Any]:
    """Return a document whose only cell has these parts."""
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [parts]}


def unusable(path: Path, **limits: int) -> str:
    """Read, and return the message of the error that this has to raise."""
    with pytest.raises(SubmissionError) as caught:
        read_submission(path, **limits)
    message = str(caught.value)
    assert message.isprintable()
    assert "ask the student" in message
    assert len(message) < 300
    return message


def test_a_notebook_run_in_jupyter_is_read_without_what_it_printed(hand_in: Callable[[Any], Path]) -> None:
    notebook = read_submission(hand_in(nbformat.writes(answered()).encode()))
    assert sources(notebook) == sources(answered())
    assert [grade_id(cell) for cell in notebook.cells] == [grade_id(cell) for cell in answered().cells]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    nbformat.validate(notebook)


def test_what_a_windows_editor_does_to_a_file_changes_nothing(hand_in: Callable[[Any], Path]) -> None:
    text = nbformat.writes(answered()).replace("\\n", "\\r\\n").replace("\n", "\r\n")
    notebook = read_submission(hand_in(b"\xef\xbb\xbf" + text.encode()))
    assert sources(notebook) == sources(answered())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_any_unicode_encoding_is_read(hand_in: Callable[[Any], Path], encoding: str) -> None:
    notebook = one_cell(cell_type="code", source="größe = '\N{GREEK SMALL LETTER PI}'")
    text = json.dumps(notebook, ensure_ascii=False)
    assert sources(read_submission(hand_in(text.encode(encoding)))) == ["größe = 'π'"]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda data: data.replace("ß".encode(), "ß".encode("cp1252")), "not UTF-8"),
        (lambda data: data + b"\0" * 4096, "zero bytes"),
        (lambda data: data.replace(b'"source"', b'"sou\0rce"'), "zero bytes"),
        (lambda data: data + data, "followed the end"),
        (lambda data: data + b"\n-- \nSent from my phone", "followed the end"),
        (lambda data: data[:-3], "broke off"),
    ],
    ids=["cp1252", "zeros behind", "a zero within", "twice", "signature", "broken off"],
)
def test_a_damaged_file_is_read_and_the_damage_told(
    hand_in: Callable[[Any], Path], damage: Callable[[bytes], bytes], told: str
) -> None:
    notebook = NotebookNode(nbformat=4, metadata={}, cells=[new_code_cell("maß = 1")])
    read = read_submission(hand_in(damage(json.dumps(notebook, ensure_ascii=False).encode())))
    assert sources(read) == ["maß = 1"]
    [sentence] = repair(new_notebook(), read).repairs
    assert told in sentence


def test_wherever_a_file_breaks_off_what_is_before_that_is_read(hand_in: Callable[[Any], Path]) -> None:
    data = nbformat.writes(answered()).encode()
    whole = sources(answered())
    for length in range(data.index(b'"source"') + 100, len(data) - 2, 23):
        read = sources(read_submission(hand_in(data[:length])))
        count = data[:length].count(b'"source"')
        assert read[:-1] == whole[: len(read) - 1]
        assert count - 1 <= len(read) <= count
        assert whole[len(read) - 1].startswith(read[-1])


def test_a_raw_line_end_in_a_string_is_read(hand_in: Callable[[Any], Path]) -> None:
    assert sources(read_submission(hand_in(b'{"cells": [{"cell_type": "code", "source": "a\nb"}]}'))) == [
        "a\nb"
    ]


OUTPUTS: dict[str, str] = {
    "a picture": json.dumps({"data": {"image/png": "A" * 10**6}}),
    "lines": json.dumps({"text": ['[0.1, 0.2], {} and "quoted" \\\\n'] * 10_000}),
    "numbers": json.dumps({"data": [0] * 300_000}),
    "objects": json.dumps({"data": [{"": []}] * 100_000}),
}


@pytest.mark.parametrize("kind", OUTPUTS)
def test_fifty_megabytes_of_outputs_cost_little_memory_and_nothing_else(
    hand_in: Callable[[Any], Path], kind: str
) -> None:
    output = OUTPUTS[kind]
    many = ",".join([output] * (50 * 2**20 // len(output)))
    cells = f'{{"cell_type": "code", "outputs": [{many}], "source": "x"}}, {{"source": "y"}}'
    path = hand_in(f'{{"cells": [{cells}]}}'.encode())
    tracemalloc.start()
    try:
        notebook = read_submission(path)
        assert tracemalloc.get_traced_memory()[1] < 3 * path.stat().st_size
    finally:
        tracemalloc.stop()
    assert sources(notebook) == ["x", "y"]


def test_a_text_that_looks_like_outputs_is_kept(hand_in: Callable[[Any], Path]) -> None:
    source = 'x = {"outputs": [1, 2]}  # "outputs": [ \\'
    [cell] = read_submission(
        hand_in(one_cell(cell_type="code", outputs=[{"text": '"]'}], source=source))
    ).cells
    assert cell.source == source


def test_a_notebook_of_format_3_is_converted_as_nbformat_does(hand_in: Callable[[Any], Path]) -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Sums"], "metadata": {}},
        {"cell_type": "code", "input": ["a = 1\n", "a"], "language": "python", "outputs": [], "metadata": {}},
        {"cell_type": "markdown", "source": "words", "metadata": {}},
        {"cell_type": "html", "source": "<b>words</b>", "metadata": {}},
        {"cell_type": "raw", "source": "words", "metadata": {}},
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    converted = nbformat.reads(json.dumps(old), as_version=4)
    notebook = read_submission(hand_in(old))
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (cell.cell_type, cell.source) for cell in converted.cells
    ]


@pytest.mark.parametrize(
    ("parts", "cell_type", "source"),
    [
        ({"cell_type": "code", "source": ["a = 1\n", 7, "b = 2"]}, "code", "a = 1\nb = 2"),
        ({"cell_type": "code", "source": {"a": 1}}, "code", ""),
        ({"cell_type": "code"}, "code", ""),
        ({"cell_type": "markdown", "source": None, "metadata": [], "attachments": "x"}, "markdown", ""),
        ({"cell_type": "sql", "source": "SELECT 1", "id": "../../x"}, "raw", "SELECT 1"),
        ({"cell_type": ["code"], "source": "x", "id": 7}, "raw", "x"),
        ({"source": "half \ud83d a pair"}, "raw", "half ? a pair"),
        ({"cell_type": "heading", "level": 1e400, "source": "x"}, "markdown", "# x"),
        ({"cell_type": "code", "source": "x", "metadata": {"nbgrader": "add"}}, "code", "x"),
        ({"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": {}}}}, "code", "x"),
    ],
)
def test_an_odd_cell_is_mended(
    hand_in: Callable[[Any], Path], parts: dict[str, Any], cell_type: str, source: str
) -> None:
    notebook = read_submission(hand_in(one_cell(**parts)))
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    [cell] = notebook.cells
    assert (cell.cell_type, cell.source, cell.metadata) == (cell_type, source, {})


def test_cells_that_are_no_cells_are_left_out(hand_in: Callable[[Any], Path]) -> None:
    document = one_cell(cell_type="code", source="x")
    document["cells"] = [None, 3, [], "code", *document["cells"], {}]
    assert sources(read_submission(hand_in(document))) == ["x", ""]


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "1" * 100_000, "1e999", '{"a": 1, "a": 2}'])
def test_an_odd_value_where_nobody_looks_does_no_harm(hand_in: Callable[[Any], Path], value: str) -> None:
    text = json.dumps(one_cell(cell_type="code", source="x", metadata="odd")).replace('"odd"', value)
    assert sources(read_submission(hand_in(text.encode()))) == ["x"]


@pytest.mark.parametrize(
    ("attachments", "kept"),
    [
        ({"a.png": {"image/png": "aGk="}}, {"a.png": {"image/png": "aGk="}}),
        ({"a.svg": {"image/svg+xml": ["<svg>", "</svg>"]}}, {"a.svg": {"image/svg+xml": "<svg></svg>"}}),
        ({"../a.png": {"image/png": "aGk="}}, None),
        ({"a.png": {"image/png": {"deep": 1}}}, None),
        ({"a.png": "aGk="}, None),
    ],
)
def test_only_well_formed_attachments_are_kept(
    hand_in: Callable[[Any], Path], attachments: Any, kept: Any
) -> None:
    parts = {"cell_type": "markdown", "source": "x", "attachments": attachments}
    [cell] = read_submission(hand_in(one_cell(**parts))).cells
    assert cell.get("attachments") == kept


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"<!DOCTYPE html><html></html>", "no notebook: Expecting value in line 1"),
        (b'{"cells": [\n<<<<<<< HEAD\n', "merge conflict in line 2"),
        (b"\0" * 500, "empty"),
        (b'{"cells": [{"cell_type": "code", "out', "breaks off before the end of its first cell"),
        (b'{"cells": [{"source": "x"} {"source": "y"}]}', "Expecting ',' delimiter in line 1"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"cells": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "nested too deeply"),
        ([], "JSON without cells"),
        ("cells", "JSON without cells"),
        ({"cells": {"0": {}}}, "JSON without cells"),
        ({"worksheets": 3}, "JSON without cells"),
        ({"cells": [{}] * 10_001}, "10001 cells"),
        ({"cells": [], "x": [[]] * 3_000_001}, "too much data"),
        ({"cells": [], "outputs": [[[[[[]]]]]] * 300_000}, "too many, or nested too deeply"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_unusable_file_is_refused_in_one_line(
    hand_in: Callable[[Any], Path], content: Any, problem: str
) -> None:
    message = unusable(hand_in(content))
    assert message.startswith("sam/numbers/1_sums.ipynb: ")
    assert problem in message


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_read(hand_in: Callable[[Any], Path]) -> None:
    path = hand_in(one_cell(cell_type="code", source="x" * 1000))
    size = path.stat().st_size
    assert len(read_submission(path, size_limit=size).cells) == 1
    assert "larger than" in unusable(path, size_limit=size - 1)


def test_a_link_to_somebody_else_s_work_is_not_followed(
    hand_in: Callable[[Any], Path], tmp_path: Path
) -> None:
    other = hand_in(one_cell(cell_type="code", source="secret"))
    link = tmp_path / "link.ipynb"
    link.symlink_to(other)
    assert "plain file" in unusable(link)


@pytest.mark.parametrize("kind", ["pipe", "folder", "socket", "nothing"])
def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "1.ipynb"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        here = Path.cwd()
        os.chdir(tmp_path)  # the address of a socket has at most 107 bytes
        try:
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(path.name)
        finally:
            os.chdir(here)
    assert "plain file" in unusable(path)


@pytest.mark.parametrize("name", ["two\nlines\u202e.ipynb", "nul\0.ipynb", "x" * 300, "\udcff.ipynb"])
def test_a_hostile_file_name_gives_one_printable_line(tmp_path: Path, name: str) -> None:
    unusable(tmp_path / name)


# Repair: what nobody damaged


def test_an_intact_notebook_needs_no_repair() -> None:
    result = repaired(answered())
    assert result.repairs == ()
    assert sources(result.notebook) == sources(answered())


def test_the_untouched_release_needs_no_repair(released: NotebookNode) -> None:
    assert repaired(released_notebook()) == Repaired(released)


def test_the_students_own_cells_stay_where_they_are() -> None:
    notebook = answered()
    notebook.cells.insert(position(notebook, "test_add"), new_code_cell("add(2, 2)", id="own"))
    notebook.cells.insert(0, new_raw_cell("Sam", metadata={"tags": ["parameters"]}))
    notebook.cells.append(new_markdown_cell("The end."))
    result = repaired(notebook)
    assert result.repairs == ()
    assert sources(result.notebook) == sources(notebook)
    own = [cell for cell in result.notebook.cells if cell.source in {"Sam", "add(2, 2)", "The end."}]
    assert [(cell.id, cell.metadata) for cell in own] == [
        ("student-1", {}),
        ("student-2", {}),
        ("student-3", {}),
    ]


def test_cells_that_are_nobodys_may_be_edited_deleted_and_moved() -> None:
    notebook = answered()
    notebook.cells[position(notebook, "demo")].source = "example = [5]"
    del notebook.cells[position(notebook, "prose-mean")]
    notebook.cells.append(notebook.cells.pop(position(notebook, "try-mean")))
    result = repaired(notebook)
    assert result.repairs == ()
    assert sources(result.notebook) == sources(notebook)


def test_the_kernel_is_always_the_released_one(released: NotebookNode) -> None:
    notebook = answered()
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(name="bash", display_name="x", language="bash"))
    assert repaired(notebook).notebook.metadata == released.metadata


def test_a_picture_in_a_written_answer_is_kept() -> None:
    notebook = answered()
    picture = {"plot.png": {"image/png": "aGk="}}
    notebook.cells[position(notebook, "why")].attachments = nbformat.from_dict(picture)
    result = repaired(notebook)
    assert result.notebook.cells[position(result.notebook, "why")].attachments == picture


# Repair: changed, retyped, missing, copied, moved


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("test_add", "The tests of `add` had been changed; they were put back as released."),
        ("imports", "The locked cell `imports` had been changed; it was put back as released."),
    ],
)
def test_a_changed_locked_cell_is_restored(released: NotebookNode, name: str, sentence: str) -> None:
    notebook = answered()
    notebook.cells[position(notebook, name)].source = "pass"
    result = repaired(notebook)
    assert source_of(result.notebook, name) == source_of(released, name)
    assert result.repairs == (sentence,)


def test_space_at_the_end_of_a_line_is_no_change() -> None:
    notebook = answered()
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "  \n") + "\n"
    assert repaired(notebook).repairs == ()


def test_forged_metadata_count_for_nothing() -> None:
    notebook = answered()
    for cell in notebook.cells:
        if grade_id(cell):
            forged = {
                "grade": False,
                "locked": "yes",
                "points": 1000,
                "checksum": 1,
                "solution": [],
                "task": {},
            }
            cell.metadata["nbgrader"].update(forged)
            cell.metadata["deletable"] = False
    result = repaired(notebook)
    assert result.repairs == ()
    assert sources(result.notebook) == sources(answered())


@pytest.mark.parametrize(
    "name", ["x" * 10**6, "a\nb", "../../etc", "'; DROP TABLE cell; --", "`\x1b[2J`", "\u202e"]
)
def test_an_unknown_name_is_dropped_and_its_cell_kept(name: str) -> None:
    notebook = answered()
    notebook.cells.append(marked(new_code_cell("own = 1"), name, grade=True, solution=False, points=1000))
    notebook.cells[-1].id = "own"
    result = repaired(notebook)
    assert (result.notebook.cells[-1].source, result.notebook.cells[-1].metadata) == ("own = 1", {})
    [sentence] = result.repairs
    assert sentence.startswith("1 cell had names that this notebook does not know (`")
    assert len(sentence) < 200


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_retyped_solution_is_code_again(kind: str) -> None:
    notebook = answered()
    cell = notebook.cells[position(notebook, "add")]
    cell.cell_type = kind
    del cell["outputs"], cell["execution_count"]
    result = repaired(notebook)
    assert source_of(result.notebook, "add") == ADD
    assert result.repairs == (
        f"The solution cell `add` had become a {kind} cell; it was made a code cell again.",
    )


def test_tests_turned_into_text_are_reported_as_changed() -> None:
    notebook = answered()
    place = position(notebook, "test_add")
    notebook.cells[place] = NotebookNode(notebook.cells[place], cell_type="markdown")
    assert repaired(notebook).repairs == (
        "The tests of `add` had been changed; they were put back as released.",
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("test_mean", "The tests of `mean` were missing; they were put back."),
        ("mean", "The solution cell `mean` was missing; it was put back, without an answer."),
        ("why", "The answer cell `why` was missing; it was put back, without an answer."),
        ("imports", "The locked cell `imports` was missing; it was put back."),
    ],
)
def test_a_deleted_cell_is_put_back_in_its_place(released: NotebookNode, name: str, sentence: str) -> None:
    notebook = answered()
    del notebook.cells[position(notebook, name)]
    result = repaired(notebook)
    assert result.repairs == (sentence,)
    assert [cell.id for cell in result.notebook.cells] == [cell.id for cell in released.cells]
    assert source_of(result.notebook, name) == source_of(released, name)


def test_what_a_student_wrote_for_a_deleted_cell_runs_between_stub_and_tests() -> None:
    notebook = answered()
    notebook.cells[position(notebook, "choice")] = new_raw_cell("my notes")
    del notebook.cells[position(notebook, "test_choice")]
    after = sources(repaired(notebook).notebook)[-3:]
    assert after == ["# YOUR CODE HERE\nraise NotImplementedError()", "my notes", "assert choice in {1, 2}"]


def test_a_stub_put_back_does_not_undo_an_answer_in_another_cell() -> None:
    notebook = answered()
    notebook.cells[position(notebook, "add")].source = f"{ADD}\n\n\n{MEAN}"
    del notebook.cells[position(notebook, "mean")]
    result = repaired(notebook)
    assert result.repairs == (
        "The solution cell `mean` was missing; what you define in another cell counts.",
    )
    assert source_of(result.notebook, "mean") == ""


def test_a_solution_written_into_a_new_cell_is_the_solution() -> None:
    notebook = answered()
    notebook.cells[position(notebook, "mean")] = new_code_cell(MEAN, id="fresh")
    notebook.cells.insert(3, notebook.cells.pop(position(notebook, "fresh")))
    result = repaired(notebook)
    assert sources(result.notebook) == sources(answered())
    assert len(result.repairs) == 2  # a lost name, and a move


def test_of_two_versions_the_last_counts_and_the_first_runs_before_it() -> None:
    notebook = answered()
    second = copy.deepcopy(notebook.cells[position(notebook, "add")])
    second.source, second.id = "def add(a, b):\n    return b + a", "copy"
    notebook.cells.append(second)
    result = repaired(notebook)
    assert source_of(result.notebook, "add") == second.source
    assert result.notebook.cells[position(result.notebook, "add") - 1].source == ADD
    assert result.repairs == (
        "The solution cell `add` was there 2 times; the last one you wrote in counts; "
        "your other version stays as a cell of your own.",
    )


@pytest.mark.parametrize("source", [ADD, "def add(a, b):\n    raise NotImplementedError", ""])
def test_a_copy_that_adds_nothing_is_dropped(source: str) -> None:
    notebook = answered()
    second = copy.deepcopy(notebook.cells[position(notebook, "add")])
    second.source, second.id = source, "copy"
    notebook.cells.append(second)
    result = repaired(notebook)
    assert sources(result.notebook) == sources(answered())
    assert result.repairs == ("The solution cell `add` was there 2 times; the last one you wrote in counts.",)


def test_copied_tests_are_dropped_with_and_without_metadata() -> None:
    notebook = answered()
    tests = notebook.cells[position(notebook, "test_add")]
    notebook.cells.insert(0, NotebookNode(copy.deepcopy(tests), id="copy"))
    notebook.cells.append(new_code_cell(tests.source))
    result = repaired(notebook)
    assert sources(result.notebook) == sources(answered())
    assert result.repairs == ("The tests of `add` were there 3 times; one is enough.",)


def test_a_copy_of_the_tests_that_a_student_wrote_in_is_the_students_own() -> None:
    notebook = answered()
    own = NotebookNode(
        copy.deepcopy(notebook.cells[position(notebook, "test_add")]), id="copy", source="add(3, 4)"
    )
    notebook.cells.insert(position(notebook, "test_add"), own)
    result = repaired(notebook)
    assert sources(result.notebook) == sources(notebook)


def test_a_solution_split_in_jupyter_runs_whole_before_its_tests() -> None:
    notebook = answered()
    first = notebook.cells[position(notebook, "mean")]
    second = NotebookNode(copy.deepcopy(first), id="split", source=MEAN)
    first.source = "def total(values):\n    return sum(values)"
    notebook.cells.insert(position(notebook, "mean") + 1, second)
    assert sources(repaired(notebook).notebook) == sources(notebook)


def test_a_solution_split_where_metadata_get_lost_runs_whole_before_its_tests() -> None:
    notebook = answered()
    part = new_code_cell("def total(values):\n    return sum(values)", id="split")
    notebook.cells.insert(position(notebook, "mean") + 1, part)
    assert sources(repaired(notebook).notebook) == sources(notebook)
    assert sources(repaired(strip(notebook)).notebook) == sources(notebook)


def test_a_moved_exercise_is_moved_back_with_its_helpers() -> None:
    notebook = answered()
    helper = new_code_cell("helper = 1")
    notebook.cells.insert(position(notebook, "mean") + 1, helper)
    start, stop = position(notebook, "prose-add"), position(notebook, "prose-mean")
    notebook.cells = [*notebook.cells[:start], *notebook.cells[stop:], *notebook.cells[start:stop]]
    result = repaired(notebook)
    assert result.repairs == (
        "The solution cell `add` had been moved; it was moved back.",
        "The tests of `add` had been moved; they were moved back.",
    )
    after = sources(result.notebook)
    assert after.index("helper = 1") == after.index(MEAN) + 1


def test_a_helper_behind_tests_that_were_moved_up_runs_before_them() -> None:
    notebook = answered()
    place = position(notebook, "add")
    notebook.cells.insert(place, notebook.cells.pop(position(notebook, "test_add")))
    notebook.cells.insert(place + 1, new_code_cell("helper = 1"))
    result = repaired(notebook)
    after = sources(result.notebook)
    assert after.index("helper = 1") < after.index(ADD) < after.index("assert add(1, 2) == 3")
    assert result.repairs == ("The tests of `add` had been moved; they were moved back.",)


# Repair: cells merged, split, turned into text


def merge(notebook: NotebookNode, *names: str, main: str) -> None:
    """Merge adjacent cells as JupyterLab does: the main one keeps its type, id and metadata."""
    cells = [cell for cell in notebook.cells if cell.id in names]
    source = "\n\n".join(cell.source for cell in cells)
    kept = next(cell for cell in cells if cell.id == main)
    notebook.cells[notebook.cells.index(cells[0])] = NotebookNode(kept, source=source)
    notebook.cells = [cell for cell in notebook.cells if cell not in cells[1:]]


@pytest.mark.parametrize(
    ("names", "main"),
    [
        (("prose-add", "add"), "prose-add"),
        (("prose-add", "add"), "add"),
        (("add", "test_add"), "add"),
        (("add", "test_add"), "test_add"),
        (("prose-add", "add", "test_add", "prose-mean"), "test_add"),
        (("mean", "try-mean", "test_mean"), "try-mean"),
        (("question", "why", "question-2"), "question-2"),
        (("title", "imports", "demo"), "imports"),
    ],
)
@pytest.mark.parametrize("names_are_lost", [False, True])
def test_merged_cells_are_taken_apart(names: tuple[str, ...], main: str, names_are_lost: bool) -> None:
    notebook = answered()
    merge(notebook, *names, main=main)
    result = repaired(strip(notebook) if names_are_lost else notebook)
    assert sources(result.notebook) == sources(answered())
    assert any("across the borders of other cells" in sentence for sentence in result.repairs)


@pytest.mark.parametrize("same_name", [True, False])
@pytest.mark.parametrize("cell_type", ["code", "markdown"])
def test_a_function_that_was_split_is_put_together(same_name: bool, cell_type: str) -> None:
    notebook = answered()
    first = notebook.cells[position(notebook, "mean")]
    head, body = MEAN.split("\n")
    metadata = copy.deepcopy(first.metadata) if same_name else {}
    second = NotebookNode(new_markdown_cell(body), cell_type=cell_type, id="half", metadata=metadata)
    first.source = head
    notebook.cells.insert(position(notebook, "mean") + 1, second)
    result = repaired(notebook)
    assert sources(result.notebook) == sources(answered())
    assert result.repairs[0] == "1 cell was a part of the cell before, as after splitting; they were joined."


def test_a_cell_of_ones_own_that_runs_alone_is_not_joined_to_a_solution() -> None:
    notebook = answered()
    notebook.cells.insert(position(notebook, "mean") + 1, new_code_cell("mean([1, 2])", id="own"))
    notebook.cells.insert(position(notebook, "add") + 1, new_code_cell("  add(1, 2)", id="own-2"))
    assert sources(repaired(notebook).notebook) == sources(notebook)


def test_half_a_solution_does_not_replace_the_whole_one() -> None:
    notebook = answered()
    half = copy.deepcopy(notebook.cells[position(notebook, "mean")])
    half.id, half.source = "half", "    return 0"
    notebook.cells.append(half)
    assert source_of(repaired(notebook).notebook, "mean") == MEAN


def test_a_stub_that_came_back_does_not_undo_the_answer(released: NotebookNode) -> None:
    notebook = answered()
    notebook.cells.insert(
        position(notebook, "add") + 1, new_code_cell(source_of(released, "add"), id="again")
    )
    assert sources(repaired(notebook).notebook) == sources(answered())


def test_a_solution_that_was_written_below_its_stub_is_the_solution(released: NotebookNode) -> None:
    notebook = answered()
    notebook.cells[position(notebook, "add")].source = source_of(released, "add")
    notebook.cells.append(new_markdown_cell(ADD, id="below"))
    assert sources(repaired(notebook).notebook) == sources(answered())


def test_a_written_answer_without_a_name_is_known_by_its_question() -> None:
    question = "**Why is the sum divided by the number of values?**"
    release = released_notebook()
    release.cells[position(release, "why")].source = f"{question}\n\n{WRITE_HERE}"
    notebook = copy.deepcopy(release)
    notebook.cells[position(notebook, "why")].source = f"{question}\n\n{WHY}"
    notebook.cells.insert(0, notebook.cells.pop(position(notebook, "why")))
    result = repaired(strip(notebook), release)
    assert source_of(result.notebook, "why") == f"{question}\n\n{WHY}"


# Repair: names and ids lost


@pytest.mark.parametrize("ids", [True, False])
def test_a_notebook_without_metadata_is_recognised(ids: bool) -> None:
    result = repaired(strip(answered(), ids=ids))
    assert sources(result.notebook) == sources(answered())
    assert "names of 9 cells were lost" in result.repairs[0]


def test_ids_that_colab_keeps_in_the_metadata_are_used() -> None:
    notebook = answered()
    notebook.cells[position(notebook, "measured")].source = "Another thing altogether"
    for cell in notebook.cells:
        cell.metadata = NotebookNode(id=cell.id)
        del cell["id"]
    result = repaired(notebook)
    assert source_of(result.notebook, "measured") == "Another thing altogether"
    assert len(result.repairs) == 1


@pytest.mark.parametrize("empty", ["why", "measured"])
def test_of_two_equal_stubs_the_place_tells_which_was_answered(empty: str) -> None:
    notebook = answered()
    notebook.cells[position(notebook, empty)].source = WRITE_HERE
    result = repaired(strip(notebook))
    assert sources(result.notebook) == sources(notebook)
    full = {"why": "measured", "measured": "why"}[empty]
    assert f"The answer cell `{full}` was recognised by the place alone; make sure it is the right cell." in (
        result.repairs
    )


def test_edited_prose_is_not_taken_for_the_answer_that_is_missing() -> None:
    notebook = answered()
    notebook.cells[position(notebook, "question-2")].source = "What did you measure? And how?"
    del notebook.cells[position(notebook, "measured")]
    result = repaired(strip(notebook))
    assert source_of(result.notebook, "why") == WHY
    assert source_of(result.notebook, "measured") == WRITE_HERE
    assert "What did you measure? And how?" in sources(result.notebook)


def test_edited_tests_without_metadata_are_the_students_own_and_the_released_ones_put_back() -> None:
    notebook = strip(answered())
    notebook.cells[-1].source = "assert choice in {1, 2, 3}"
    result = repaired(notebook)
    after = sources(result.notebook)
    assert after[-3:] == ["choice = 1", "assert choice in {1, 2, 3}", "assert choice in {1, 2}"]
    assert "The tests of `choice` were missing; they were put back." in result.repairs


def test_empty_cells_are_no_copies_of_tests_that_show_nothing() -> None:
    release = new_notebook(cells=[solution("add", "..."), grade_cell("add", "")])
    notebook = copy.deepcopy(release)
    notebook.cells.append(new_code_cell(""))
    result = repaired(notebook, release)
    assert (len(result.notebook.cells), result.repairs) == (3, ())


def test_no_own_cell_gets_an_id_that_is_released() -> None:
    release = new_notebook(cells=[solution("student-1", "...")])
    notebook = copy.deepcopy(release)
    notebook.cells.append(new_code_cell("own = 1"))
    assert [cell.id for cell in repaired(notebook, release).notebook.cells] == ["student-1", "student-2"]


def test_of_twin_free_cells_one_is_left_when_the_other_was_deleted() -> None:
    release = new_notebook(cells=[new_markdown_cell("---", id=name) for name in ("first", "second")])
    [cell] = repaired(new_notebook(cells=[new_markdown_cell("---")]), release).notebook.cells
    assert cell.id == "first"


def test_parts_of_a_solution_are_not_reported_as_its_versions() -> None:
    release = new_notebook(cells=[solution("both", "def one():\n    ...\n\n\ndef two():\n    ...")])
    parts = ["def one():\n    return 1", "def two():\n    return 2"]
    result = repaired(new_notebook(cells=[new_code_cell(part) for part in parts]), release)
    assert sources(result.notebook) == parts
    assert not [sentence for sentence in result.repairs if "2 times" in sentence]


def test_a_name_that_two_exercises_ask_for_answers_only_its_own() -> None:
    stubs = ["def step():\n    raise NotImplementedError", "def step(rate):\n    raise NotImplementedError"]
    release = new_notebook(cells=[solution(f"step_{number}", stub) for number, stub in enumerate(stubs)])
    notebook = copy.deepcopy(release)
    notebook.cells[0].source = "def step():\n    return 1"
    del notebook.cells[1]
    assert sources(repaired(notebook, release).notebook) == ["def step():\n    return 1", stubs[1]]


def test_a_broken_solution_without_metadata_is_recognised_by_what_it_defines() -> None:
    notebook = answered()
    broken = "%matplotlib inline\ndef mean(values):\n    return sum(values) /"
    notebook.cells[position(notebook, "mean")].source = broken
    assert source_of(repaired(strip(notebook)).notebook, "mean") == broken


def test_a_notebook_of_another_assignment_keeps_its_cells_behind_the_released_ones() -> None:
    other = new_notebook(cells=[new_code_cell("print('something else')"), new_markdown_cell("Other words")])
    result = repaired(other)
    assert {"print('something else')", "Other words"} <= set(sources(result.notebook))


def test_an_empty_notebook_becomes_the_frame_of_the_release(released: NotebookNode) -> None:
    result = repaired(new_notebook())
    assert [cell.id for cell in result.notebook.cells] == [
        cell.id for cell in released.cells if grade_id(cell)
    ]


# Whatever comes


Damage = Callable[[list[NotebookNode], int, int], None]


def drop_metadata(cells: list[NotebookNode], at: int, _other: int) -> None:
    cells[at].metadata = NotebookNode()


def drop_id(cells: list[NotebookNode], at: int, _other: int) -> None:
    cells[at].pop("id", None)


def duplicate(cells: list[NotebookNode], at: int, other: int) -> None:
    cells.insert(other, copy.deepcopy(cells[at]))


def move(cells: list[NotebookNode], at: int, other: int) -> None:
    cells.insert(other, cells.pop(at))


def retype(cells: list[NotebookNode], at: int, other: int) -> None:
    cells[at].cell_type = ("code", "markdown", "raw", "sql")[other % 4]


def split(cells: list[NotebookNode], at: int, other: int) -> None:
    lines = cells[at].source.split("\n")
    middle = other % len(lines)
    second = copy.deepcopy(cells[at])
    cells[at].source, second.source = "\n".join(lines[:middle]), "\n".join(lines[middle:])
    cells.insert(at + 1, second)


def delete_what_is_no_answer(cells: list[NotebookNode], at: int, _other: int) -> None:
    if not any(line in cells[at].source for line in answer_lines()):
        del cells[at]


def rename(cells: list[NotebookNode], at: int, other: int) -> None:
    cells[at].metadata = NotebookNode(nbgrader=NotebookNode(grade_id=grade_id(cells[other]) or "x"))


def add_own(cells: list[NotebookNode], at: int, other: int) -> None:
    cells.insert(at, new_code_cell(f"own_{other} = {other}"))


HARMLESS: list[Damage] = [
    drop_metadata,
    drop_id,
    duplicate,
    move,
    retype,
    split,
    delete_what_is_no_answer,
    add_own,
]
damages = st.lists(st.tuples(st.sampled_from(HARMLESS), st.integers(0, 99), st.integers(0, 99)), max_size=25)
unhurried = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow], database=None
)


def answer_lines() -> set[str]:
    return {line for text in ANSWERS.values() for line in text.split("\n")}


def damaged(done: Iterable[tuple[Damage, int, int]]) -> NotebookNode:
    notebook = answered()
    for damage, at, other in done:
        if notebook.cells:
            damage(notebook.cells, at % len(notebook.cells), other % len(notebook.cells))
    return notebook


@unhurried
@given(done=damages)
def test_no_damage_costs_the_frame_or_a_line_of_an_answer(done: list[tuple[Damage, int, int]]) -> None:
    notebook = damaged(done)
    kept = "\n".join(sources(repaired(notebook).notebook)).split("\n")
    assert answer_lines() <= set(kept)


@unhurried
@given(done=st.lists(st.tuples(st.sampled_from([*HARMLESS, rename]), st.integers(0, 99), st.integers(0, 99))))
def test_swapped_names_break_nothing(done: list[tuple[Damage, int, int]]) -> None:
    repaired(damaged(done))


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
odd_cells = values | st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | values,
        "source": st.sampled_from([ADD, "assert add(1, 2) == 3", WRITE_HERE]) | values,
        "id": st.sampled_from(["add", "why", "title"]) | values,
        "metadata": values
        | st.fixed_dictionaries(
            {
                "nbgrader": values
                | st.fixed_dictionaries({"grade_id": st.sampled_from(["add", "why"]) | values})
            }
        ),
        "attachments": values
        | st.dictionaries(st.text(max_size=5), st.dictionaries(st.text(max_size=5), values)),
        "level": values,
        "outputs": values,
    },
)
documents = values | st.fixed_dictionaries(
    {}, optional={"nbformat": values, "cells": st.lists(odd_cells), "metadata": values, "worksheets": values}
)


@unhurried
@given(document=documents)
def test_any_json_is_refused_or_repaired(tmp_path_factory: pytest.TempPathFactory, document: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "any.ipynb"
    path.write_text(json.dumps(document), "utf-8")
    try:
        notebook = read_submission(path)
    except SubmissionError:
        assert not (isinstance(document, dict) and isinstance(document.get("cells"), list))
    else:
        nbformat.writes(repaired(notebook).notebook).encode()


@unhurried
@given(content=st.binary())
def test_any_bytes_are_refused_or_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.ipynb"
    path.write_bytes(content)
    with contextlib.suppress(SubmissionError):
        read_submission(path)


def cell_of(cell_type: str, source: str, name: str = "") -> NotebookNode:
    """Build a cell as it stands in a file, without nbformat's slow look at every one."""
    return NotebookNode(
        cell_type=cell_type, source=source, metadata=NotebookNode(nbgrader=NotebookNode(grade_id=name))
    )


MANY: dict[str, Callable[[int], NotebookNode]] = {
    "versions": lambda number: cell_of("code", f"{ADD}  # {number}", "add"),
    "nameless versions": lambda number: cell_of("code", f"{ADD}  # {number}"),
    "nameless stubs": lambda _: cell_of("code", "def add(a, b):\n    raise NotImplementedError"),
    "prose": lambda number: cell_of("markdown", f"{WRITE_HERE} {number}"),
    "code": lambda number: cell_of("code", f"choice = {number}\n" * 50),
    "empty cells": lambda _: cell_of("code", ""),
    "unknown names": lambda number: cell_of("code", "", str(number)),
}


@pytest.mark.parametrize("kind", MANY)
def test_thousands_of_cells_are_repaired_in_seconds(released: NotebookNode, kind: str) -> None:
    repaired_in_seconds(released, [MANY[kind](number) for number in range(9_999)])


@pytest.mark.parametrize(
    "text", ["a", "a,", "a ", "a:", "a=", " ", "\n", "\t\n", "def ", "a, b\n", "(", "x = "]
)
def test_megabytes_of_text_are_repaired_in_seconds(released: NotebookNode, text: str) -> None:
    repaired_in_seconds(released, [cell_of("code", text * (10**6 // len(text))) for _ in range(10)])


def repaired_in_seconds(released: NotebookNode, cells: list[NotebookNode]) -> None:
    submitted = NotebookNode(cells=cells)
    start = time.process_time()
    repair(released, submitted)
    assert time.process_time() - start < 10


# The two algorithms


def test_the_heaviest_increasing_subsequence_prefers_weight_to_length() -> None:
    assert heaviest_increasing([3, 0, 1, 2], [1, 1, 1, 1]) == [1, 2, 3]
    assert heaviest_increasing([3, 0, 1, 2], [9, 1, 1, 1]) == [0]
    assert heaviest_increasing([], []) == []


def test_the_best_alignment_keeps_order_and_leaves_out_what_scores_nothing() -> None:
    assert best_alignment([[0.9, 0.0], [0.0, 0.8]]) == [(0, 0), (1, 1)]
    assert best_alignment([[0.1, 0.9], [0.8, 0.1]]) == [(0, 1)]
    assert best_alignment([[0.0, 0.5, 0.5]]) == [(0, 1)]
    assert best_alignment([[0.0]]) == []
    assert best_alignment([]) == []
