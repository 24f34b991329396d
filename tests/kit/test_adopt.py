"""What was edited in Jupyter comes back into the text, and nothing else does."""

import difflib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograde.build import adopt, build, check_built
from autograde.course import Course
from autograde.errors import CourseError
from autograde.notebook import read_notebook

TEXT = Path("solutions/toy/1_numbers.py")
SOURCE = Path("source/toy/1_numbers.ipynb")
SaveInJupyter = Callable[..., None]
Json = dict[str, Any]


def cell_of(nb: Json, name: str) -> Json:
    """Return the cell with an id."""
    cell: Json = next(cell for cell in nb["cells"] if cell["id"] == name)
    return cell


def change_solution(nb: Json) -> None:
    """Change one line of a reference solution."""
    lines = cell_of(nb, "add_numbers")["source"]
    lines[lines.index("    return a + b\n")] = "    return sum((a, b))\n"


def change_prose(nb: Json) -> None:
    """Change one line of the first cell."""
    assert nb["cells"][0]["source"][-1].startswith("Two small exercises")
    nb["cells"][0]["source"][-1] = "Two tiny exercises."


def change_points(nb: Json) -> None:
    """Change nbgrader's metadata as its editor in JupyterLab does."""
    cell_of(nb, "test_describe")["metadata"]["nbgrader"]["points"] = 6


def change_visible_tests(nb: Json) -> None:
    """Add a visible test below the announcement of the hidden checks."""
    cell_of(nb, "test_add_numbers")["source"] += ["\n", "assert add_numbers(0, 0) == 0"]


def change_text(course: Course) -> None:
    """Change a line of the text, far from what the edits of the notebook change."""
    path = course.root / TEXT
    text = path.read_text("utf-8")
    path.write_text(text.replace("describes a list of numbers", "describes some numbers"), "utf-8")


def changed_lines(before: str, after: str) -> list[str]:
    """Return the lines that differ, with a sign."""
    return [
        line
        for line in difflib.ndiff(before.splitlines(), after.splitlines())
        if line.startswith(("+ ", "- "))
    ]


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        (change_solution, ["-     return a + b", "+     return sum((a, b))"]),
        (
            change_prose,
            [
                "- # Two small exercises: adding numbers, and describing a list of them.",
                "+ # Two tiny exercises.",
            ],
        ),
        (change_visible_tests, ["+ assert add_numbers(0, 0) == 0"]),
        (
            lambda nb: nb["cells"][2]["metadata"].update(tags=["hide-input"]),
            ["- # %%", '+ # %% tags=["hide-input"]'],
        ),
    ],
)
def test_an_edit_changes_its_lines_of_the_text_and_no_others(
    edit: Callable[[Json], None], changes: list[str], built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    before = (built_course.root / TEXT).read_text("utf-8")
    save_in_jupyter(built_course.root / SOURCE, edit)
    assert adopt(built_course, built_course.root / SOURCE) == built_course.root / TEXT
    assert changed_lines(before, (built_course.root / TEXT).read_text("utf-8")) == changes


@pytest.mark.parametrize("edit", [change_solution, change_prose, change_points, change_visible_tests])
def test_the_next_build_gives_the_edited_cells_again(
    edit: Callable[[Json], None], built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    source = built_course.root / SOURCE
    save_in_jupyter(source, edit)
    edited = [
        (cell.cell_type, cell.source, cell.metadata.get("nbgrader")) for cell in read_notebook(source).cells
    ]
    adopt(built_course, source)
    build(built_course, "toy")
    rebuilt = [
        (cell.cell_type, cell.source, cell.metadata.get("nbgrader")) for cell in read_notebook(source).cells
    ]
    assert rebuilt == edited
    assert check_built(built_course, "toy") == []


def test_adopting_twice_is_adopting_once(built_course: Course, save_in_jupyter: SaveInJupyter) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    adopt(built_course, built_course.root / SOURCE)
    once = (built_course.root / TEXT).read_bytes()
    adopt(built_course, built_course.root / SOURCE)
    assert (built_course.root / TEXT).read_bytes() == once
    build(built_course, "toy")
    adopt(built_course, built_course.root / SOURCE)
    assert (built_course.root / TEXT).read_bytes() == once


def test_new_cells_come_into_the_text_and_deleted_ones_leave_it(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    def edit(nb: Json) -> None:
        del nb["cells"][2]
        new = {"cell_type": "code", "id": "5f3c", "execution_count": 1, "outputs": [], "metadata": {}}
        nb["cells"].insert(
            1, {**new, "source": ["%matplotlib inline\n", "# copy the numbers\n", "x = 1\n", "\n"]}
        )
        nb["cells"].append({"cell_type": "raw", "id": "9a1b", "metadata": {}, "source": ["raw"]})

    save_in_jupyter(built_course.root / SOURCE, edit)
    adopt(built_course, built_course.root / SOURCE)
    build(built_course, "toy")
    cells = read_notebook(built_course.root / SOURCE).cells
    assert cells[1].source == "%matplotlib inline\n# copy the numbers\nx = 1"
    assert (cells[-1].cell_type, cells[-1].source) == ("raw", "raw")
    assert not any("temperatures =" in cell.source for cell in cells)


def test_what_jupyter_adds_stays_out_of_the_text(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    adopt(built_course, built_course.root / SOURCE)
    text = (built_course.root / TEXT).read_text("utf-8")
    for addition in (
        "editable",
        "slideshow",
        "collapsed",
        "3.13.1",
        "celltoolbar",
        "Hidden checks",
        "Visible tests",
    ):
        assert addition not in text


def test_what_the_author_wrote_short_stays_short(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    path = built_course.root / TEXT
    long = re.compile(r"# %% nbgrader=\{.*\"add_numbers\".*\}\n")
    short = '# %% slideshow={"slide_type": "slide"} nbgrader={"grade_id": "add_numbers", "solution": true}\n'
    path.write_text(long.sub(short, path.read_text("utf-8"), count=1), "utf-8")
    build(built_course, "toy")
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    adopt(built_course, built_course.root / SOURCE)
    header = '# %% nbgrader={"grade_id": "add_numbers", "solution": true} slideshow={"slide_type": "slide"}\n'
    assert header in path.read_text("utf-8")


def test_without_an_edit_nothing_is_written(built_course: Course, save_in_jupyter: SaveInJupyter) -> None:
    save_in_jupyter(built_course.root / SOURCE)
    change_text(built_course)
    before = (built_course.root / TEXT).read_bytes()
    adopt(built_course, built_course.root / SOURCE)
    assert (built_course.root / TEXT).read_bytes() == before


def test_a_check_that_changed_meanwhile_is_no_hindrance(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    check_file = built_course.checks("toy") / "add_numbers/test_add_numbers.py"
    check_file.write_text(
        check_file.read_text("utf-8").replace("Fractions are kept.", "Fractions stay."), "utf-8"
    )
    adopt(built_course, built_course.root / SOURCE)
    build(built_course, "toy")
    source = (built_course.root / SOURCE).read_text("utf-8")
    assert "Fractions stay." in source
    assert "sum((a, b))" in source


def test_text_and_notebook_both_edited_are_both_named(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    change_text(built_course)
    before = (built_course.root / TEXT).read_bytes()
    complaint = (
        r"1_numbers\.ipynb: edited since it was built, and so was .*1_numbers\.py; "
        r"keep the notebook with `autograde adopt --force source/toy/1_numbers\.ipynb`, "
        r"or the text with `autograde build --force`$"
    )
    with pytest.raises(CourseError, match=complaint):
        adopt(built_course, built_course.root / SOURCE)
    assert (built_course.root / TEXT).read_bytes() == before


def test_a_conflict_can_be_decided_for_the_notebook(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    change_text(built_course)
    adopt(built_course, built_course.root / SOURCE, force=True)
    build(built_course, "toy")
    text = (built_course.root / TEXT).read_text("utf-8")
    assert "sum((a, b))" in text
    assert "describes some numbers" not in text


def test_a_conflict_can_be_decided_for_the_text(built_course: Course, save_in_jupyter: SaveInJupyter) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    change_text(built_course)
    build(built_course, "toy", force=True)
    source = (built_course.root / SOURCE).read_text("utf-8")
    assert "return a + b" in source
    assert "describes some numbers" in source


def test_the_same_change_in_both_is_no_conflict(built_course: Course, save_in_jupyter: SaveInJupyter) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    path = built_course.root / TEXT
    path.write_text(path.read_text("utf-8").replace("return a + b", "return sum((a, b))"), "utf-8")
    before = path.read_bytes()
    adopt(built_course, built_course.root / SOURCE)
    assert path.read_bytes() == before
    build(built_course, "toy")


def test_a_notebook_without_record_replaces_its_text_only_by_force(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    def edit(nb: Json) -> None:
        del nb["metadata"]["celltoolbar"]
        change_solution(nb)

    save_in_jupyter(built_course.root / SOURCE, edit)
    with pytest.raises(CourseError, match="not built by this kit from"):
        adopt(built_course, built_course.root / SOURCE)
    adopt(built_course, built_course.root / SOURCE, force=True)
    assert "sum((a, b))" in (built_course.root / TEXT).read_text("utf-8")


def test_a_notebook_without_text_gets_one(built_course: Course) -> None:
    before = (built_course.root / TEXT).read_text("utf-8")
    (built_course.root / TEXT).unlink()
    adopt(built_course, SOURCE)
    after = (built_course.root / TEXT).read_text("utf-8")
    assert [line for line in after.splitlines() if line] == [line for line in before.splitlines() if line]
    build(built_course, "toy")
    assert check_built(built_course, "toy") == []


def test_the_path_may_be_given_from_the_working_directory(
    built_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built_course.root / "source")
    assert adopt(built_course, Path("toy/1_numbers.ipynb")) == built_course.root / TEXT


@pytest.mark.parametrize(
    "name", ["release/toy/1_numbers.ipynb", "solutions/toy/1_numbers.py", "source/1_numbers.ipynb"]
)
def test_only_source_notebooks_are_adopted(name: str, built_course: Course) -> None:
    with pytest.raises(CourseError, match=r"no source notebook of this course; give source/"):
        adopt(built_course, built_course.root / name)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (["x = 1\n", "# %% a second cell\n", "y = 2"], r"cell 3 \('x = 1'\) cannot be kept as text"),
        (["x = 1\n", "\n", "# %%"], r"cell 3 \('x = 1'\) cannot be kept as text"),
        (["cat"], "cannot be kept as text: line 23: jupytext takes the comment '# cat' for a shell command"),
        (["# ---- Hidden checks --------------------------------------------------\n", "1"], "damaged"),
    ],
)
def test_cells_that_a_text_cannot_hold_are_refused(
    source: list[str], complaint: str, built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    before = (built_course.root / TEXT).read_bytes()
    save_in_jupyter(built_course.root / SOURCE, lambda nb: nb["cells"][2].update(source=source))
    with pytest.raises(CourseError, match=rf"1_numbers\.ipynb: .*{complaint}"):
        adopt(built_course, built_course.root / SOURCE)
    assert (built_course.root / TEXT).read_bytes() == before


def test_an_attached_file_is_refused(built_course: Course, save_in_jupyter: SaveInJupyter) -> None:
    attached = {"image.png": {"image/png": "aGVsbG8="}}
    save_in_jupyter(built_course.root / SOURCE, lambda nb: nb["cells"][0].update(attachments=attached))
    with pytest.raises(CourseError, match=r"cell 1 .* attached file; save it under data/"):
        adopt(built_course, built_course.root / SOURCE)


def test_a_broken_notebook_is_refused(built_course: Course) -> None:
    (built_course.root / SOURCE).write_text("{", "utf-8")
    with pytest.raises(CourseError, match=r"1_numbers\.ipynb: not a notebook"):
        adopt(built_course, built_course.root / SOURCE)


def test_a_missing_notebook_is_refused(built_course: Course) -> None:
    shutil.rmtree(built_course.root / "source")
    with pytest.raises(CourseError, match=r"1_numbers\.ipynb: No such file"):
        adopt(built_course, SOURCE)
