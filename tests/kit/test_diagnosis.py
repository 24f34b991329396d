"""A submission that behaves like a known wrong answer is told what that one's mistake is."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.build import build
from autograde.course import Course, Exercise
from autograde.diagnosis import Diagnoses, Specimen, behaviour_of
from autograde.errors import CourseError
from autograde.grading import Grader
from autograde.model import CheckResult, ExerciseResult, Outcome, Visibility

Change = Callable[[Path, str, str], None]
SUBTRACTS = "def add_numbers(first, second):\n    difference = first - second\n    return difference"
ROUNDS = "def add_numbers(x, y):\n    return round(x + y - 0.25)"
DAMAGED = [
    b"",
    b"{",
    b"[]",
    b"\xff\xfe",
    b'{"key": 1}',
    b'{"key": KEY}',
    b'{"key": KEY, "behaviours": 3}',
    b'{"key": KEY, "behaviours": [3]}',
    b'{"key": KEY, "behaviours": [[[3], "text"]]}',
]


class Counting:
    """Grades answers for `Diagnoses`, and counts how often it is asked to."""

    def __init__(self, grader: Grader) -> None:
        self.grader = grader
        self.count = 0

    def __call__(self, exercise: Exercise, text: str) -> ExerciseResult:
        self.count += 1
        return self.grader.grade_answer(exercise, text, diagnose=False)


@pytest.fixture
def grade_answer(toy_grader: Grader) -> Counting:
    return Counting(toy_grader)


@pytest.fixture
def add_numbers(built_course: Course) -> Exercise:
    return built_course.exercise("add_numbers")


def diagnose(course: Course, grade_answer: Counting, text: str) -> str:
    """Return what `Diagnoses` that were just opened say to an answer."""
    exercise = course.exercise("add_numbers")
    result = grade_answer.grader.grade_answer(exercise, text, diagnose=False)
    return Diagnoses(course, grade_answer).explain(exercise, result).diagnosis


def failed(message: str, *, name: str = "test_a", outcome: Outcome = Outcome.FAILED) -> ExerciseResult:
    check = CheckResult(name, "A.", 1.0, outcome, message, "", Visibility.ALWAYS, 0.1)
    return ExerciseResult("add_numbers", 0.0, 3.0, (check,))


def kept_file(course: Course) -> Path:
    return course.root / ".autograde" / "behaviours" / "toy.add_numbers.json"


# What is explained


def test_an_answer_that_behaves_like_a_specimen_gets_its_explanation(
    built_course: Course, grade_answer: Counting
) -> None:
    explained = diagnose(built_course, grade_answer, SUBTRACTS)
    assert explained == "The second number is subtracted instead of added."


def test_an_answer_that_is_wrong_in_a_way_of_its_own_gets_none(
    built_course: Course, grade_answer: Counting
) -> None:
    assert diagnose(built_course, grade_answer, "def add_numbers(a, b):\n    return 41") == ""


def test_a_right_answer_gets_none(built_course: Course, grade_answer: Counting) -> None:
    assert diagnose(built_course, grade_answer, "def add_numbers(a, b):\n    return a + b") == ""
    assert grade_answer.count == 0


def test_an_unwritten_answer_gets_none(
    built_course: Course, grade_answer: Counting, add_numbers: Exercise
) -> None:
    stub = "def add_numbers(a, b):\n    raise NotImplementedError"
    specimen = f'"""It is not there.\n\nFails: test_whole_numbers.\n"""\n{stub}\n'
    (add_numbers.folder / "wrong_not_there.py").write_text(specimen, "utf-8")
    assert diagnose(built_course, grade_answer, stub) == ""
    assert grade_answer.count == 0


def test_an_exercise_that_the_kit_failed_on_gets_none(
    built_course: Course, grade_answer: Counting, add_numbers: Exercise
) -> None:
    result = failed("the reference fails", outcome=Outcome.ERROR)
    assert Diagnoses(built_course, grade_answer).explain(add_numbers, result).diagnosis == ""


def test_of_two_specimens_that_behave_alike_both_are_told(
    built_course: Course, grade_answer: Counting, add_numbers: Exercise
) -> None:
    twin = '"""The sign of the second number is turned round.\n\nFails: test_fractions.\n"""\n'
    (add_numbers.folder / "wrong_sign.py").write_text(twin + SUBTRACTS, "utf-8")
    told = diagnose(built_course, grade_answer, SUBTRACTS)
    first, second = (
        "The sign of the second number is turned round.",
        "The second number is subtracted instead of added.",
    )
    assert told == f"{first} Or: {second}"


def test_an_explanation_never_changes_a_score(
    built_course: Course, grade_answer: Counting, add_numbers: Exercise
) -> None:
    result = grade_answer.grader.grade_answer(add_numbers, SUBTRACTS, diagnose=False)
    explained = Diagnoses(built_course, grade_answer).explain(add_numbers, result)
    assert (explained.score, explained.checks) == (result.score, result.checks)


def test_the_student_s_own_line_and_the_time_it_had_are_no_part_of_a_behaviour() -> None:
    raised = "Your code raised TypeError: not a number"
    assert behaviour_of(failed(f"{raised} at `return a`")) == behaviour_of(
        failed(f"{raised} at `return b + 1`")
    )
    stopped = "it was stopped after {} s: an endless loop?"
    assert behaviour_of(failed(stopped.format(4))) == behaviour_of(failed(stopped.format("0.8")))


def test_other_checks_messages_and_outcomes_are_other_behaviours() -> None:
    seen = [
        failed("one"),
        failed("another"),
        failed("one", name="test_b"),
        failed("one", outcome=Outcome.SKIPPED),
    ]
    assert len({behaviour_of(result) for result in seen}) == 4


def test_what_passes_is_no_part_of_a_behaviour() -> None:
    assert behaviour_of(failed("", outcome=Outcome.PASSED)) == ()


# What is kept


def test_behaviours_are_found_once_for_many_answers(
    built_course: Course, grade_answer: Counting, add_numbers: Exercise
) -> None:
    diagnoses = Diagnoses(built_course, grade_answer)
    result = grade_answer.grader.grade_answer(add_numbers, SUBTRACTS, diagnose=False)
    assert diagnoses.explain(add_numbers, result) == diagnoses.explain(add_numbers, result)
    assert grade_answer.count == len(add_numbers.wrong)


def test_behaviours_are_kept_for_the_next_run(built_course: Course, grade_answer: Counting) -> None:
    first = diagnose(built_course, grade_answer, SUBTRACTS)
    count = grade_answer.count
    assert count > 0
    assert diagnose(built_course, grade_answer, SUBTRACTS) == first
    assert grade_answer.count == count


def edit_checks(course: Course, change: Change) -> None:
    change(course.exercise("add_numbers").check_file, "add_numbers(0.5, 0.25)", "add_numbers(0.5, 0.125)")


def edit_specimen(course: Course, change: Change) -> None:
    change(course.exercise("add_numbers").folder / "wrong_subtracts.py", "return a - b", "return a - b - 0")


def add_specimen(course: Course, change: Change) -> None:
    text = '"""It is 41.\n\nFails: test_fractions.\n"""\ndef add_numbers(a, b):\n    return 41'
    (course.exercise("add_numbers").folder / "wrong_41.py").write_text(text, "utf-8")


def remove_specimen(course: Course, change: Change) -> None:
    (course.exercise("add_numbers").folder / "wrong_rounds_down.py").unlink()


def edit_text(course: Course, change: Change) -> None:
    change(course.text("toy", "1_numbers"), "    return a + b\n", "    return b + a\n")
    build(course, "toy")


def edit_seed(course: Course, change: Change) -> None:
    change(course.root / "pyproject.toml", "seed = 0", "seed = 1")


@pytest.mark.parametrize(
    "edit", [edit_checks, edit_specimen, add_specimen, remove_specimen, edit_text, edit_seed]
)
def test_behaviours_are_found_anew_after_an_edit(
    edit: Callable[[Course, Change], None], built_course: Course, grade_answer: Counting, change: Change
) -> None:
    diagnose(built_course, grade_answer, SUBTRACTS)
    before = grade_answer.count
    edit(built_course, change)
    course = Course(built_course.root)  # settings are read once
    expected = "The second number is subtracted instead of added."
    assert diagnose(course, grade_answer, SUBTRACTS) == expected
    assert grade_answer.count == before + len(course.exercise("add_numbers").wrong)
    diagnose(course, grade_answer, SUBTRACTS)
    assert grade_answer.count == before + len(course.exercise("add_numbers").wrong)


def test_another_exercise_s_edit_leaves_behaviours_as_they_are(
    built_course: Course, grade_answer: Counting
) -> None:
    diagnose(built_course, grade_answer, SUBTRACTS)
    before = grade_answer.count
    other = built_course.exercise("describe").check_file
    other.write_text(other.read_text("utf-8") + "\n# More to come.\n", "utf-8")
    diagnose(built_course, grade_answer, SUBTRACTS)
    assert grade_answer.count == before


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_made_anew(content: bytes, built_course: Course, grade_answer: Counting) -> None:
    diagnose(built_course, grade_answer, SUBTRACTS)
    path, before = kept_file(built_course), grade_answer.count
    whole = path.read_text("utf-8")
    path.write_bytes(content.replace(b"KEY", json.dumps(json.loads(whole)["key"]).encode()))
    told = diagnose(built_course, grade_answer, SUBTRACTS)
    assert told == "The second number is subtracted instead of added."
    assert grade_answer.count > before
    assert path.read_text("utf-8") == whole
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_disk_that_keeps_nothing_costs_no_explanation(built_course: Course, grade_answer: Counting) -> None:
    (built_course.root / ".autograde").write_text("no folder", "utf-8")
    told = diagnose(built_course, grade_answer, SUBTRACTS)
    assert told == "The second number is subtracted instead of added."


# Specimens


def test_a_specimen_is_read_with_what_it_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "wrong_a.py"
    text = '"""First it is wrong.\nVery wrong.\n\nFails: test_a, test_b,\n    test_c.\n"""\nanswer = 1\n'
    path.write_text(text, "utf-8")
    fails = frozenset({"test_a", "test_b", "test_c"})
    assert Specimen.read(path) == Specimen(path, text, "First it is wrong. Very wrong.", fails)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"answer = 1\n", "its docstring must end with a line `Fails: test_..., test_....`"),
        (b'"""It is wrong."""\n', "its docstring must end with a line `Fails: test_..., test_....`"),
        (b'"""Fails: test_a."""\n', "its docstring must begin with a sentence that says what is wrong"),
        (b"answer = (\n", "line 1: not valid Python"),
        (b"'\xff'", "not valid Python"),
        (b"'\0'", "not valid Python"),
    ],
)
def test_a_specimen_that_does_not_say_what_is_wrong_is_named(
    content: bytes, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "wrong_a.py"
    path.write_bytes(content)
    with pytest.raises(CourseError) as caught:
        Specimen.read(path)
    assert str(caught.value).startswith(str(path))
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)
