"""Proof of the checks: reference and right answers pass, stub and wrong answers fail as they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograde.course import Course, Exercise
from autograde.diagnosis import Specimen
from autograde.errors import CourseError
from autograde.grading import Grader
from autograde.model import ExerciseResult, Outcome
from autograde.notebook import Role, grade_id, graded_exercise, read_notebook, role


@dataclass(frozen=True)
class Unexpected:
    """A wrong specimen that fails other checks than it names, or says so wrongly."""

    file: str
    declared: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Rights:
    """The right specimens: how many there are, and those that lose points."""

    count: int
    rejected: tuple[str, ...]


@dataclass(frozen=True)
class Wrongs:
    """The wrong specimens: how many, which get full marks, and which fail otherwise than declared."""

    count: int
    accepted: tuple[str, ...]
    unexpected: tuple[Unexpected, ...]


@dataclass(frozen=True)
class ExerciseProof:
    """What was proven of one exercise. A toothless check is one that no wrong specimen fails."""

    exercise: str
    reference_passes: bool
    stub_fails: bool
    right: Rights
    wrong: Wrongs
    toothless_checks: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is left to mend."""
        mended = not (
            self.right.rejected or self.wrong.accepted or self.wrong.unexpected or self.toothless_checks
        )
        return self.reference_passes and self.stub_fails and mended


def verify(
    course: Course, exercises: Sequence[Exercise], progress: Callable[[str], None] = lambda line: None
) -> tuple[ExerciseProof, ...]:
    """Prove the checks of some exercises; `progress` hears which specimen is being tried."""
    with Grader(course, exercises, practice=True) as grader:  # the course's own code
        return tuple(prove(grader, exercise, progress) for exercise in exercises)


def prove(
    grader: Grader, exercise: Exercise, progress: Callable[[str], None] = lambda line: None
) -> ExerciseProof:
    """Prove the checks of one exercise with a grader that is open."""

    def grade(path: Path) -> ExerciseResult:
        progress(f"{exercise.name}: {path.name}")
        return grader.grade_answer(exercise, path.read_text("utf-8"), diagnose=False)

    progress(f"{exercise.name}: reference and stub")
    solved, unsolved = (solution(grader.course, exercise, released=released) for released in (False, True))
    reference = grader.grade_answer(exercise, solved, diagnose=False)
    stub = grader.grade_answer(exercise, unsolved, diagnose=False)
    right = {path.name: grade(path) for path in exercise.right}
    wrong = {path: grade(path) for path in exercise.wrong}
    failed = {path: _failed(result) for path, result in wrong.items()}
    declared = {path: Specimen.read(path).fails for path in wrong}
    unexpected = tuple(
        Unexpected(path.name, tuple(sorted(declared[path])), tuple(sorted(failed[path])))
        for path in wrong
        if failed[path] != declared[path]
    )
    bitten = frozenset[str]().union(*failed.values())
    return ExerciseProof(
        exercise.name,
        _full(reference),
        not stub.score,
        Rights(len(right), tuple(name for name, result in right.items() if not _full(result))),
        Wrongs(len(wrong), tuple(path.name for path, result in wrong.items() if _full(result)), unexpected),
        tuple(info.name for info in grader.infos(exercise.name) if info.name not in bitten),
    )


@dataclass(frozen=True)
class Unlucky:
    """A right answer that lost points with one seed, and the checks that cost them: name and message."""

    answer: str
    seed: int
    checks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Repetition:
    """The right answers of one exercise, the reference among them, each judged with every seed."""

    exercise: str
    answers: int
    seeds: tuple[int, ...]
    failures: tuple[Unlucky, ...]

    @property
    def ok(self) -> bool:
        """Whether no seed made a right answer fail."""
        return not self.failures


def repeat(
    course: Course,
    exercises: Sequence[Exercise],
    times: int,
    progress: Callable[[str], None] = lambda line: None,
) -> tuple[Repetition, ...]:
    """Judge all right answers with `times` seeds, from the course's on; `progress` hears which is in work.

    A seed with which an answer fails is one to set in the course's pyproject.toml, to see it again.
    """
    seeds = range(course.settings.seed, course.settings.seed + times)
    with Grader(course, exercises) as grader:
        return tuple(_repeated(grader, exercise, seeds, progress) for exercise in exercises)


def _repeated(
    grader: Grader, exercise: Exercise, seeds: Sequence[int], progress: Callable[[str], None]
) -> Repetition:
    texts = {"reference": solution(grader.course, exercise, released=False)}
    texts |= {path.name: path.read_text("utf-8") for path in exercise.right}
    failures: list[Unlucky] = []
    for seed in seeds:
        progress(f"{exercise.name}: {len(texts)} right answers with seed {seed}")
        results = grader.try_seed(exercise, texts, seed)
        failures += [
            Unlucky(name, seed, _told(result)) for name, result in results.items() if not _full(result)
        ]
    return Repetition(exercise.name, len(texts), tuple(seeds), tuple(failures))


def _told(result: ExerciseResult) -> tuple[tuple[str, str], ...]:
    return tuple(
        (check.name, check.message) for check in result.checks if check.outcome is not Outcome.PASSED
    )


def _full(result: ExerciseResult) -> bool:
    return all(check.outcome is Outcome.PASSED for check in result.checks)


def _failed(result: ExerciseResult) -> frozenset[str]:
    """Return the checks that failed; skipped ones follow from these, and are not named by specimens."""
    return frozenset(
        check.name for check in result.checks if check.outcome in (Outcome.FAILED, Outcome.ERROR)
    )


def solution(course: Course, exercise: Exercise, *, released: bool) -> str:
    """Return an exercise's solution cells: the stubs students get, or the reference's.

    Raises:
        CourseError: no built notebook has the exercise.

    """
    folder = course.release if released else course.source
    for name in course.notebooks(exercise.assignment):
        cells = read_notebook(folder(exercise.assignment, name)).cells
        ids = [grade_id(cell) for cell in cells]
        if exercise.name in ids:
            end = next(
                (at for at, cell in enumerate(cells) if graded_exercise(cell) == exercise.name), len(cells)
            )
            own = cells[ids.index(exercise.name) : end]
            return "\n\n".join(cell.source for cell in own if role(cell) is Role.SOLUTION)
    raise CourseError(f"{exercise.name}: in no built notebook; run `autograde build`")
