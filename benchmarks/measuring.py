"""Contenders take turns, so that whatever else the machine does falls on all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from autograde.errors import AutogradeError

FAST_ROUNDS = 5
"""How many rounds there are for each round in which the slow contenders take part."""


class BenchmarkError(AutogradeError):
    """A contender did not do what it is measured for."""


@dataclass(frozen=True)
class Sample:
    """One submission graded once, in one way; `own_seconds` is what its cells and probes took of that."""

    way: str
    submission: str
    seconds: float
    own_seconds: float | None = None


Round = tuple[Sample, ...]


class Contender(Protocol):
    """A way, or several, to grade the submissions."""

    @property
    def slow(self) -> bool:
        """Whether it takes part in few rounds."""
        ...

    def run(self) -> Sequence[Sample]:
        """Grade every submission once."""
        ...


def interleave(
    contenders: Sequence[Contender], rounds: int, progress: Callable[[str], None] = lambda doing: None
) -> tuple[Round, ...]:
    """Let the contenders take turns: the slow ones `rounds` times, the others `FAST_ROUNDS` times as often.

    Every other round goes backwards, so that nobody always runs after the same one.
    """
    finished = []
    for number in range(rounds * FAST_ROUNDS):
        progress(f"Round {number + 1} of {rounds * FAST_ROUNDS}")
        taking_part = [one for one in contenders if not one.slow or number % FAST_ROUNDS == 0]
        order = reversed(taking_part) if number % 2 else taking_part
        finished.append(tuple(sample for contender in order for sample in contender.run()))
    return tuple(finished)


@dataclass(frozen=True)
class Line:
    """What one way costs for one submission: medians over `samples` rounds, and paired ratios.

    `times` are, by way, how many submissions this way grades while that one grades one. `beyond_seconds` is
    what it took beyond the submission's own cells and probes, None if not known.
    """

    way: str
    submission: str
    seconds: float
    to_floor: float
    times: Mapping[str, float]
    beyond_seconds: float | None
    samples: int


def lines(rounds: Sequence[Round], floor: str, others: Sequence[str]) -> tuple[Line, ...]:
    """Sum up the rounds: time relative to the way `floor`, throughput relative to each of `others`."""
    keys = dict.fromkeys((sample.submission, sample.way) for one in rounds for sample in one)
    return tuple(
        _line([_samples(one, submission) for one in rounds], submission, way, floor, others)
        for submission, way in sorted(keys, key=lambda key: [name for name, _ in keys].index(key[0]))
    )


def _samples(one: Round, submission: str) -> dict[str, Sample]:
    return {sample.way: sample for sample in one if sample.submission == submission}


def _line(
    rounds: Sequence[dict[str, Sample]], submission: str, way: str, floor: str, others: Sequence[str]
) -> Line:
    mine = [one[way] for one in rounds if way in one]
    beyond = [one.seconds - one.own_seconds for one in mine if one.own_seconds is not None]
    return Line(
        way,
        submission,
        median(one.seconds for one in mine),
        _paired(rounds, way, floor),
        {other: _paired(rounds, other, way) for other in others},
        median(beyond) if beyond else None,
        len(mine),
    )


def _paired(rounds: Sequence[dict[str, Sample]], above: str, below: str) -> float:
    """Return the median ratio of two ways' times in the rounds in which both took part."""
    return median(one[above].seconds / one[below].seconds for one in rounds if above in one and below in one)
