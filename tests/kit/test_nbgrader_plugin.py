"""nbgrader's own commands, with this project's configuration, grade as `autograde grade` does."""

import csv
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import nbformat
import nbgrader.server_extensions.formgrader as formgrader
import pytest
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import Config, PyFileConfigLoader

from autograde.build import build
from autograde.classroom import grade_class, worker
from autograde.course import Course
from autograde.errors import CourseError, ServerError
from autograde.gradebook import opened
from autograde.nbgrader_plugin import GradingExporter, RepairSubmission
from autograde.notebook import dumps, grade_id, read_notebook

TOY_COURSE = Path(__file__).parent / "toy_course"
CONFIG = Path(__file__).parents[2] / "nbgrader_config.py"
NOTEBOOK = "1_numbers.ipynb"
SCRIPT = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
ANSWERS = {
    "add_numbers": "def add_numbers(a, b):\n    return a + b",
    "describe": (
        "def describe(numbers):\n"
        "    if not numbers:\n"
        "        return {}\n"
        "    mean = sum(numbers) / len(numbers)\n"
        "    return {'smallest': min(numbers), 'largest': max(numbers), 'mean': mean}"
    ),
    "answers_describe": "answers_describe = {'a': 'none', 'b': 'mean'}",
    "explain_describe": "The largest, for it is one warm day.",
}


def answer(notebook: NotebookNode, answers: dict[str, str]) -> None:
    for cell in notebook.cells:
        cell.source = answers.get(grade_id(cell), cell.source)


def answers_all(notebook: NotebookNode) -> None:
    answer(notebook, ANSWERS)


def warns_and_is_half_right(notebook: NotebookNode) -> None:
    noisy = "import sys\ndef add_numbers(a, b):\n    print('!', file=sys.stderr)\n    return int(a + b)"
    answer(notebook, {"add_numbers": noisy})


def cheats(notebook: NotebookNode) -> None:
    """Forge outputs, points and verdicts, drop a test, and write a page that runs code."""
    answer(notebook, {"add_numbers": "def add_numbers(a, b):\n    return 7", "explain_describe": SCRIPT})
    notebook.metadata["autograde"] = {"repairs": [], "problem": "", "score": 100}
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) != "test_describe"]
    for cell in notebook.cells:
        if grade_id(cell) == "test_add_numbers":
            cell.source = "3"
            cell.metadata.nbgrader |= {"points": 1000, "locked": False}
            full = {"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}
            cell.outputs = [NotebookNode(full, execution_count=1)]
    shown = f"from IPython.display import HTML, display\ndisplay(HTML({SCRIPT!r}))\n3"
    notebook.cells += [nbformat.v4.new_code_cell(shown), nbformat.v4.new_markdown_cell(SCRIPT)]


STUDENTS: dict[str, Callable[[NotebookNode], None]] = {
    "ann": answers_all,
    "bob": warns_and_is_half_right,
    "eve": cheats,
}


def make_course(root: Path) -> Course:
    """Return the toy course with this project's configuration, built, and with all kinds of submissions."""
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CONFIG, root)
    course = Course(root)
    build(course, "toy")
    for student, write in STUDENTS.items():
        notebook = read_notebook(course.release("toy", "1_numbers"))
        write(notebook)
        hand_in(course, student, dumps(notebook))
    hand_in(course, "gus", '{"cells": [')
    return course


def hand_in(course: Course, student: str, text: str) -> None:
    folder = course.submitted("toy", student)
    folder.mkdir(parents=True)
    (folder / NOTEBOOK).write_text(text, "utf-8")
    (folder / "timestamp.txt").write_text("2024-05-01 12:00:00 UTC", "utf-8")


def run_nbgrader(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a stock nbgrader command in the course's folder."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")])}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def by_nbgrader(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course graded with nbgrader's commands alone."""
    course = make_course(tmp_path_factory.mktemp("nbgrader") / "toy course")
    with opened(course.gradebook_url):
        pass  # nbgrader takes ten seconds to make a database
    commands = [
        ("generate_assignment", "toy", "--force"),
        ("autograde", "toy"),
        ("generate_feedback", "toy"),
        ("export",),
    ]
    for command in commands:
        run = run_nbgrader(course, *command)
        assert run.returncode == 0, f"nbgrader {' '.join(command)}:\n{run.stderr}"
    return course


@pytest.fixture(scope="module")
def by_autograde(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The same course graded by this package."""
    course = make_course(tmp_path_factory.mktemp("autograde") / "toy course")
    grade_class(course, "toy")
    return course


def recorded(course: Course) -> dict[tuple[str, str], tuple[float | None, bool] | str | None]:
    """Return all automatic scores with their need of manual grading, and all comments."""
    rows: dict[tuple[str, str], tuple[float | None, bool] | str | None] = {}
    with Gradebook(course.gradebook_url) as book:
        for submission in book.assignment_submissions("toy"):
            (notebook,) = submission.notebooks
            for grade in notebook.grades:
                rows[submission.student.id, grade.name] = (grade.auto_score, grade.needs_manual_grade)
            for comment in notebook.comments:
                rows[submission.student.id, f"comment {comment.name}"] = comment.comment
    return rows


def cell_outputs(course: Course, student: str) -> dict[str, Any]:
    """Return a graded notebook's cells without what differs from run to run: nothing should."""
    notebook = read_notebook(course.autograded("toy", student) / NOTEBOOK)
    return json.loads(nbformat.writes(notebook))


class Tags(HTMLParser):
    """The tags of a page that a student's text could have made."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"{tag} {dict(attrs)}")


# From end to end


def test_stock_nbgrader_records_the_same_as_autograde(by_nbgrader: Course, by_autograde: Course) -> None:
    rows = recorded(by_nbgrader)
    assert rows == recorded(by_autograde)
    assert len(rows) == 4 * (3 + 4)


def test_the_scores_are_right(by_nbgrader: Course) -> None:
    rows = recorded(by_nbgrader)
    assert rows["ann", "test_add_numbers"] == (3.0, False)
    assert rows["ann", "test_describe"] == (5.0, False)
    assert rows["ann", "explain_describe"] == (None, True)
    assert rows["bob", "test_add_numbers"] == (2.25, False)
    assert rows["bob", "explain_describe"] == (0.0, False)
    assert rows["eve", "test_add_numbers"] == (0.0, False)
    assert rows["eve", "test_describe"] == (0.0, False)
    assert {rows["gus", cell] for cell in ("test_add_numbers", "explain_describe")} == {(0.0, True)}


@pytest.mark.parametrize("student", [*STUDENTS, "gus"])
def test_stock_nbgrader_writes_the_same_graded_notebooks(
    by_nbgrader: Course, by_autograde: Course, student: str
) -> None:
    assert cell_outputs(by_nbgrader, student) == cell_outputs(by_autograde, student)


def test_nothing_of_the_way_between_the_conversions_is_left(by_nbgrader: Course) -> None:
    graded = read_notebook(by_nbgrader.autograded("toy", "eve") / NOTEBOOK)
    assert graded.metadata == read_notebook(by_nbgrader.release("toy", "1_numbers")).metadata


def test_repairs_and_problems_reach_the_student(by_nbgrader: Course) -> None:
    notices = {
        student: read_notebook(by_nbgrader.autograded("toy", student) / NOTEBOOK).cells[0].source
        for student in ("ann", "eve", "gus")
    }
    assert notices["ann"].startswith("# Numbers")
    assert "Put right before grading" in notices["eve"]
    assert "could not be graded" in notices["gus"]


def test_nbgrader_exports_the_scores(by_nbgrader: Course) -> None:
    with (by_nbgrader.root / "grades.csv").open(encoding="utf-8") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {"ann": 8.0, "bob": 2.25, "eve": 0.0, "gus": 0.0}


# Pages


def test_the_feedback_shows_the_verdicts_and_runs_nothing_of_the_student_s(by_nbgrader: Course) -> None:
    page = (by_nbgrader.root / "feedback" / "eve" / "toy" / "1_numbers.html").read_text("utf-8")
    assert "<strong>0 of 3 points</strong>" in page
    assert "The sign of a number counts." in page
    assert not [tag for tag in Tags(page).found if "taken" in tag or "onerror" in tag]
    assert "<script>document.title" not in page


def test_the_formgrader_runs_nothing_of_the_student_s(by_nbgrader: Course) -> None:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(by_nbgrader.root)).load_config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [str(Path(formgrader.__file__).parent / "templates")]
    resources = {
        "base_url": "/",
        "student": "eve",
        "notebook_path": "a",
        "index": 0,
        "total": 1,
        "submission_id": "a",
    }
    graded = by_nbgrader.autograded("toy", "eve") / NOTEBOOK
    page, _ = HTMLExporter(config=config).from_filename(str(graded), resources=resources)
    assert "<strong>0 of 3 points</strong>" in page
    assert not [tag for tag in Tags(page).found if "taken" in tag or "onerror" in tag]
    assert "<script>document.title" not in page


# Mistakes of the instructor's


def test_a_release_that_is_not_built_is_one_line(toy_course: Course) -> None:
    shutil.copy(CONFIG, toy_course.root)
    hand_in(toy_course, "ann", "{}")
    run = run_nbgrader(toy_course, "autograde", "toy")
    assert run.returncode == 1
    (line,) = run.stderr.strip().splitlines()
    assert "release/toy/1_numbers.ipynb" in line
    assert "`autograde build`" in line


@pytest.mark.usefixtures("stand_ins")
def test_not_running_notebooks_is_refused(built_course: Course) -> None:
    with pytest.raises(NbGraderException, match=r"^--no-execute .* leave it out$"):
        exporter(built_course, enabled=False)


@pytest.mark.usefixtures("stand_ins")
def test_a_setting_that_is_not_used_is_named(built_course: Course) -> None:
    with patch.object(logging.getLogger("traitlets"), "warning") as warning:
        exporter(built_course, timeout=5)
    (told,) = (call.args[0] % call.args[1:] for call in warning.call_args_list)
    assert told == "c.Execute.timeout is not used: limits are set in pyproject.toml"


def test_a_list_without_its_exporter_says_what_to_set() -> None:
    with pytest.raises(CourseError, match=r"exporter_class to 'autograde\.nbgrader_plugin\.GradingExporter'"):
        RepairSubmission(parent=NotebookExporter()).preprocess(
            NotebookNode(), {"nbgrader": {"notebook": "a"}}
        )


# One grader for one state of the course


class StandIn:
    """Stands in for a grader, whose warm server takes seconds to start."""

    opened: list["StandIn"]

    def __init__(self, course: Course, exercises: tuple[object, ...], *, practice: bool) -> None:
        self.closed = False
        self.opened.append(self)

    def __enter__(self) -> "StandIn":
        return self

    def __exit__(self, *failure: object) -> None:
        self.closed = True

    def prove(self) -> None:
        """Stand in for the proof that students' processes are confined."""


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> list[StandIn]:
    """The graders opened so far."""
    worker.close_bench()
    monkeypatch.setattr(StandIn, "opened", [], raising=False)
    monkeypatch.setattr(worker, "Grader", StandIn)
    yield StandIn.opened
    worker.close_bench()


def exporter(course: Course, **execute: object) -> GradingExporter:
    """Return the exporter as a run of nbgrader makes it, with settings for nbgrader's kernel."""
    config = Config({"Execute": execute})
    directory = CourseDirectory(root=str(course.root), assignment_id="toy")
    return GradingExporter(parent=Autograde(coursedir=directory, config=config))


def test_runs_share_a_grader_until_the_course_changes(built_course: Course, stand_ins: list[StandIn]) -> None:
    assert exporter(built_course).bench.grader is exporter(built_course).bench.grader
    checks = built_course.exercise("describe").check_file
    checks.write_text(checks.read_text("utf-8") + "# edited\n", "utf-8")
    assert exporter(built_course).bench.grader is stand_ins[1]
    assert [one.closed for one in stand_ins] == [True, False]


def test_a_lost_server_costs_no_student_a_grade(built_course: Course, stand_ins: list[StandIn]) -> None:
    def grade(grader: Any) -> Any:
        if grader is stand_ins[0]:
            raise ServerError("the warm server died")
        return SimpleNamespace(by=grader)

    assert exporter(built_course).graded(grade).by is stand_ins[1]
    assert stand_ins[0].closed


def test_a_server_that_is_lost_again_is_told(built_course: Course, stand_ins: list[StandIn]) -> None:
    def grade(grader: Any) -> Any:
        raise ServerError("the warm server died")

    with pytest.raises(ServerError, match="died"):
        exporter(built_course).graded(grade)
    assert len(stand_ins) == 2
