"""The mark scheme is put into the formgrader's pages, and into nothing else."""

import copy
from typing import Any

import pytest
from nbformat import NotebookNode
from traitlets.config import Config

from autograde.course import Course
from autograde.notebook import grade_id, read_notebook
from autograde.report.mark_scheme import ShowMarkScheme

SCHEME = "1 point for naming a number, 1 point for the reason."
# What the formgrader and `nbgrader generate_feedback` tell of the page they want.
FORMGRADER = {"submission_id": "4711", "assignment_id": "toy", "notebook_id": "1_numbers"}
FEEDBACK = {"nbgrader": {"student": "ann", "assignment": "toy", "notebook": "1_numbers"}}


def shown(course: Course, resources: dict[str, Any]) -> list[NotebookNode]:
    """Return the cells that a page is made of; the student handed in what was released."""
    notebook = read_notebook(course.release("toy", "1_numbers"))
    before = copy.deepcopy(notebook)
    preprocessor = ShowMarkScheme(config=Config({"CourseDirectory": {"root": str(course.root)}}))
    page, _ = preprocessor.preprocess(notebook, resources)
    assert notebook == before
    return list(page.cells)


def test_it_stands_above_the_answer_in_the_formgrader(built_course: Course) -> None:
    cells = shown(built_course, FORMGRADER)
    (at,) = (at for at, cell in enumerate(cells) if SCHEME in cell.source)
    assert grade_id(cells[at + 1]) == "explain_describe"
    assert "BEGIN SOLUTION" not in cells[at].source
    assert len({cell.id for cell in cells}) == len(cells)


@pytest.mark.parametrize("resources", [FEEDBACK, FORMGRADER | FEEDBACK, {"submission_id": "4711"}, {}])
def test_it_is_on_no_other_page(built_course: Course, resources: dict[str, Any]) -> None:
    released = read_notebook(built_course.release("toy", "1_numbers"))
    assert shown(built_course, resources) == released.cells


@pytest.mark.parametrize("damage", ["", "not a notebook", None])
def test_a_source_that_cannot_be_read_leaves_the_page_as_it_was(
    built_course: Course, damage: str | None
) -> None:
    source = built_course.source("toy", "1_numbers")
    source.unlink() if damage is None else source.write_text(damage, "utf-8")
    assert shown(built_course, FORMGRADER) == shown(built_course, FEEDBACK)


def test_an_answer_without_a_scheme_has_none_above_it(built_course: Course) -> None:
    source = built_course.source("toy", "1_numbers")
    text = source.read_text("utf-8").replace("BEGIN SOLUTION", "begin").replace("END SOLUTION", "end")
    source.write_text(text, "utf-8")
    assert shown(built_course, FORMGRADER) == shown(built_course, FEEDBACK)
