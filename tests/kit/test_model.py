"""Results as data: scores are shares of the judged points, and the document survives its JSON."""

import json

import pytest

from autograde.model import (
    CheckResult,
    ExerciseResult,
    NotebookResult,
    Outcome,
    SubmissionResult,
    Visibility,
    exercise_score,
)


def check(outcome: Outcome, points: float = 1.0, name: str = "test_it") -> CheckResult:
    return CheckResult(name, "It holds.", points, outcome, "seen", "try", Visibility.NAME_ONLY, 0.25)


def submission(*exercises: ExerciseResult) -> SubmissionResult:
    notebook = NotebookResult("1_define_network", exercises, ("put back",), ("left out",), "", 1.5)
    return SubmissionResult("neural_networks", "ada ✓", (notebook,), "unconfined", 7, {"torch": "2.15.0"})


def test_passed_checks_earn_their_share_of_the_points() -> None:
    checks = (check(Outcome.PASSED, 3), check(Outcome.FAILED, 1), check(Outcome.SKIPPED, 1))
    assert exercise_score(checks, 10) == 6.0


def test_a_check_in_error_counts_on_neither_side() -> None:
    assert exercise_score((check(Outcome.PASSED, 1), check(Outcome.ERROR, 9)), 10) == 10.0


def test_nothing_judged_is_no_score_rather_than_a_zero() -> None:
    assert exercise_score((check(Outcome.ERROR),), 10) is None
    assert exercise_score((check(Outcome.FAILED),), 10) == 0.0


def test_an_exercise_with_a_check_in_error_is_flagged() -> None:
    assert ExerciseResult("one", 5.0, 10.0, (check(Outcome.PASSED), check(Outcome.ERROR))).flagged
    assert not ExerciseResult("one", 5.0, 10.0, (check(Outcome.PASSED), check(Outcome.FAILED))).flagged


def test_a_submission_adds_up_its_exercises_and_an_unjudged_one_adds_nothing() -> None:
    result = submission(ExerciseResult("one", 7.5, 10.0, ()), ExerciseResult("two", None, 8.0, ()))
    assert (result.score, result.max_score) == (7.5, 18.0)
    assert [exercise.exercise for exercise in result.exercises] == ["one", "two"]


def test_the_document_is_read_back_as_it_was() -> None:
    checks = tuple(check(outcome, name=outcome.value) for outcome in Outcome)
    result = submission(ExerciseResult("one", 2.5, 10.0, checks, "the diagnosis"))
    assert SubmissionResult.from_json(result.to_json()) == result
    assert json.loads(result.to_json())["notebooks"][0]["exercises"][0]["checks"][0]["outcome"] == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"format_version": 2}',
        '{"format_version": 1}',
        '{"format_version": 1, "notebooks": [{"notebook": "x"}]}',
    ],
)
def test_anything_else_is_no_such_document(text: str) -> None:
    with pytest.raises(ValueError, match=r"document|Expecting|property name"):
        SubmissionResult.from_json(text)
