"""What a class's results say of the exercises: how hard each is, and how well it tells students apart."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograde.model import ExerciseResult, Outcome, SubmissionResult

FEWEST = 3  # students of whom a correlation says anything


@dataclass(frozen=True)
class Item:
    """An exercise, by the students who handed in its notebook and could be judged.

    `difficulty` is the share of the points that they reached: high is easy. `discrimination` is the
    correlation of their scores with their share of the points of all other exercises: low or negative means
    that students who are good elsewhere are not good here. They are None where nobody was judged, the second
    also with fewer than three students and where all scores are the same.
    """

    exercise: str
    students: int
    mean: float | None
    max_score: float
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True)
class CheckShare:
    """A check, and how many of the students who came to it passed it."""

    exercise: str
    check: str
    sentence: str
    students: int
    passed: int


@dataclass(frozen=True)
class Explained:
    """A known mistake, and how many students made it."""

    exercise: str
    diagnosis: str
    students: int


def items(results: Sequence[SubmissionResult]) -> tuple[Item, ...]:
    """Return the exercises' statistics, in the order of the notebooks."""
    judged = [_judged_exercises(result) for result in results]
    names = dict.fromkeys(
        exercise.exercise
        for result in results
        for notebook in sorted(result.notebooks, key=lambda one: one.notebook)
        for exercise in notebook.exercises
    )
    possible = {exercise.exercise: exercise.max_score for result in results for exercise in result.exercises}
    return tuple(_item(name, possible[name], judged) for name in names)


def check_shares(results: Sequence[SubmissionResult]) -> tuple[CheckShare, ...]:
    """Return the checks, the hardest first; those who were not judged or did not come to one do not count."""
    passed: Counter[tuple[str, str, str]] = Counter()
    came: Counter[tuple[str, str, str]] = Counter()
    for result in results:
        for exercise in _judged_exercises(result).values():
            for check in exercise.checks:
                key = (exercise.exercise, check.name, check.sentence)
                came[key] += check.outcome in (Outcome.PASSED, Outcome.FAILED)
                passed[key] += check.outcome is Outcome.PASSED
    shares = [CheckShare(*key, number, passed[key]) for key, number in came.items() if number]
    return tuple(sorted(shares, key=lambda one: one.passed / one.students))


def known_mistakes(results: Sequence[SubmissionResult]) -> tuple[Explained, ...]:
    """Return the mistakes that were recognised, the commonest first."""
    found = Counter(
        (exercise.exercise, exercise.diagnosis)
        for result in results
        for exercise in _judged_exercises(result).values()
        if exercise.diagnosis
    )
    return tuple(Explained(*key, number) for key, number in found.most_common())


def _judged_exercises(result: SubmissionResult) -> dict[str, ExerciseResult]:
    return {
        exercise.exercise: exercise
        for notebook in result.notebooks
        if not notebook.problem
        for exercise in notebook.exercises
        if exercise.score is not None
    }


def _item(name: str, max_score: float, judged: Sequence[dict[str, ExerciseResult]]) -> Item:
    scores = [student[name].score or 0.0 for student in judged if name in student]
    mean = statistics.fmean(scores) if scores else None
    difficulty = None if mean is None or not max_score else mean / max_score
    pairs = list(_with_the_rest(name, judged))
    return Item(name, len(scores), mean, max_score, difficulty, _correlation(pairs))


def _with_the_rest(name: str, judged: Sequence[dict[str, ExerciseResult]]) -> Iterator[tuple[float, float]]:
    """Yield each student's score in an exercise, and the share of points in all others that were judged."""
    for student in judged:
        others = [exercise for other, exercise in student.items() if other != name]
        possible = sum(exercise.max_score for exercise in others)
        if name in student and possible:
            yield student[name].score or 0.0, sum(one.score or 0.0 for one in others) / possible


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < FEWEST:
        return None
    try:
        return statistics.correlation(*zip(*pairs, strict=True))
    except statistics.StatisticsError:  # one of the two is the same for all
        return None
