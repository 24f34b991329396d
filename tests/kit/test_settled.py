"""A class in which nothing has changed is told again at once; whatever changes, it is looked at again."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograde.build import build
from autograde.classroom import Options, Tick, grade_class
from autograde.course import MARKER, Course
from autograde.gradebook import scores
from autograde.settled import SEALS, settled

TOY_COURSE = Path(__file__).parent / "toy_course"
NUMBERS = "1_numbers.ipynb"


@pytest.fixture(scope="module", name="original")
def fixture_original(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The toy course with two students, graded once."""
    root = tmp_path_factory.mktemp("settled") / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(root)
    build(course, "toy")
    for student in ("ann", "bob"):
        hand_in(course, student)
    grade_class(course, "toy")
    return course


@pytest.fixture(name="course")
def fixture_course(original: Course, tmp_path: Path) -> Course:
    """A copy of the graded course, to change."""
    shutil.copytree(original.root, tmp_path / "toy course")
    return Course(tmp_path / "toy course")


def hand_in(course: Course, student: str) -> None:
    folder = course.submitted("toy", student)
    folder.mkdir(parents=True)
    shutil.copy(course.release("toy", "1_numbers"), folder)


def test_what_is_told_again_is_what_was_found(course: Course) -> None:
    known = settled(course, "toy")
    assert known is not None
    assert known.results == grade_class(course, "toy").results
    assert known.standing == scores(course, "toy")


def test_the_command_says_the_same_and_loads_neither_nbgrader_nor_notebooks(course: Course) -> None:
    def grade(*, sealed: bool) -> tuple[str, set[str]]:
        if not sealed:
            shutil.rmtree(course.root / SEALS)
        text = (
            "import sys\nfrom autograde.cli import main\nsys.argv = ['autograde', 'grade', 'toy']\n"
            "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
        )
        run = subprocess.run(
            [sys.executable, "-c", text], cwd=course.root, capture_output=True, text=True, check=True
        )
        return run.stdout, set(run.stderr.split())

    quick, loaded = grade(sealed=True)
    slow, loaded_when_slow = grade(sealed=False)
    assert quick == slow != ""
    assert {"nbgrader", "nbformat"} <= loaded_when_slow
    assert not {"nbgrader", "nbformat", "sqlalchemy"} & loaded


def edit_submission(course: Course) -> None:
    path = course.submitted("toy", "ann") / NUMBERS
    path.write_text(path.read_text("utf-8").replace("a + b", "a - b") + "\n", "utf-8")


def edit_checks(course: Course) -> None:
    with course.exercise("describe").check_file.open("a") as file:
        file.write("# Edited.\n")


def edit_settings(course: Course) -> None:
    with (course.root / "pyproject.toml").open("a") as file:
        file.write("\n[tool.autograde.notebooks.1_numbers]\ncell_seconds = 11\n")


def edit_configuration(course: Course) -> None:
    with (course.root / MARKER).open("a") as file:
        file.write("# Edited.\n")


def move_due_date(course: Course) -> None:
    with Gradebook(course.gradebook_url) as gradebook:
        gradebook.update_or_create_assignment("toy", duedate="2020-01-01")


def hold_gradebook(course: Course) -> None:
    (course.root / "gradebook.db-journal").touch()


def remove_graded_notebook(course: Course) -> None:
    (course.autograded("toy", "bob") / NUMBERS).unlink()


def edit_result(course: Course) -> None:
    path = course.results("toy", "bob")
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


def damage_seal(course: Course) -> None:
    (course.root / SEALS / "toy.json").write_text("{", "utf-8")


@pytest.mark.parametrize(
    "change",
    [
        edit_submission, edit_checks, edit_settings, edit_configuration, move_due_date, hold_gradebook,
        remove_graded_notebook, edit_result, damage_seal,
        lambda course: hand_in(course, "new"),
        lambda course: shutil.rmtree(course.submitted("toy", "bob")),
        lambda course: course.results("toy", "bob").unlink(),
        lambda course: (course.root / "gradebook.db").unlink(),
    ],
    ids=[
        "submission", "checks", "settings", "configuration", "due date", "gradebook in use",
        "graded notebook", "result", "seal", "new student", "student left", "no result", "no gradebook",
    ],
)  # fmt: skip
def test_whatever_changes_the_class_is_looked_at_again(
    course: Course, change: Callable[[Course], object]
) -> None:
    assert settled(course, "toy") is not None
    change(course)
    assert settled(Course(course.root), "toy") is None


def test_a_gradebook_elsewhere_is_not_sealed(course: Course) -> None:
    with (course.root / MARKER).open("a") as file:
        file.write(f"c.CourseDirectory.db_url = {course.gradebook_url!r}\n")
    grade_class(course, "toy")
    assert settled(course, "toy") is None


@pytest.fixture(name="broken_off")
def fixture_broken_off(course: Course) -> Course:
    """A run that has begun to grade an edited submission, and ends before it is written."""

    def stop(tick: Tick) -> None:
        raise KeyboardInterrupt

    original = (course.submitted("toy", "ann") / NUMBERS).read_bytes()
    edit_submission(course)
    with pytest.raises(KeyboardInterrupt):
        grade_class(course, "toy", options=Options(progress=stop))
    (course.submitted("toy", "ann") / NUMBERS).write_bytes(original)
    return course


def test_a_run_that_was_broken_off_leaves_nothing_settled(broken_off: Course) -> None:
    assert settled(broken_off, "toy") is None
    assert grade_class(broken_off, "toy").graded == 0
    assert settled(broken_off, "toy") is not None


def test_what_changes_while_a_class_is_graded_is_not_sealed(course: Course) -> None:
    def meanwhile(tick: Tick) -> None:
        if tick.done == tick.total:
            move_due_date(course)

    edit_checks(course)
    grade_class(course, "toy", options=Options(progress=meanwhile))
    assert settled(course, "toy") is None


def test_grading_some_or_trying_settles_nothing(course: Course) -> None:
    edit_checks(course)
    grade_class(course, "toy", options=Options(dry_run=True))
    assert settled(course, "toy") is None
    grade_class(course, "toy", ["ann"])
    assert settled(course, "toy") is None
