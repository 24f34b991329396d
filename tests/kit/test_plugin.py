"""What a check has at its disposal, and `pytest tests/exercises`, which judges the reference itself."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.build import build
from autograde.course import Course
from autograde.model import CheckResult

Judge = Callable[..., dict[str, CheckResult]]

COMPARED = """
    @check()
    def test_compared(agree):
        '''It is the same.'''
        def probe(result):
            return result
        assert agree(probe{tolerance}) in {values}, "agree returned something else"
"""
DRAWN = """
    @check()
    def test_first(student, rng):
        '''First.'''
        def probe(passes):
            return passes
        assert student(probe), str(rng.integers(2**60))

    @check()
    def test_second(student, rng):
        '''Second.'''
        def probe(passes):
            return passes
        assert student(probe), str(rng.integers(2**60))
"""
SENT = """
    FACTOR = 3

    def tripled(number):
        return FACTOR * number

    @check()
    def test_sent(student, reference):
        '''The probe arrives with all it needs.'''
        def probe(offset, numbers, text):
            return [offset + tripled(number) for number in numbers], text
        expected = ([101, 104], "a")
        assert student(probe, numbers=[0, 1], text="a") == expected, "from the student"
        assert reference(probe, numbers=[0, 1], text="a") == ([1, 4], "a"), "from the reference"
"""


def drawn(judge: Judge, seed: int) -> list[str]:
    """Return the numbers that the two checks of `DRAWN` draw, which stand in their messages."""
    results = judge(DRAWN, student="passes = False", reference="passes = True", seed=seed)
    return [result.message for result in results.values()]


def test_agree_returns_the_student_s_value_if_both_agree(judge: Judge) -> None:
    checks = COMPARED.format(tolerance=", atol=1", values="[10.5]")
    assert judge(checks, "result = 10.5", "result = 10.0")["test_compared"].outcome == "passed"


def test_agree_fails_with_a_message_that_says_where(judge: Judge) -> None:
    checks = COMPARED.format(tolerance="", values="[[2, {'a': 0.25}]]")
    result = judge(checks, "result = [2, {'a': 0.5}]", "result = [2, {'a': 0.25}]")["test_compared"]
    assert result.outcome == "failed"
    assert result.message == "Your result: at [1]['a']: 0.5 is not the right number."


@pytest.mark.parametrize(
    ("tolerance", "outcome"), [("", "failed"), (", rtol=0.1", "passed"), (", atol=1", "passed")]
)
def test_agree_is_as_exact_as_it_is_told_to_be(tolerance: str, outcome: str, judge: Judge) -> None:
    checks = COMPARED.format(tolerance=tolerance, values="[10.0, 10.5]")
    assert judge(checks, "result = 10.5", "result = 10.0")["test_compared"].outcome == outcome


def test_a_probe_finds_what_it_uses_and_what_it_is_given(judge: Judge) -> None:
    result = judge(SENT, "offset = 101", "offset = 1")["test_sent"]
    assert (result.outcome, result.message) == ("passed", "")


def test_a_name_that_the_student_lacks_is_named(judge: Judge) -> None:
    result = judge(COMPARED.format(tolerance="", values="[1]"), "other = 1", "result = 1")["test_compared"]
    assert result.outcome == "failed"
    assert result.message == "`result` is not defined: is its cell missing, or did it fail?"


def test_numbers_are_drawn_alike_for_the_same_seed_and_check(judge: Judge) -> None:
    assert drawn(judge, seed=0) == drawn(judge, seed=0)


def test_other_checks_and_other_seeds_draw_other_numbers(judge: Judge) -> None:
    assert len({*drawn(judge, seed=0), *drawn(judge, seed=1)}) == 4


def run_pytest(course: Course) -> subprocess.CompletedProcess[str]:
    """Run the course's checks as their author does."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "tests/exercises"]
    return subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=300, check=False)


def test_pytest_alone_judges_the_reference_which_passes(built_course: Course) -> None:
    run = run_pytest(built_course)
    assert run.returncode == 0, run.stdout
    assert "8 passed" in run.stdout
    assert "warning" not in run.stdout


def test_pytest_alone_fails_where_the_reference_is_wrong(
    toy_course: Course, change: Callable[[Path, str, str], None]
) -> None:
    change(toy_course.text("toy", "1_numbers"), "    if not numbers:\n        return {}\n", "")
    build(toy_course, "toy")
    run = run_pytest(toy_course)
    assert run.returncode == 1, run.stdout
    assert "1 failed, 7 passed" in run.stdout
    assert "FAILED tests/exercises/toy/describe/test_describe.py::test_empty_list" in run.stdout
    assert "min() " in run.stdout
