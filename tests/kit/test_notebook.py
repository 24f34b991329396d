"""A notebook's text and its .ipynb say the same, byte for byte, each time and on every machine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import NotebookExporter
from nbconvert.writers.files import FilesWriter

from autograde.course import Course
from autograde.errors import CourseError
from autograde.notebook import (
    Role,
    dumps,
    grade_id,
    new_notebook,
    parse_text,
    read_notebook,
    read_text,
    role,
    to_text,
)

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

"""


@pytest.fixture
def toy_text(toy_course: Course) -> str:
    """The toy course's only text."""
    return toy_course.text("toy", "1_numbers").read_text("utf-8")


def code(*sources: str) -> nbformat.NotebookNode:
    """Return a notebook of code cells."""
    return new_notebook([{"cell_type": "code", "source": source, "metadata": {}} for source in sources])


def test_a_text_comes_back_from_its_notebook(toy_text: str) -> None:
    assert to_text(parse_text(toy_text)) == toy_text


@pytest.mark.parametrize(
    "body",
    [
        "# %% [markdown]\n# # A title\n#\n# | a | b |\n# |---|---|\n",
        "# %%\n# %matplotlib inline\n# !ls\n# ?print\nfiles = 1\n",
        "# %%\n# %%time\nx = 1\n",
        '# %%\ns = """\n# copy nothing\n"""\n',
        "# %%\nx = 1\n\n\n\n# %%\ny = 2\n# %%\nz = 3\n",
        '# %% nbgrader={"grade_id": "short", "solution": true} tags=["hard"]\nx = 1\n',
        "# %% [raw]\n# as it is\n",
        "# %%\ndef f():\n    pass\n\n\n# %%\nf()\n",
        "# %%\n",
    ],
)
def test_a_cell_comes_back_as_it_was_written(body: str) -> None:
    assert to_text(parse_text(HEADER + body)) == HEADER + body


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\nimport math",
        "# copy the model",
        "!ls data",
        "%%time\nx = 1",
        "%%bash\ncopy a b\n# copy c d",
        "%%writefile a.txt\ncopy this\n# copy that",
        "def f():\n    return 1\n\n\nf()",
        "x = '''\n\n\n'''",
        "# # %% almost a cell",
    ],
)
def test_a_cell_comes_back_from_its_text(source: str) -> None:
    again = parse_text(to_text(code(source, "last = True")))
    assert [cell.source for cell in again.cells] == [source, "last = True"]


def test_the_header_says_nothing_of_jupytext_s_version(toy_text: str) -> None:
    saved_by_jupytext = toy_text.replace(
        "#       format_version: '1.3'\n",
        "#       format_version: '1.3'\n#       jupytext_version: 1.16.0\n",
    )
    assert saved_by_jupytext != toy_text
    assert to_text(parse_text(saved_by_jupytext)) == toy_text


def test_a_text_without_a_header_is_read_the_same(toy_text: str) -> None:
    assert parse_text(toy_text.removeprefix(HEADER)) == parse_text(toy_text)


def test_reading_twice_gives_the_same_bytes(toy_text: str) -> None:
    assert dumps(parse_text(toy_text)) == dumps(parse_text(toy_text))


def test_a_parsed_notebook_is_valid_and_has_no_outputs(toy_text: str) -> None:
    nb = parse_text(toy_text)
    nbformat.validate(nb)
    assert nb.metadata.kernelspec.name == "python3"
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in nb.cells)


def test_the_roles_of_cells_are_in_the_text(toy_text: str) -> None:
    roles = {grade_id(cell): role(cell) for cell in parse_text(toy_text).cells if grade_id(cell)}
    assert roles == {
        "imports": Role.LOCKED,
        "add_numbers": Role.SOLUTION,
        "test_add_numbers": Role.GRADE,
        "describe": Role.SOLUTION,
        "answers_describe": Role.SOLUTION,
        "test_describe": Role.GRADE,
        "explain_describe": Role.WRITTEN,
    }


def test_cell_ids_are_valid_unique_and_named_after_the_grade_id() -> None:
    long = "n" * 70
    body = (
        '# %% nbgrader={"grade_id": "add", "solution": true}\n1\n\n'
        f'# %% nbgrader={{"grade_id": "{long}", "solution": true}}\n1\n\n'
        "# %%\n1\n\n# %%\n1\n\n# %% [markdown]\n# 1\n"
    )
    ids = [cell.id for cell in parse_text(body).cells]
    assert ids[0] == "add"
    assert len(set(ids)) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", one) for one in ids)


def test_a_cell_keeps_its_id_when_others_come_and_go(toy_text: str) -> None:
    before = {cell.id for cell in parse_text(toy_text).cells}
    after = {cell.id for cell in parse_text(toy_text.replace("# %%\n", "# %%\n0\n\n# %%\n")).cells}
    assert before < after


@pytest.mark.parametrize("name", ["add", "n" * 70, "not valid"])
def test_the_id_of_a_named_cell_gives_nothing_away_about_its_solution(name: str) -> None:
    header = f'# %% nbgrader={{"grade_id": "{name}", "solution": true}}\n'
    assert parse_text(header + "x = 1").cells[0].id == parse_text(header + "x = 2").cells[0].id


@pytest.mark.parametrize("comment", ["# copy the model", "# cat", "# why?"])
def test_a_comment_that_jupytext_would_uncomment_is_refused(comment: str) -> None:
    text = HEADER + f"# %%\nx = 1\n{comment}\n"
    line = text.splitlines().index(comment) + 1
    with pytest.raises(CourseError, match=rf"^line {line}: .*{re.escape(repr(comment))}.*another word$"):
        parse_text(text)


@pytest.mark.parametrize(
    "header",
    ['nbgrader={"grade": tru}', 'nbgrader={"grade": true', "nbgrader=5", 'nbgrader="solution"'],
)
def test_a_malformed_cell_header_is_refused_with_its_line(header: str) -> None:
    with pytest.raises(CourseError, match=r"^line 4: the cell's header is malformed"):
        parse_text(f"# %%\nx = 1\n\n# %% {header}\ny = 2\n")


def test_a_broken_header_is_refused_in_one_line() -> None:
    with pytest.raises(CourseError, match="not a py:percent text") as caught:
        parse_text("# ---\n# jupyter:\n#   kernelspec: [\n# ---\n\n# %%\n1\n")
    assert "\n" not in str(caught.value)


def test_a_text_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "1.py"
    with pytest.raises(CourseError, match=rf"^{re.escape(str(path))}: No such file"):
        read_text(path)
    path.write_bytes(b"# %%\n\xff\n")
    with pytest.raises(CourseError, match=rf"^{re.escape(str(path))}: .*utf-8"):
        read_text(path)
    path.write_text("# %% nbgrader={\n1\n", "utf-8")
    with pytest.raises(CourseError, match=rf"^{re.escape(str(path))}: line 1: "):
        read_text(path)


def test_dumps_writes_the_bytes_that_nbconvert_writes(toy_text: str, tmp_path: Path) -> None:
    nb = parse_text(toy_text.replace("Two small", "Zwei übersichtliche \u2028 small"))
    output, resources = NotebookExporter().from_notebook_node(nb)
    resources["output_extension"] = ".ipynb"
    writer = FilesWriter(build_directory=str(tmp_path))
    writer.write(output, resources, notebook_name="nb")
    assert dumps(nb).encode() == (tmp_path / "nb.ipynb").read_bytes()


def test_a_notebook_comes_back_from_its_json(toy_text: str, tmp_path: Path) -> None:
    path = tmp_path / "nb.ipynb"
    path.write_text(dumps(parse_text(toy_text)), "utf-8")
    assert read_notebook(path) == parse_text(toy_text)


def test_a_notebook_of_an_older_jupyter_is_read(tmp_path: Path) -> None:
    path = tmp_path / "nb.ipynb"
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["a\n", "b"]}
    path.write_text(json.dumps({"cells": [cell, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    assert [cell.source for cell in read_notebook(path).cells] == ["a\nb", "a\nb"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '"cells"',
        "{}",
        "[" * 100_000,
        '{"nbformat": 4, "cells": 5}',
        '{"nbformat": 99, "cells": []}',
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "blob"}]}',
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "raw", "source": ""}]}',
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": '
        '[{"id": "not an id", "cell_type": "raw", "source": "", "metadata": {}}]}',
        '<<<<<<< HEAD\n{"nbformat": 4}\n=======\n',
    ],
)
def test_a_broken_notebook_is_refused_in_one_line_that_names_it(content: str, tmp_path: Path) -> None:
    path = tmp_path / "nb.ipynb"
    path.write_text(content)
    with pytest.raises(
        CourseError, match=rf"^{re.escape(str(path))}: not a notebook: .*`autograde build"
    ) as caught:
        read_notebook(path)
    assert "\n" not in str(caught.value)


def test_a_missing_notebook_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"nb\.ipynb: No such file or directory; run `autograde build`"):
        read_notebook(tmp_path / "nb.ipynb")


def test_reading_notebooks_does_not_load_jupytext() -> None:
    """It takes as long to load as a submission takes to grade."""
    text = "import sys, autograde.notebook; sys.exit('jupytext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", text], check=False, timeout=60).returncode == 0
