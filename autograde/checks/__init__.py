"""Hidden checks: what an author writes (`check`), and what runs them.

A check is a pytest function marked with `check`. Its fixtures `student`, `reference`, `agree` and `rng` come
from `autograde.checks.plugin`; only data crosses from the student's process to the check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest

from autograde.model import Visibility

CheckFunction = TypeVar("CheckFunction", bound=Callable[..., Any])


def check(
    *, points: float = 1, hint: str = "", visibility: str = "always", needs: Sequence[str] = ()
) -> Callable[[CheckFunction], CheckFunction]:
    """Declare a hidden check.

    Args:
        points: its weight among the checks of its exercise.
        hint: what a student reads when it fails: the mistake it usually means.
        visibility: "always" (announced in the notebook), "after grading", "name only" or "never".
        needs: names of checks of the same file that must have passed; otherwise this one is skipped.

    """
    if points <= 0:
        raise ValueError(f"points must be more than 0, not {points!r}")
    declared = {
        "points": float(points),
        "hint": hint,
        "visibility": Visibility(visibility),
        "needs": tuple(needs),
    }
    return pytest.mark.check(**declared)
