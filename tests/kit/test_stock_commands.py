"""nbgrader's commands, one after the other on one course, give what nbgrader's documentation promises."""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograde.build import build
from autograde.course import Course
from autograde.demo import fill_in
from autograde.gradebook import opened
from autograde.notebook import Role, grade_id, read_notebook, role

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "nbgrader_config.py"
NOTEBOOK = "1_numbers.ipynb"
# How a learning platform names what it packs: who, when, and what was handed in.
NAMES = r".*_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
IN_TIME, LATE = "2024-05-01-10-00-00", "2024-05-03-10-00-00"
DUE = "2024-05-02 12:00:00 UTC"
HALF = "def add_numbers(a, b):\n    return int(a + b)"


def finished(course: Course) -> NotebookNode:
    """Return the released notebook with the answers of the source."""
    source = read_notebook(course.source("toy", "1_numbers"))
    answers = {grade_id(cell): cell.source for cell in source.cells}
    return fill_in(read_notebook(course.release("toy", "1_numbers")), answers)


def solved(notebook: NotebookNode) -> None:
    """Everything is right."""


def copied(notebook: NotebookNode) -> None:
    """Every cell is there twice."""
    notebook.cells = [cell for one in notebook.cells for cell in (one, NotebookNode(one))]


def deleted(notebook: NotebookNode) -> None:
    """The grade cells are gone."""
    notebook.cells = [cell for cell in notebook.cells if role(cell) is not Role.GRADE]


def moved(notebook: NotebookNode) -> None:
    """The grade cells stand before what they grade."""
    notebook.cells.sort(key=lambda cell: role(cell) is not Role.GRADE)


def warns(notebook: NotebookNode) -> None:
    """Every answer warns."""
    for cell in notebook.cells:
        if role(cell) is Role.SOLUTION:
            cell.source = f"import warnings\nwarnings.warn('careful')\n{cell.source}"


def dies(notebook: NotebookNode) -> None:
    """The process ends between two exercises, and again at the end."""
    at = next(at for at, cell in enumerate(notebook.cells) if grade_id(cell) == "describe")
    notebook.cells.insert(at, nbformat.v4.new_code_cell("import os\nos._exit(0)"))
    notebook.cells.append(nbformat.v4.new_code_cell("import os\nos._exit(0)"))


def half(notebook: NotebookNode) -> None:
    """The first exercise is half right."""
    answer(notebook, "add_numbers", HALF)


def wrong(notebook: NotebookNode) -> None:
    """The second exercise is wrong for every list but the empty one."""
    answer(notebook, "describe", "def describe(numbers):\n    return {}")


def answer(notebook: NotebookNode, name: str, text: str) -> None:
    for cell in notebook.cells:
        if grade_id(cell) == name:
            cell.source = text


UNHURT: tuple[Callable[[NotebookNode], None], ...] = (solved, copied, deleted, moved, warns, dies)


@dataclass
class Seen:
    """What the commands printed, by their names, and the tables that they wrote."""

    course: Course
    printed: dict[str, str] = field(default_factory=dict)
    grades: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def nbgrader(self, name: str, *arguments: str) -> None:
        """Run a command, which must not fail."""
        scripts = str(Path(sys.executable).parent)
        environment = os.environ | {"PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")])}
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.course.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert run.returncode == 0, f"nbgrader {' '.join(arguments)}:\n{run.stderr}"
        self.printed[name] = run.stdout + run.stderr

    def export(self, name: str) -> None:
        """Export the grades and read them."""
        self.nbgrader(f"export {name}", "export", "--to", "out.csv")
        with (self.course.root / "out.csv").open(encoding="utf-8") as file:
            self.grades[name] = list(csv.DictReader(file))

    def scores(self, name: str) -> dict[str, float]:
        """Return the exported scores by student."""
        return {row["student_id"]: float(row["score"]) for row in self.grades[name]}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """A course whose submissions came as an archive of a learning platform, graded with stock commands."""
    seen = Seen(Course(tmp_path_factory.mktemp("stock") / "toy course"))
    course = seen.course
    shutil.copytree(HERE / "toy_course", course.root, ignore=shutil.ignore_patterns("__pycache__"))
    with (course.root / CONFIG.name).open("w", encoding="utf-8") as config:
        config.write(CONFIG.read_text("utf-8"))
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
        config.write(f"c.Exchange.root = {str(course.root.parent)!r}\n")
        config.write(f"c.FileNameCollectorPlugin.named_regexp = {NAMES!r}\n")
    build(course, "toy")
    download(course)
    validate(seen)
    with opened(course.gradebook_url) as book:  # nbgrader takes ten seconds to make a database
        book.update_or_create_assignment("toy", duedate=DUE)
    seen.nbgrader("generate", "generate_assignment", "toy", "--force")
    seen.nbgrader("release", "release_assignment", "toy")
    seen.nbgrader("list", "list")
    seen.nbgrader("zip_collect", "zip_collect", "toy")
    seen.nbgrader("autograde", "autograde", "toy", "--create")
    seen.export("first")
    by_hand(course)
    (course.submitted("toy", "half") / NOTEBOOK).write_text(json.dumps(finished(course)), "utf-8")
    (course.submitted("toy", "half") / "timestamp.txt").write_text("2024-05-02 11:00:00 UTC", "utf-8")
    seen.nbgrader("second", "autograde", "toy")
    seen.nbgrader("forced", "autograde", "toy", "--force", "--student", "solved")
    seen.export("last")
    seen.nbgrader("feedback", "generate_feedback", "toy")
    return seen


def download(course: Course) -> None:
    """Put the archive of a learning platform where nbgrader looks for it."""
    archive = course.root / "downloaded" / "toy" / "archive" / "toy.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as packed:
        for damage in (*UNHURT, half, wrong):
            notebook = finished(course)
            damage(notebook)
            time = LATE if damage is warns else IN_TIME
            packed.writestr(f"toy_{damage.__name__}_attempt_{time}_{NOTEBOOK}", json.dumps(notebook))


def validate(seen: Seen) -> None:
    """Validate the notebook as students get it, and a solved one."""
    solved = seen.course.root / "solved.ipynb"
    solved.write_text(json.dumps(finished(seen.course)), "utf-8")
    seen.nbgrader("validate", "validate", str(seen.course.release("toy", "1_numbers")), str(solved))


def by_hand(course: Course) -> None:
    """Grade one written answer and correct one automatic score, as in the formgrader."""
    with Gradebook(course.gradebook_url) as book:
        for name, score in (("explain_describe", 2.0), ("test_describe", 4.0)):
            grade = book.find_grade(name, "1_numbers", "toy", "half")
            grade.manual_score, grade.needs_manual_grade = score, False
        book.find_comment("explain_describe", "1_numbers", "toy", "half").manual_comment = "Well put."
        book.db.commit()


def test_validate_tells_what_is_missing(seen: Seen) -> None:
    success = "Success! Your notebook passes all the tests."
    release, told, solved = seen.printed["validate"].partition(success)
    assert "VALIDATION FAILED ON 3 CELL(S)" in release  # two grade cells, and answers that raise
    assert "assert add_numbers(2, 3) == 5" in release
    assert told
    assert "FAILED" not in solved


def test_list_names_what_is_released(seen: Seen) -> None:
    assert "deep_learning toy" in seen.printed["list"]


def test_zip_collect_knows_who_handed_in_what_when(seen: Seen) -> None:
    folder = seen.course.submitted("toy", "warns")
    assert {path.name for path in folder.iterdir()} == {NOTEBOOK, "timestamp.txt"}
    assert (folder / "timestamp.txt").read_text("utf-8").startswith("2024-05-03 10:00:00")


def test_no_damage_costs_a_point(seen: Seen) -> None:
    points = {row["student_id"]: float(row["raw_score"]) for row in seen.grades["first"]}
    expected = {damage.__name__: 8.0 for damage in UNHURT} | {"half": 7.25, "wrong": 3.0 + 2.1429}
    assert points == pytest.approx(expected)


def test_a_late_submission_is_charged_for(seen: Seen) -> None:
    scores = seen.scores("first")
    assert scores.pop("warns") == 0.0
    assert 0.0 not in scores.values()


def test_export_has_nbgrader_s_columns(seen: Seen) -> None:
    (row,) = (row for row in seen.grades["first"] if row["student_id"] == "warns")
    assert row == {
        "assignment": "toy",
        "duedate": "2024-05-02 12:00:00",
        "timestamp": "2024-05-03 10:00:00",
        "student_id": "warns",
        "last_name": "",
        "first_name": "",
        "email": "",
        "raw_score": "8.0",
        "late_submission_penalty": "8.0",
        "score": "0.0",
        "max_score": "10.0",
    }


def test_a_second_run_grades_what_came_anew_and_keeps_what_people_gave(seen: Seen) -> None:
    assert seen.printed["second"].count("Skipping existing assignment") == len(UNHURT) + 1
    assert seen.scores("last") == seen.scores("first") | {"half": 3.0 + 4.0 + 2.0}
    with Gradebook(seen.course.gradebook_url) as book:
        corrected = book.find_grade("test_describe", "1_numbers", "toy", "half")
        assert (corrected.auto_score, corrected.manual_score) == (5.0, 4.0)
        assert corrected.needs_manual_grade  # it was given to another answer
        comment = book.find_comment("explain_describe", "1_numbers", "toy", "half")
        assert comment.comment == "Well put."


def test_force_grades_the_same_again(seen: Seen) -> None:
    assert "Autograding" in seen.printed["forced"]
    assert seen.scores("last")["solved"] == seen.scores("first")["solved"]


@pytest.fixture(scope="module")
def pages(seen: Seen) -> dict[str, str]:
    """The feedback by student."""
    found = (seen.course.root / "feedback").glob("*/toy/1_numbers.html")
    return {path.parent.parent.name: path.read_text("utf-8") for path in found}


def test_feedback_shows_of_a_check_what_its_visibility_allows(pages: dict[str, str]) -> None:
    page = pages["wrong"]
    assert "</strong> Smallest, largest and mean of a sorted list are right." in page
    assert "Hint: The mean is the sum divided by how many numbers there are." in page
    assert "</strong> The order of the numbers does not matter." in page  # "name only"
    assert "is the smallest number only if the list is sorted" not in page  # its hint
    assert "</strong> An empty list has no description." in page
    assert not [page for page in pages.values() if "</strong> The list is not changed." in page]  # "never"


def test_feedback_shows_nothing_of_a_check_s_code_inputs_and_expected_values(
    seen: Seen, pages: dict[str, str]
) -> None:
    assert len(pages) == len(UNHURT) + 2
    lines = {
        line.strip()
        for exercise in seen.course.all_exercises()
        for line in exercise.check_file.read_text("utf-8").splitlines()
        if not line.strip().startswith(('"""', "@check", "hint=", "def probe("))
    }
    secrets = {line for line in lines if len(line) > 16} | {"2.0, 3.5", "mean&#39;: 2.0", "mean': 2.0"}
    assert len(secrets) > 10
    assert not [secret for secret in secrets for page in pages.values() if secret in page]
