"""What a check file declares is read without running it, and mistakes in it are named with their line."""

import re
from pathlib import Path

import pytest

from autograde.checks.declared import declared_checks
from autograde.errors import CourseError
from autograde.model import CheckInfo, Visibility

GOOD = '''"""Hidden checks."""
from autograde.checks import check

raise SystemExit("this file must not run")


def helper():
    return 1


@check(points=2, hint="Look " "twice.", visibility="name only")
def test_first(agree):
    """
    A sentence for the student.

    And more for the author.
    """


@check(needs=["test_first"])
def test_second(student):
    """Another sentence."""
'''


@pytest.fixture
def check_file(tmp_path: Path) -> Path:
    """Where a test writes its check file."""
    return tmp_path / "test_exercise.py"


def test_checks_are_read_in_order_without_running_the_file(check_file: Path) -> None:
    check_file.write_text(GOOD, "utf-8")
    assert declared_checks(check_file) == (
        CheckInfo("test_first", "A sentence for the student.", 2.0, "Look twice.", Visibility.NAME_ONLY, ()),
        CheckInfo("test_second", "Another sentence.", 1.0, "", Visibility.ALWAYS, ("test_first",)),
    )


def test_check_may_be_reached_through_its_module(check_file: Path) -> None:
    check_file.write_text('@checks.check()\ndef test_a(agree):\n    """A."""\n', "utf-8")
    assert [check.name for check in declared_checks(check_file)] == ["test_a"]


@pytest.mark.parametrize(
    ("decorator", "complaint"),
    [
        ("", r"has no @check\(\)"),
        ("@check", "without parentheses"),
        ("@check(2)", "argument without a name"),
        ("@check(weight=2)", "argument 'weight'; there are points, hint, visibility, needs"),
        ("@check(points=0)", "points=0; points are a number above 0"),
        ("@check(points=True)", "points=True"),
        ("@check(points='2')", "points='2'"),
        ("@check(points=1e999)", "points=inf"),
        ("@check(points=one())", "computes points"),
        ("@check(hint=3)", "hint=3"),
        (
            "@check(visibility='sometimes')",
            "'sometimes'; there are 'always', 'after grading', 'name only', 'never'",
        ),
        ("@check(needs='test_b')", "needs='test_b'; needs is a list"),
        ("@check(needs=['test_b'])", "needs 'test_b', which is no check above it"),
        ("@check(**options)", "argument None"),
    ],
)
def test_bad_arguments_are_named_with_file_and_line(decorator: str, complaint: str, check_file: Path) -> None:
    check_file.write_text(f'x = 1\n{decorator}\ndef test_a(agree):\n    """A."""\n', "utf-8")
    with pytest.raises(CourseError, match=rf"^{re.escape(str(check_file))}:3: test_a .*{complaint}"):
        declared_checks(check_file)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("@check()\ndef test_a(agree):\n    pass\n", "2: test_a has no docstring"),
        ('@check()\ndef test_a(agree):\n    """ """\n', "2: test_a has no docstring"),
        ('@check()\ndef a(agree):\n    """A."""\n', "2: a has @check\\(\\) but is not called test_"),
        ('@check()\nasync def test_a(agree):\n    """A."""\n', "2: test_a is async"),
        ('@check()\ndef test_a(x):\n    """A."""\n' * 2, "5: test_a is there twice"),
        ("def test_a(:\n", "1: not valid Python: "),
        ("x = 1\n", " no checks"),
        ("", " no checks"),
        ("x = '\0'", "1: not valid Python: "),
    ],
)
def test_a_file_that_declares_no_proper_check_is_refused(text: str, complaint: str, check_file: Path) -> None:
    check_file.write_text(text, "utf-8")
    with pytest.raises(CourseError, match=rf"^{re.escape(str(check_file))}:{complaint}"):
        declared_checks(check_file)


def test_a_missing_file_is_named(check_file: Path) -> None:
    with pytest.raises(CourseError, match=rf"^{re.escape(str(check_file))}: No such file"):
        declared_checks(check_file)
