"""The demo shows what happens in a real class, from the submissions to the gradebook, and harms nothing."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograde.build import build
from autograde.classroom import stored_results
from autograde.course import Course
from autograde.demo import DEMO_MARKER, STUDENTS, fill_in, hand_in, make_course, without_docstring
from autograde.errors import CourseError
from autograde.model import ExerciseResult, Outcome, SubmissionResult
from autograde.notebook import grade_id, graded_exercise, read_notebook

Command = Callable[..., subprocess.CompletedProcess[str]]
TOY_COURSE = Path(__file__).parent / "toy_course"
NUMBERS = "1_numbers"


@pytest.fixture(scope="module", name="ran")
def fixture_ran(
    tmp_path_factory: pytest.TempPathFactory, command: Command
) -> tuple[Course, subprocess.CompletedProcess[str]]:
    """A toy course and what `autograde demo` printed in it; the demo is in its folder `demo`."""
    root = tmp_path_factory.mktemp("demo") / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "pyproject.toml").write_text("[tool.autograde]\ncell_seconds = 3\nprobe_seconds = 2\n", "utf-8")
    build(Course(root), "toy")
    return Course(root), command("demo", cwd=root)


@pytest.fixture(name="demo")
def fixture_demo(ran: tuple[Course, subprocess.CompletedProcess[str]]) -> Course:
    return Course(ran[0].root / "demo")


@pytest.fixture(name="results")
def fixture_results(demo: Course) -> dict[str, SubmissionResult]:
    return {result.student: result for result in stored_results(demo, "toy")}


def exercise(result: SubmissionResult, name: str) -> ExerciseResult:
    return next(one for one in result.exercises if one.exercise == name)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# The class


def test_a_dozen_students_and_more_are_graded(
    ran: tuple[Course, subprocess.CompletedProcess[str]], results: dict[str, SubmissionResult]
) -> None:
    assert ran[1].returncode == 0, ran[1].stderr
    assert len(results) == len(STUDENTS) >= 12
    assert {result.max_score for result in results.values()} == {8}


def test_the_gradebook_holds_everybody_s_score(demo: Course, results: dict[str, SubmissionResult]) -> None:
    with Gradebook(demo.gradebook_url) as book:
        recorded = {row.student_id: row.score for row in book.assignment_submissions("toy")}
    assert recorded == {student: result.score for student, result in results.items()}


def test_the_class_is_shown_with_every_student(
    ran: tuple[Course, subprocess.CompletedProcess[str]], results: dict[str, SubmissionResult]
) -> None:
    assert f"{len(STUDENTS)} students hand in toy in demo/" in ran[1].stderr
    for student in results:
        assert student in ran[1].stdout
    assert "demo/autograded/" in ran[1].stdout


def test_there_are_students_of_all_kinds(results: dict[str, SubmissionResult]) -> None:
    scores = [result.score for result in results.values()]
    assert scores.count(8) >= 3
    assert scores.count(0) >= 1
    assert sum(0 < score < 8 for score in scores) >= 5


def test_mistakes_are_explained(results: dict[str, SubmissionResult]) -> None:
    told = {one.diagnosis for result in results.values() for one in result.exercises if one.diagnosis}
    assert "The numbers are added as if both were positive." in told
    assert len(told) >= 3


def test_every_check_has_told_some_student_from_another(results: dict[str, SubmissionResult]) -> None:
    seen: dict[str, set[Outcome]] = {}
    for result in results.values():
        for check in (check for one in result.exercises for check in one.checks):
            seen.setdefault(check.name, set()).add(check.outcome)
    assert {Outcome.ERROR} not in seen.values()
    assert all(Outcome.PASSED in outcomes and len(outcomes) > 1 for outcomes in seen.values())


def test_a_student_who_wrote_nothing_gets_nothing(results: dict[str, SubmissionResult]) -> None:
    assert results["leonhard"].score == 0
    assert {one.diagnosis for one in results["leonhard"].exercises} == {""}


def test_a_student_who_did_not_finish_gets_what_was_finished(results: dict[str, SubmissionResult]) -> None:
    assert [one.score for one in results["katherine"].exercises] == [3, 0]


def test_cells_that_came_away_or_twice_cost_nothing(results: dict[str, SubmissionResult]) -> None:
    for student, told in (("margaret", "were missing; they were put back"), ("niklaus", "was there 2 times")):
        assert results[student].score == 8
        (repair,) = results[student].notebooks[0].repairs
        assert told in repair


@pytest.mark.parametrize(
    ("student", "told"), [("rosalind", "an endless loop?"), ("stephen", "it ended the Python process")]
)
def test_code_that_hangs_or_ends_the_process_costs_its_own_exercise(
    student: str, told: str, results: dict[str, SubmissionResult]
) -> None:
    assert exercise(results[student], "add_numbers").score == 0
    assert exercise(results[student], "describe").score == 5
    assert told in results[student].notebooks[0].remarks[0]
    assert {told in check.message for check in exercise(results[student], "add_numbers").checks} == {True}


def test_the_course_itself_stays_as_it_is(
    ran: tuple[Course, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    course = ran[0]
    names = {path.name for path in course.root.iterdir()}
    assert names == {
        "nbgrader_config.py",
        "pyproject.toml",
        "solutions",
        "source",
        "release",
        "tests",
        "demo",
    }


# Where it is made


def test_a_second_demo_replaces_the_first(built_course: Course) -> None:
    folder = built_course.root / "demo"
    hand_in(make_course(built_course, folder), "toy")
    first = contents(folder)
    (folder / "submitted" / "ada" / "toy" / "left over.txt").write_text("from the first demo", "utf-8")
    (folder / "release" / "toy" / f"{NUMBERS}.ipynb").write_text("damaged", "utf-8")
    hand_in(make_course(built_course, folder), "toy")
    assert contents(folder) == first


def test_an_empty_folder_is_taken(built_course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    make_course(built_course, folder)
    assert (folder / DEMO_MARKER).is_file()


@pytest.mark.parametrize("where", ["solutions", ".", "nbgrader_config.py"])
def test_a_folder_with_anything_else_in_it_is_refused(where: str, built_course: Course) -> None:
    before = contents(built_course.root)
    folder = (built_course.root / where).resolve()
    with pytest.raises(CourseError, match="something else than an earlier demo; choose another --folder"):
        make_course(built_course, folder)
    assert contents(built_course.root) == before


def test_the_demo_has_the_course_s_settings_but_less_patience(built_course: Course, tmp_path: Path) -> None:
    settings = "cell_seconds = 40\nprobe_seconds = 1.5\nmemory_mb = 1000\nseed = 7\n"
    (built_course.root / "pyproject.toml").write_text(f"[tool.autograde]\n{settings}", "utf-8")
    made = make_course(Course(built_course.root), tmp_path / "demo").settings
    assert (made.cell_seconds, made.probe_seconds, made.memory_mb, made.seed) == (10, 1.5, 1000, 7)


def test_a_course_that_is_not_built_is_told_to_build(toy_course: Course, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="run `autograde build`"):
        hand_in(make_course(toy_course, tmp_path / "demo"), "toy")


# What is handed in


def test_students_hand_in_what_was_released_with_their_answers(built_course: Course, tmp_path: Path) -> None:
    demo = make_course(built_course, tmp_path / "demo")
    assert hand_in(demo, "toy") == tuple(student.name for student in STUDENTS) == demo.students("toy")
    released = read_notebook(demo.release("toy", NUMBERS))
    for student in demo.students("toy"):
        submitted = read_notebook(demo.submitted("toy", student) / f"{NUMBERS}.ipynb")
        tests = {cell.source for cell in submitted.cells if graded_exercise(cell)}
        assert tests <= {cell.source for cell in released.cells if graded_exercise(cell)}
        text = "\n".join(cell.source for cell in submitted.cells)
        assert "Fails:" not in text
        assert "BEGIN SOLUTION" not in text


def test_filling_in_leaves_everything_but_the_answers(built_course: Course) -> None:
    released = read_notebook(built_course.release("toy", NUMBERS))
    before = str(released)
    filled = fill_in(released, {"add_numbers": "mine", "imports": "not an answer"})
    changed = [one for one, other in zip(filled.cells, released.cells, strict=True) if one != other]
    assert [(grade_id(cell), cell.source) for cell in changed] == [("add_numbers", "mine")]
    assert str(released) == before


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('"""Wrong.\n\nFails: test_a.\n"""\n\n\ndef a():\n    """Of a."""\n', 'def a():\n    """Of a."""'),
        ("def a():\n    pass\n", "def a():\n    pass\n"),
    ],
)
def test_what_is_wrong_with_an_answer_is_not_handed_in(text: str, left: str) -> None:
    assert without_docstring(text) == left
