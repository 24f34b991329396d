"""`verify` finds each way in which checks, specimens, stub and reference can fail to fit together."""

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from autograde.build import build
from autograde.course import Course
from autograde.errors import CourseError
from autograde.report.proof import print_proofs
from autograde.verify import ExerciseProof, Rights, Unexpected, Wrongs, solution, verify

Change = Callable[[Path, str, str], None]
TOY_COURSE = Path(__file__).parent / "toy_course"


def add_copy(course: Course, name: str) -> Path:
    """Add an exercise that is `add_numbers` under another name, and return its folder."""
    folder = course.checks("toy") / name
    shutil.copytree(folder.with_name("add_numbers"), folder)
    (folder / "test_add_numbers.py").rename(folder / f"test_{name}.py")
    for path in folder.glob("*.py"):
        path.write_text(path.read_text("utf-8").replace("add_numbers", name), "utf-8")
    text = course.text("toy", "1_numbers")
    cells = text.read_text("utf-8").split("# %%")
    first = next(at for at, cell in enumerate(cells) if "def add_numbers" in cell)
    own = [cell.replace("add_numbers", name) for cell in cells[first : first + 2]]
    text.write_text("# %%".join([*cells[: first + 2], *own, *cells[first + 2 :]]), "utf-8")
    return folder


# What is wrong with each exercise; everything else about it is as it should be.

RETURNS = """

@check()
def test_returns(student):
    '''It returns something.'''
    def probe({name}):
        return {name}(1, 1) is not None
    assert student(probe)
"""
SILENT = """

@check()
def test_silence(student):
    '''Nothing is printed.'''
    def probe({name}):
        import contextlib, io
        with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.suppress(Exception):
            {name}(1, 1)
        return printed.getvalue()
    assert not student(probe)
"""
PRINTS = "'''It prints.\n\nFails: test_silence.\n'''\ndef {name}(a, b):\n    print(a)\n    return a + b\n"
IS_FINE = "'''Nothing is.\n\nFails: test_fractions.\n'''\ndef {name}(a, b):\n    return a + b\n"


def reject_a_right_answer(folder: Path, change: Change) -> None:
    (folder / "right_less_one.py").write_text(f"def {folder.name}(a, b):\n    return a + b - 1\n", "utf-8")


def accept_a_wrong_answer(folder: Path, change: Change) -> None:
    (folder / "wrong_nothing.py").write_text(IS_FINE.format(name=folder.name), "utf-8")


def declare_wrongly(folder: Path, change: Change) -> None:
    change(folder / "wrong_ignores_signs.py", "test_negative_numbers", "test_fractions, test_other")


def have_a_toothless_check(folder: Path, change: Change) -> None:
    with (folder / f"test_{folder.name}.py").open("a", encoding="utf-8") as file:
        file.write(RETURNS.format(name=folder.name))


def let_the_stub_score(folder: Path, change: Change) -> None:
    with (folder / f"test_{folder.name}.py").open("a", encoding="utf-8") as file:
        file.write(SILENT.format(name=folder.name))
    (folder / "wrong_prints.py").write_text(PRINTS.format(name=folder.name), "utf-8")


def fail_the_reference(folder: Path, change: Change) -> None:
    probe = f"return [{folder.name}(0.5, 0.25), {folder.name}(1, 0.125)]\n\n    "
    change(folder / f"test_{folder.name}.py", f"{probe}agree(probe)", f"{probe}assert agree(probe) == 41")


FAULTS: dict[str, Callable[[Path, Change], None]] = {
    "right_is_rejected": reject_a_right_answer,
    "wrong_is_accepted": accept_a_wrong_answer,
    "declaration_is_wrong": declare_wrongly,
    "check_is_toothless": have_a_toothless_check,
    "stub_scores": let_the_stub_score,
    "reference_fails": fail_the_reference,
}


@pytest.fixture(scope="module", name="heard")
def fixture_heard() -> list[str]:
    """What `verify` told of its progress."""
    return []


@pytest.fixture(scope="module", name="proofs")
def fixture_proofs(
    tmp_path_factory: pytest.TempPathFactory, change: Change, heard: list[str]
) -> dict[str, ExerciseProof]:
    """The proofs of a toy course that has, besides its own exercises, one with each fault."""
    root = tmp_path_factory.mktemp("faults") / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(root)
    for name, fault in FAULTS.items():
        fault(add_copy(course, name), change)
    build(course, "toy")
    proofs = verify(course, list(course.all_exercises()), heard.append)
    return {proof.exercise: proof for proof in proofs}


def blameless(name: str) -> ExerciseProof:
    """Return the proof of `add_numbers` under a name."""
    return ExerciseProof(name, True, True, Rights(2, ()), Wrongs(3, (), ()), ())


def printed(*proofs: ExerciseProof) -> list[str]:
    with io.StringIO() as file:
        print_proofs(Console(file=file, width=200), proofs)
        return [" ".join(line.split()) for line in file.getvalue().splitlines()]


def test_an_exercise_without_fault_is_proven(proofs: dict[str, ExerciseProof]) -> None:
    assert proofs["add_numbers"] == blameless("add_numbers")
    assert proofs["describe"] == ExerciseProof("describe", True, True, Rights(2, ()), Wrongs(5, (), ()), ())
    assert proofs["add_numbers"].ok
    assert proofs["describe"].ok


def test_a_right_answer_that_loses_points_is_reported(proofs: dict[str, ExerciseProof]) -> None:
    expected = replace(blameless("right_is_rejected"), right=Rights(3, ("right_less_one.py",)))
    assert proofs["right_is_rejected"] == expected
    assert not expected.ok
    assert "right_is_rejected: right_less_one.py is right, but loses points" in printed(expected)


def test_a_wrong_answer_with_full_marks_is_reported(proofs: dict[str, ExerciseProof]) -> None:
    unexpected = Unexpected("wrong_nothing.py", ("test_fractions",), ())
    expected = replace(blameless("wrong_is_accepted"), wrong=Wrongs(4, ("wrong_nothing.py",), (unexpected,)))
    assert proofs["wrong_is_accepted"] == expected
    assert not expected.ok
    assert "wrong_is_accepted: wrong_nothing.py is wrong, but gets full marks" in printed(expected)


def test_a_wrong_answer_that_fails_other_checks_than_it_says_is_reported(
    proofs: dict[str, ExerciseProof],
) -> None:
    declared, failed = ("test_fractions", "test_other"), ("test_negative_numbers",)
    unexpected = Unexpected("wrong_ignores_signs.py", declared, failed)
    expected = replace(blameless("declaration_is_wrong"), wrong=Wrongs(3, (), (unexpected,)))
    assert proofs["declaration_is_wrong"] == expected
    assert not expected.ok
    line = "wrong_ignores_signs.py says `Fails: test_fractions, test_other`, but fails test_negative_numbers"
    assert f"declaration_is_wrong: {line}" in printed(expected)


def test_a_check_that_no_wrong_answer_fails_is_reported(proofs: dict[str, ExerciseProof]) -> None:
    expected = replace(blameless("check_is_toothless"), toothless_checks=("test_returns",))
    assert proofs["check_is_toothless"] == expected
    assert not expected.ok
    line = "check_is_toothless: test_returns is failed by no wrong answer: add one, or drop it"
    assert line in printed(expected)


def test_a_stub_that_scores_is_reported(proofs: dict[str, ExerciseProof]) -> None:
    expected = replace(blameless("stub_scores"), stub_fails=False, wrong=Wrongs(4, (), ()))
    assert proofs["stub_scores"] == expected
    assert not expected.ok
    assert "stub_scores: the stub scores points: a check passes without an answer" in printed(expected)


def test_a_reference_that_does_not_pass_is_reported(proofs: dict[str, ExerciseProof]) -> None:
    proof = proofs["reference_fails"]
    assert not proof.reference_passes
    assert not proof.ok
    line = "reference_fails: the reference does not pass: mend the solution or the checks"
    assert line in printed(proof)


def test_each_specimen_is_announced_before_it_is_tried(
    proofs: dict[str, ExerciseProof], heard: list[str]
) -> None:
    mine = [line.removeprefix("add_numbers: ") for line in heard if line.startswith("add_numbers: ")]
    assert mine == [
        "reference and stub",
        "right_built_in_sum.py",
        "right_subtracts_negative.py",
        "wrong_ignores_signs.py",
        "wrong_rounds_down.py",
        "wrong_subtracts.py",
    ]
    assert {line.partition(":")[0] for line in heard} == set(proofs)


def test_the_table_has_a_line_for_each_exercise(proofs: dict[str, ExerciseProof]) -> None:
    lines = printed(*proofs.values())
    assert "add_numbers passes fails 2 of 2 pass 3 of 3 fail proven" in lines
    assert "right_is_rejected passes fails 2 of 3 pass 3 of 3 fail to mend" in lines
    assert "wrong_is_accepted passes fails 2 of 2 pass 3 of 4 fail to mend" in lines
    assert "stub_scores passes scores 2 of 2 pass 4 of 4 fail to mend" in lines


# What stands in a solution cell


def test_reference_and_stub_are_found_with_all_their_cells(built_course: Course) -> None:
    describe = built_course.exercise("describe")
    reference = solution(built_course, describe, released=False)
    stub = solution(built_course, describe, released=True)
    assert "sum(numbers) / len(numbers)" in reference
    assert 'answers_describe = {"a": "none", "b": "mean"}' in reference
    assert "raise NotImplementedError" in stub
    assert 'answers_describe = {"a": "?", "b": "?"}' in stub
    assert "add_numbers" not in reference + stub


def test_an_exercise_that_is_in_no_notebook_is_named(built_course: Course) -> None:
    folder = built_course.checks("toy") / "describe"
    renamed = folder.rename(folder.with_name("explain"))
    (renamed / "test_describe.py").rename(renamed / "test_explain.py")
    with pytest.raises(CourseError, match="explain: in no built notebook; run `autograde build`"):
        solution(built_course, built_course.exercise("explain"), released=True)
