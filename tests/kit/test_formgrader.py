"""A term of the toy course in nbgrader's formgrader, in a real JupyterLab and a real browser.

Everything is done as an instructor does it who has the course's folder and its nbgrader_config.py alone, and
as students do it: through nbgrader's exchange. The same submissions are graded with `autograde grade` too.
"""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeFetchAssignment, ExchangeSubmit

from autograde.build import build
from autograde.classroom import grade_class
from autograde.course import Course
from autograde.notebook import grade_id, read_notebook
from tests.kit.formgrader import Formgrader, jupyter_lab

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "nbgrader_config.py"
SCRIPT = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
RIGHT = {
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
SCHEME = "1 point for naming a number, 1 point for the reason."
COMMENT = "Why is that *bad*?"


def answer(notebook: NotebookNode, answers: Mapping[str, str]) -> None:
    for cell in notebook.cells:
        cell.source = answers.get(grade_id(cell), cell.source)


def ann(notebook: NotebookNode) -> None:
    """All is right."""
    answer(notebook, RIGHT)


def bob(notebook: NotebookNode) -> None:
    """Half of it is right, with a warning, and his process dies in the end."""
    noisy = "import sys\ndef add_numbers(a, b):\n    print('!', file=sys.stderr)\n    return int(a + b)"
    answer(notebook, RIGHT | {"add_numbers": noisy, "explain_describe": SCRIPT})
    notebook.cells.append(nbformat.v4.new_code_cell("import os\nos._exit(1)"))


def eve(notebook: NotebookNode) -> None:
    """She copied one cell, deleted another, and forged the outputs of a third."""
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) != "test_describe"]
    for cell in list(notebook.cells):
        if grade_id(cell) == "test_add_numbers":
            full = {"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}
            cell.outputs = [NotebookNode(full, execution_count=1)]
            notebook.cells.append(NotebookNode(cell))


STUDENTS: dict[str, Callable[[NotebookNode], None]] = {"ann": ann, "bob": bob, "eve": eve}


def hand_in(exchange: Path, folder: Path, student: str) -> None:
    """Fetch the released assignment, work on it and submit it, with nbgrader's exchange."""
    about = CourseDirectory(root=str(folder), course_id="deep_learning", assignment_id="toy")
    places = {"root": str(exchange), "cache": str(folder / "cache"), "assignment_dir": str(folder)}
    student_side = {"coursedir": about, "authenticator": Authenticator(), **places}
    ExchangeFetchAssignment(**student_side).start()
    path = folder / "toy" / "1_numbers.ipynb"
    notebook = read_notebook(path)
    STUDENTS[student](notebook)
    path.write_text(json.dumps(notebook), "utf-8")
    about.student_id = student
    ExchangeSubmit(**student_side).start()


@dataclass
class Term:
    """What was seen in the course of a term."""

    course: Course
    told: dict[str, str] = field(default_factory=dict)  # what a dialogue said, by what was pressed
    released: bytes = b""
    status: dict[str, str] = field(default_factory=dict)  # by student, after grading
    scores: dict[str, str] = field(default_factory=dict)
    checks: dict[str, list[str]] = field(default_factory=dict)  # of ann and bob, by student and exercise
    written: dict[str, str] = field(default_factory=dict)  # what stands above the place for points
    titles: set[str] = field(default_factory=set)
    at_the_end: str = ""  # bob's status


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory, browser: "Chrome") -> Iterator[Term]:
    """The toy course from its release to its grades."""
    folder = tmp_path_factory.mktemp("term")
    term, exchange = Term(Course(folder / "toy course")), folder / "exchange"
    shutil.copytree(HERE / "toy_course", term.course.root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CONFIG, term.course.root)
    build(term.course, "toy")
    term.released = term.course.release("toy", "1_numbers").read_bytes()
    shutil.rmtree(term.course.root / "release")
    exchange.mkdir()
    exchange.chmod(0o777)
    with (term.course.root / CONFIG.name).open("a", encoding="utf-8") as config:
        config.write(f"c.Exchange.root = {str(exchange)!r}\n")
        config.write("c.ExchangeCollect.check_owner = False\n")  # all students of this machine are one user
    page = Formgrader(browser)
    with jupyter_lab(term.course.root, folder / "home") as address:
        page.open(address)
        release(page, term)
        for student in STUDENTS:
            (folder / student).mkdir()
            hand_in(exchange, folder / student, student)
        grade(page, term)
        grade_by_hand(page, term)
        give_back(page, term)
    yield term
    browser.switch_to.default_content()


def release(page: Formgrader, term: Term) -> None:
    term.told["generate"] = page.press("assign", "toy")
    term.told["release"] = page.press("release", "toy")


def grade(page: Formgrader, term: Term) -> None:
    term.told["collect"] = page.press("collect", "toy")
    page.wait(lambda: page.cell("num-submissions", "toy").text == "3")
    page.cell("num-submissions", "toy").find_element("css selector", "a").click()
    for student in STUDENTS:
        term.told[student] = page.press("autograde", student)
        page.wait(lambda student=student: page.cell("score", student).text)
        term.status[student] = page.cell("status", student).text
        term.scores[student] = page.cell("score", student).text


def grade_by_hand(page: Formgrader, term: Term) -> None:
    """Look at two submissions and give ann one and a half points, with a comment."""
    for student in ("ann", "bob"):
        page.follow("Manual Grading")
        page.follow("toy")
        page.follow("1_numbers")
        page.wait(lambda: page.with_text("td.name a", "Submission #3"))
        page.first("#toggle_names").click()
        page.follow(student)
        page.wait(lambda: page.first("#test_add_numbers").get_attribute("placeholder"))
        for name in ("test_add_numbers", "test_describe"):
            term.checks[f"{student} {name}"] = page.verdicts(name)
        term.written[student] = page.above("explain_describe")
        term.titles.add(page.browser.execute_script("return document.title"))
        if student == "ann":
            page.fill("explain_describe", "1.5")
            page.fill("explain_describe-comment", COMMENT)
    page.follow("Manual Grading")


def give_back(page: Formgrader, term: Term) -> None:
    page.follow("Manage Assignments")
    term.told["feedback"] = page.press("generate-feedback", "toy")
    page.cell("num-submissions", "toy").find_element("css selector", "a").click()
    term.at_the_end = page.wait(lambda: page.cell("status", "ann").text)
    export = [sys.executable, "-m", "nbgrader", "export"]
    run = subprocess.run(export, cwd=term.course.root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.fixture(scope="module")
def by_autograde(term: Term, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The same submissions, graded with `autograde grade`."""
    course = Course(tmp_path_factory.mktemp("autograde") / "toy course")
    shutil.copytree(
        term.course.root, course.root, ignore=shutil.ignore_patterns("gradebook.db", "autograded")
    )
    grade_class(course, "toy")
    return course


def test_every_dialogue_tells_of_success(term: Term) -> None:
    assert len(term.told) == 7
    assert {pressed for pressed, text in term.told.items() if "Successfully" not in text} == set()
    lines = [line for text in term.told.values() for line in text.splitlines()]
    assert [line for line in lines if "[ERROR]" in line] == []
    warnings = [line for line in lines if "[WARNING]" in line]
    assert [line for line in warnings if "Alternative text" not in line] == []  # of bob's picture


def test_generate_makes_the_release_that_build_makes(term: Term) -> None:
    assert term.course.release("toy", "1_numbers").read_bytes() == term.released


def test_the_scores_are_those_of_autograde_grade(term: Term, by_autograde: Course) -> None:
    assert term.scores == {"ann": "8 / 10", "bob": "7.25 / 10", "eve": "0 / 10"}
    recorded = scores(by_autograde)
    assert scores(term.course) == recorded | {("ann", "explain_describe"): (None, 1.5, False)}
    assert recorded["ann", "explain_describe"] == (None, None, True)


def scores(course: Course) -> dict[tuple[str, str], tuple[float | None, float | None, bool]]:
    """Return automatic and manual scores and the need of a manual one, by student and cell."""
    with Gradebook(course.gradebook_url) as book:
        return {
            (submission.student.id, grade.name): (
                grade.auto_score,
                grade.manual_score,
                grade.needs_manual_grade,
            )
            for submission in book.assignment_submissions("toy")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def test_only_whose_words_have_to_be_read_need_a_person(term: Term) -> None:
    assert term.status == {
        "ann": "needs manual grading",
        "bob": "needs manual grading",
        "eve": "graded",
    }
    assert term.at_the_end == "graded"


def test_every_check_is_seen_with_its_verdict(term: Term) -> None:
    marks = {name: [check[0] for check in checks] for name, checks in term.checks.items()}
    assert marks == {
        "ann test_add_numbers": ["✓", "✓", "✓"],
        "ann test_describe": ["✓", "✓", "✓", "✓"],  # and one that is never listed
        "bob test_add_numbers": ["✓", "✗", "✓"],
        "bob test_describe": ["✓", "✓", "✓", "✓"],
    }
    assert term.checks["bob test_add_numbers"][1].splitlines() == [
        "✗ Fractions are kept. 0 of 0.75 points",
        "Your result: at [0]: 0 is not the right number.",
        "Hint: Do not round the result or turn it into an int.",
    ]


def test_a_written_answer_stands_below_its_mark_scheme(term: Term) -> None:
    for text in term.written.values():
        assert text.startswith("How to mark this answer")
        assert text.endswith(SCHEME)


def test_nobody_but_the_formgrader_shows_the_mark_scheme(term: Term) -> None:
    handed = [
        path
        for folder in ("release", "autograded", "feedback")
        for path in (term.course.root / folder).rglob("1_numbers.*")
    ]
    assert len(handed) == 1 + 3 + 3
    assert not [path for path in handed if SCHEME in path.read_text("utf-8")]


def test_points_and_comments_given_by_hand_reach_the_student(term: Term) -> None:
    page = (term.course.root / "feedback" / "ann" / "toy" / "1_numbers.html").read_text("utf-8")
    assert "1_numbers (Score: 9.5 / 10.0)" in page
    assert "Why is that <em>bad</em>?" in page


def test_they_are_exported(term: Term) -> None:
    with (term.course.root / "grades.csv").open(encoding="utf-8") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {"ann": 9.5, "bob": 7.25, "eve": 0.0}


def test_nothing_of_a_student_s_runs(term: Term) -> None:
    assert term.titles == {"1_numbers"}
