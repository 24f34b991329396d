"""The pytest plugin: the fixtures of hidden checks.

In a grading run `autograde.checks.suite` says whom a check judges. Without one (`pytest tests/exercises`) the
checks judge the reference itself, and pass.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import numpy as np

    from autograde.checks.judging import Judging
    from autograde.checks.reference import References

Probe = Callable[..., Any]

JUDGING: pytest.StashKey[Judging] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker that `@check` sets."""
    config.addinivalue_line(
        "markers", "check(points, hint, visibility, needs): a hidden check of an exercise"
    )


@pytest.fixture(scope="session")
def _own_references() -> Iterator[References]:
    """The warm server and reference processes of a run without a submission."""
    from autograde.checks.reference import References
    from autograde.opening import Openings
    from autograde.sandbox.warm import WarmServer

    with WarmServer() as server, Openings(server) as openings, References(openings) as references:
        yield references


@pytest.fixture
def judging(request: pytest.FixtureRequest) -> Judging:
    """Whom this check judges, and against whom."""
    from autograde.checks.judging import Judging

    given = request.config.stash.get(JUDGING, None)
    if given is not None:
        return given
    references: References = request.getfixturevalue("_own_references")
    reference = references.of(request.path)
    return Judging(reference, reference, reference.seed)


@pytest.fixture
def student(judging: Judging) -> Callable[..., Any]:
    """`student(probe, **inputs)`: what the probe returns in the student's process."""

    def run(probe: Probe, **inputs: Any) -> Any:
        return judging.student_value(probe, inputs)

    return run


@pytest.fixture
def reference(judging: Judging) -> Callable[..., Any]:
    """`reference(probe, **inputs)`: what the probe returns in the reference's process."""

    def run(probe: Probe, **inputs: Any) -> Any:
        return judging.reference_value(probe, inputs)

    return run


@pytest.fixture
def agree(judging: Judging) -> Callable[..., Any]:
    """`agree(probe, rtol=, atol=, **inputs)`: student and reference return the same, which is returned."""
    from autograde.checks.compare import mismatch
    from autograde.checks.judging import CheckFailed

    def run(probe: Probe, *, rtol: float = 1e-5, atol: float = 1e-6, **inputs: Any) -> Any:
        actual = judging.student_value(probe, inputs)
        expected = judging.reference_value(probe, inputs)
        wrong = mismatch(expected, actual, rtol=rtol, atol=atol)
        if wrong:
            raise CheckFailed(f"Your result: {wrong}.")
        return actual

    return run


@pytest.fixture
def rng(judging: Judging, request: pytest.FixtureRequest) -> np.random.Generator:
    """A generator for inputs drawn on the grader's side; the same seed and check draw the same."""
    import numpy as np

    return np.random.default_rng([judging.seed, zlib.crc32(request.node.name.encode())])
