"""`verify` finds each way in which checks, specimens, stub and reference can fail to fit together."""

import io
import random
import shutil
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from autograde.build import build
from autograde.course import Course
from autograde.errors import CourseError
from autograde.report.proof import print_proofs, print_repetitions
from autograde.verify import (
    ExerciseProof,
    Repetition,
    Rights,
    Unexpected,
    Unlucky,
    Wrongs,
    repeat,
    solution,
    verify,
)

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


# Right answers with many seeds

LUCKY_CELL = (
    "import random\nSLIP = int(random.random() < 0.3)\n\ndef add_numbers(a, b):\n    return a + b + SLIP\n"
)
LUCKY_CALL = "import random\n\ndef add_numbers(a, b):\n    return a + b if random.random() < 0.7 else 0\n"
LUCKY_CHECK = """

@check()
def test_luck(student, rng):
    '''Most draws are fine.'''
    def probe(add_numbers):
        return add_numbers(1, 1)
    assert student(probe) == 2
    assert rng.random() < 0.7, "An unlucky draw."
"""
TIMES = 8


def draws(seed: int) -> float:
    """Return the first number that Python draws with a seed."""
    return random.Random(seed).random()


def test_each_seed_that_fails_a_right_answer_is_reported(built_course: Course) -> None:
    folder = built_course.exercise("add_numbers").folder
    (folder / "right_if_the_cell_is_lucky.py").write_text(LUCKY_CELL, "utf-8")
    (folder / "right_if_the_call_is_lucky.py").write_text(LUCKY_CALL, "utf-8")
    heard: list[str] = []
    add_numbers, describe = repeat(built_course, list(built_course.all_exercises()), TIMES, heard.append)
    assert (add_numbers.answers, add_numbers.seeds) == (5, tuple(range(TIMES)))
    unlucky = {(failure.answer, failure.seed) for failure in add_numbers.failures}
    cells = {("right_if_the_cell_is_lucky.py", seed) for seed in range(TIMES) if draws(seed) < 0.3}
    assert cells
    assert {one for one in unlucky if "cell" in one[0]} == cells
    calls = {seed for answer, seed in unlucky if "call" in answer}
    assert calls >= {seed for seed in range(TIMES) if draws(seed) >= 0.7}
    assert len(unlucky) == len(cells) + len(calls)  # nobody else was
    assert not add_numbers.ok
    assert describe == Repetition("describe", 3, tuple(range(TIMES)), ())
    assert describe.ok
    assert heard[0] == "add_numbers: 5 right answers with seed 0"
    assert len(heard) == 2 * TIMES


def test_what_a_check_draws_depends_on_the_seed_too(built_course: Course) -> None:
    course = built_course
    (course.root / "pyproject.toml").write_text("[tool.autograde]\nseed = 20\n", "utf-8")
    with course.exercise("add_numbers").check_file.open("a", encoding="utf-8") as file:
        file.write(LUCKY_CHECK)
    (found,) = repeat(course, [course.exercise("add_numbers")], TIMES)
    assert found.seeds == tuple(range(20, 20 + TIMES))
    salt = zlib.crc32(b"test_luck")
    bad = {seed for seed in found.seeds if np.random.default_rng([seed, salt]).random() >= 0.7}
    assert 0 < len(bad) < TIMES
    answers = {"reference", "right_built_in_sum.py", "right_subtracts_negative.py"}
    unlucky = {(one.answer, one.seed) for one in found.failures}
    assert unlucky == {(answer, seed) for answer in answers for seed in bad}
    assert {name for one in found.failures for name, _ in one.checks} == {"test_luck"}
    assert all("An unlucky draw." in told[0][1] for told in (one.checks for one in found.failures))


def test_failures_are_printed_with_answer_and_seed() -> None:
    lost = Unlucky("right_loop.py", 7, (("test_fractions", "0.5 is not right"), ("test_luck", "Bad.")))
    with io.StringIO() as file:
        fine = Repetition("describe", 3, (0, 1, 7), ())
        print_repetitions(Console(file=file, width=200), [Repetition("add", 2, (0, 1, 7), (lost,)), fine])
        lines = [" ".join(line.split()) for line in file.getvalue().splitlines()]
    assert lines == [
        "exercise right answers seeds failures",
        "add 2 0 to 7 1",
        "describe 3 0 to 7 none",
        "add: right_loop.py with seed 7 fails test_fractions: 0.5 is not right",
        "add: right_loop.py with seed 7 fails test_luck: Bad.",
    ]


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
