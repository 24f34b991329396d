"""The class at a glance: statistics by hand and from the code agree, and nothing is graded for them."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograde import grading
from autograde.build import build
from autograde.classroom import worker
from autograde.course import Course
from autograde.files import write_atomically
from autograde.gradebook import Standing, recorder, register_assignment, standing
from autograde.model import (
    CheckResult,
    ExerciseResult,
    NotebookResult,
    Outcome,
    SubmissionResult,
    Visibility,
)
from autograde.notebook import read_notebook
from autograde.report.items import check_shares, items, known_mistakes
from autograde.report.overview import overview

Command = Callable[..., subprocess.CompletedProcess[str]]
FINE, WRONG_USE = 0, 2
TOY_COURSE = Path(__file__).parent / "toy_course"
MOST = {"add_numbers": 3.0, "describe": 5.0}
HOSTILE = "eve\x1b[31m\n::error::x"


def check(name: str, outcome: Outcome, sentence: str = "") -> CheckResult:
    return CheckResult(name, sentence or f"{name}.", 1.0, outcome, "", "", Visibility.ALWAYS, 0.0)


def result(student: str, problem: str = "", diagnosis: str = "", **given: float | None) -> SubmissionResult:
    """Return a student's results; the check of each exercise passes if all points are there."""
    exercises = tuple(
        ExerciseResult(
            name,
            given[name],
            most,
            (check("test_it", Outcome.PASSED if given[name] == most else Outcome.FAILED),),
            diagnosis if given[name] != most else "",
        )
        for name, most in MOST.items()
        if name in given
    )
    notebook = NotebookResult("1_numbers", exercises, problem=problem)
    return SubmissionResult("toy", student, (notebook,), "confined", 0, {})


# Statistics


def test_difficulty_is_the_share_of_the_points_that_were_reached() -> None:
    scores = [(3.0, 5.0), (0.0, 5.0), (1.5, 0.0), (3.0, 2.0)]
    one, other = items([result(f"s{at}", add_numbers=a, describe=b) for at, (a, b) in enumerate(scores)])
    assert (one.exercise, one.students, one.mean, one.difficulty) == ("add_numbers", 4, 1.875, 0.625)
    assert (other.exercise, other.students, other.mean, other.difficulty) == ("describe", 4, 3.0, 0.6)


@pytest.mark.parametrize(
    ("scores", "correlation"),
    [
        ([(0.0, 1.0), (1.0, 2.0), (2.0, 3.0)], 1.0),
        ([(0.0, 3.0), (1.0, 2.0), (2.0, 1.0)], -1.0),
        ([(0.0, 1.0), (1.0, 5.0), (2.0, 3.0)], 0.5),
        ([(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)], None),  # the same for all
        ([(1.0, 1.0), (2.0, 2.0)], None),  # too few
    ],
)
def test_discrimination_is_the_correlation_with_the_other_exercises(
    scores: list[tuple[float, float]], correlation: float | None
) -> None:
    found = items([result(f"s{at}", add_numbers=a, describe=b) for at, (a, b) in enumerate(scores)])
    expected = None if correlation is None else pytest.approx(correlation)
    assert [one.discrimination for one in found] == [expected, expected]


def test_who_could_not_be_judged_says_nothing_of_an_exercise() -> None:
    results = [
        result("a", add_numbers=3.0, describe=5.0),
        result("b", problem="it is empty", add_numbers=0.0, describe=0.0),
        result("c", add_numbers=None, describe=0.0),
    ]
    assert [(one.students, one.difficulty) for one in items(results)] == [(1, 1.0), (2, 0.5)]
    assert {(one.exercise, one.students, one.passed) for one in check_shares(results)} == {
        ("add_numbers", 1, 1),
        ("describe", 2, 1),
    }


def test_an_exercise_that_nobody_could_do_is_listed_without_numbers() -> None:
    (one,) = items([result("a", problem="it is empty", add_numbers=0.0)])
    assert (one.students, one.mean, one.difficulty, one.discrimination) == (0, None, None, None)


def test_checks_are_ordered_by_how_few_of_those_who_came_to_them_passed() -> None:
    def of(*outcomes: Outcome) -> SubmissionResult:
        checks = tuple(check(name, outcome) for name, outcome in zip("abc", outcomes, strict=True))
        notebook = NotebookResult("1", (ExerciseResult("add", 1.0, 3.0, checks),))
        return SubmissionResult("toy", "x", (notebook,), "", 0, {})

    passed, failed, skipped, error = Outcome
    shares = check_shares(
        [of(passed, failed, skipped), of(passed, passed, failed), of(failed, passed, error)]
    )
    assert [(one.check, one.passed, one.students) for one in shares] == [
        ("c", 0, 1),
        ("a", 2, 3),
        ("b", 2, 3),
    ]


def test_known_mistakes_are_counted() -> None:
    made = [result(name, diagnosis="rounds", add_numbers=1.0) for name in "abc"]
    other = result("d", diagnosis="subtracts", add_numbers=0.0)
    told = [
        (one.diagnosis, one.students) for one in known_mistakes([other, *made, result("e", add_numbers=3.0)])
    ]
    assert told == [("rounds", 3), ("subtracts", 1)]


# The gradebook


def keep(course: Course, *results: SubmissionResult) -> None:
    """Keep results as grading does, but without having graded anything."""
    for one in results:
        notebooks = {"1_numbers": read_notebook(course.source("toy", "1_numbers"))}
        with recorder(course, one.assignment) as book:
            book.record(one, notebooks, None)
        write_atomically(course.results("toy", one.student), one.to_json())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a course with the results of three students, one absent, and one not graded yet."""
    root = tmp_path_factory.mktemp("filled") / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(root)
    build(course, "toy")
    register_assignment(course, "toy")
    keep(
        course,
        result("ann", add_numbers=3.0, describe=5.0),
        result("bob", diagnosis="It rounds.", add_numbers=1.5, describe=5.0),
        result("cem", add_numbers=0.0, describe=2.5),
    )
    with Gradebook(course.gradebook_url) as book:
        book.add_student("zoe")
        book.add_student("new")
    course.submitted("toy", "new").mkdir(parents=True)
    return root


@pytest.fixture
def course(filled: Path, tmp_path: Path) -> Course:
    """A copy of that course."""
    return Course(Path(shutil.copytree(filled, tmp_path / "toy course")))


def test_the_gradebook_knows_who_is_missing_and_what_waits_for_people(course: Course) -> None:
    found = standing(course, "toy")
    assert found.by_hand == {"1_numbers: explain_describe": 3}
    assert found.absent == ("new", "zoe")
    assert {name: score.score for name, score in found.scores.items()} == {"ann": 8, "bob": 6.5, "cem": 2.5}


def test_who_has_handed_in_is_not_missing(course: Course) -> None:
    told = overview("toy", [], standing(course, "toy"), course.students("toy"))
    assert told.standing.absent == ("zoe",)
    assert told.ungraded == ("new",)


def test_no_gradebook_is_made(built_course: Course) -> None:
    assert standing(built_course, "toy") == Standing()
    assert not (built_course.root / "gradebook.db").exists()


def test_of_an_assignment_that_is_not_registered_the_gradebook_knows_who_is_missing(course: Course) -> None:
    assert standing(course, "other") == Standing(absent=("ann", "bob", "cem", "new", "zoe"))


# The command


def files(course: Course) -> dict[str, bytes]:
    return {
        str(path.relative_to(course.root)): path.read_bytes()
        for path in course.root.rglob("*")
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def _nothing_is_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **options: object) -> Any:
        raise AssertionError("a report must not grade")

    monkeypatch.setattr(grading, "Grader", refuse)
    monkeypatch.setattr(worker, "Grader", refuse)


def test_the_report_shows_the_class_and_changes_nothing(command: Command, course: Course) -> None:
    before = files(course)
    ran = command("report", "toy", cwd=course.root)
    assert (ran.returncode, ran.stderr) == (FINE, "")
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert "bob 1.5 5 6.5 by hand" in lines
    assert "1.1 add_numbers 3 1.5 3 0.50 0.87" in lines
    assert "1 of 3 1.1 test_it." in lines
    assert "1 1.1 It rounds." in lines
    assert "To grade by hand: 1_numbers: explain_describe (3 students)" in lines
    assert "Without a submission (1): zoe" in lines
    assert "Not graded yet (1): new" in lines
    assert files(course) == before


def test_the_report_is_to_be_had_as_json(command: Command, course: Course) -> None:
    ran = command("report", "toy", "--json", cwd=course.root)
    told = json.loads(ran.stdout)
    assert [(one["student"], one["automatic_score"], one["total"]) for one in told["students"]] == [
        ("ann", 8, 8),
        ("bob", 6.5, 6.5),
        ("cem", 2.5, 2.5),
    ]
    assert told["exercises"][0]["difficulty"] == 0.5
    assert told["mistakes"] == [{"exercise": "add_numbers", "diagnosis": "It rounds.", "students": 1}]
    assert (told["without_submission"], told["not_graded_yet"]) == (["zoe"], ["new"])


def test_without_a_gradebook_the_report_says_so(command: Command, built_course: Course) -> None:
    one = result("ann", add_numbers=3.0, describe=5.0)
    write_atomically(built_course.results("toy", "ann"), one.to_json())
    ran = command("report", "toy", cwd=built_course.root)
    assert ran.returncode == FINE
    assert "totals are missing" in ran.stdout


def test_names_do_not_steer_the_terminal(command: Command, course: Course) -> None:
    write_atomically(course.results("toy", "eve"), result(HOSTILE, add_numbers=3.0, describe=5.0).to_json())
    course.submitted("toy", HOSTILE.replace("/", "")).mkdir(parents=True)
    ran = command("report", "toy", cwd=course.root)
    assert "\x1b" not in ran.stdout
    assert not any(line.startswith("::") for line in ran.stdout.splitlines())


def test_a_class_that_was_not_graded_is_told_of(command: Command, built_course: Course) -> None:
    ran = command("report", "toy", cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert ran.stderr.endswith("results/toy: no results; run `autograde grade toy` first\n")
    ran = command("report", "tyo", cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert ran.stderr.endswith("assignments here: toy\n")


def test_a_damaged_document_is_named(command: Command, course: Course) -> None:
    Path(course.results("toy", "bob")).write_text("{", "utf-8")
    ran = command("report", "toy", cwd=course.root)
    assert ran.returncode == WRONG_USE
    assert "bob.json" in ran.stderr
