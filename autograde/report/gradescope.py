"""Gradescope's `results.json`: every check a test, shown to its student as the check's visibility says.

The file is for Gradescope alone. It holds what it must not show to students too, marked `hidden`, because
instructors read it there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from autograde.model import Outcome, SubmissionResult, Visibility
from autograde.report.told import Reader, Told, ToldCheck, ToldExercise, number, told

_VISIBILITY = {
    Visibility.ALWAYS: "visible",
    Visibility.AFTER_GRADING: "after_published",
    Visibility.NAME_ONLY: "visible",
    Visibility.NEVER: "hidden",
}


def gradescope_json(result: SubmissionResult) -> str:
    """Return the document. All text in it is declared as plain text, which Gradescope escapes itself."""
    for_student, for_instructor = told(result), told(result, Reader.INSTRUCTOR)
    tests = [
        test
        for place, both in enumerate(
            zip(for_student.exercises, for_instructor.exercises, strict=True), start=1
        )
        for test in _tests(place, *both)
    ]
    document = {
        "score": round(result.score, 4),
        "output": _overview(for_student),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _tests(place: int, shown: ToldExercise, whole: ToldExercise) -> Iterator[dict[str, Any]]:
    """Yield the tests of an exercise: what its student reads where they may, else what instructors read."""
    by_name = {check.name: check for check in shown.checks}
    if shown.above or whole.score is None:  # the diagnosis is no earlier to be read than what it explains
        failed = {check.visibility for check in shown.checks if check.outcome is Outcome.FAILED}
        late = Visibility.AFTER_GRADING in failed and Visibility.ALWAYS not in failed
        points = whole.max_score if whole.score is None else 0.0
        visibility = _VISIBILITY[Visibility.AFTER_GRADING if late else Visibility.ALWAYS]
        yield _test(f"{place}", shown.name, None, points, shown.above, visibility)
    for at, check in enumerate(whole.checks, start=1):
        lines = by_name.get(check.name, check).details
        points = 0.0 if whole.score is None else check.points
        name = f"{whole.name}: {check.sentence}"
        yield _test(f"{place}.{at}", name, check, points, lines, _VISIBILITY[check.visibility])


def _test(
    place: str,
    name: str,
    check: ToldCheck | None,
    points: float,
    lines: tuple[str, ...],
    visibility: str,
) -> dict[str, Any]:
    passed = check is not None and check.outcome is Outcome.PASSED
    return {
        "number": place,
        "name": name,
        "name_format": "text",
        "score": round(points, 4) if passed else 0.0,
        "max_score": round(points, 4),
        "status": "passed" if passed else "failed",
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": visibility,
    }


def _overview(submission: Told) -> str:
    lines = [f"{number(submission.score)} of {number(submission.max_score)} points"]
    for exercise in submission.exercises:
        lines += [f"{exercise.name}: {line}" for line in exercise.below]
    lines += [f"{notebook}: {line}" for notebook, line in submission.remarks]
    return "\n".join(lines)
