"""Remarks on a student's files, as code hosts show them: GitHub's workflow commands, GitLab's code quality.

A workflow command is one line of a step's log, and a runner obeys any line that looks like one. So what comes
from a student is escaped in the commands made here, and all other lines of a log are made by `log_lines`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograde.model import Outcome
from autograde.report.told import Told, ToldExercise, explained, number, plain_line, points_of

SHOWN = 10  # annotations of one kind that GitHub shows for a step
LONGEST = 2_000  # characters of one
# GitHub's older commands and those of Azure Pipelines, on which its runner is built: anywhere in a line.
_OLD_COMMAND = re.compile(r"##(?=\[|vso\[)", re.IGNORECASE)
Paths = Mapping[str, str]
"""The path of each notebook in the student's repository, by its name."""


def log_line(text: str) -> str:
    """Return text as one line of a job's log that no runner takes for a command."""
    line = _OLD_COMMAND.sub("# #", plain_line(text))
    return f"| {line}" if line.startswith("::") else line


def log_lines(submission: Told, needed: float) -> list[str]:
    """Return what the log of a job tells of a submission: scores, and why points were lost."""
    score = f"{number(submission.score)} of {number(submission.max_score)} points"
    lines = [log_line(f"{submission.student}, {submission.assignment}: {score}, needed: {number(needed)}")]
    for exercise in submission.exercises:
        lines.append(log_line(f"{exercise.notebook}: {_title(exercise)}"))
        if not exercise.full or exercise.flagged:
            lines += [f"    {log_line(line)}" for line in explained(exercise)]
    return lines + [log_line(f"{notebook}: {line}") for notebook, line in submission.remarks]


def github_annotations(submission: Told, paths: Paths) -> list[str]:
    """Return a workflow command for each exercise that lost points, and one that sums up those left out.

    Exercises that the kit could not judge are warnings: they are for the instructor.
    """
    lost = [one for one in submission.exercises if not one.full or one.flagged]
    errors = [_command(one, paths) for one in lost if not (one.score is None or one.flagged)]
    warnings = [_command(one, paths) for one in lost if one.score is None or one.flagged]
    return [*_first(errors, "error"), *_first(warnings, "warning")]


def code_quality(submission: Told, paths: Paths) -> str:
    """Return GitLab's code quality report: a finding for each check that was not passed."""
    findings = [
        finding
        for exercise in submission.exercises
        if not exercise.full or exercise.flagged
        for finding in _findings(exercise, paths)
    ]
    return json.dumps(findings, indent=1, ensure_ascii=False) + "\n"


def _first(commands: Sequence[str], kind: str) -> Sequence[str]:
    if len(commands) <= SHOWN:
        return commands
    left = len(commands) - (SHOWN - 1)
    return [*commands[: SHOWN - 1], f"::{kind}::{left} more exercises lost points: see the summary."]


def _command(exercise: ToldExercise, paths: Paths) -> str:
    kind = "warning" if exercise.score is None or exercise.flagged else "error"
    properties = {"file": paths.get(exercise.notebook, ""), "line": "1", "title": _title(exercise)}
    text = "\n".join(explained(exercise) or [points_of(exercise)])
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{kind} {given}::{_data(_cut(text))}"


def _title(exercise: ToldExercise) -> str:
    return f"{exercise.name}: {points_of(exercise)}"


def _findings(exercise: ToldExercise, paths: Paths) -> list[dict[str, Any]]:
    lost = [check for check in exercise.checks if check.outcome is not Outcome.PASSED]
    told = [
        (check.sentence, "info" if check.outcome is Outcome.ERROR else "major", check.details)
        for check in ([] if exercise.problem else lost)
    ]
    told = told or [(_title(exercise), "major", tuple(explained(exercise)))]
    return [
        {
            "description": _cut(plain_line(f"{exercise.name}: {sentence} {' '.join(lines)}")),
            "check_name": exercise.name,
            # The same mistake has the same fingerprint in the next run: what was seen is left out of it.
            "fingerprint": hashlib.sha256(
                f"{exercise.notebook}/{exercise.name}/{number}/{sentence}".encode()
            ).hexdigest(),
            "severity": severity,
            "location": {
                "path": plain_line(paths.get(exercise.notebook, exercise.notebook)),
                "lines": {"begin": 1},
            },
        }
        for number, (sentence, severity, lines) in enumerate(told)
    ]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def _data(text: str) -> str:
    """Return the message of a command, escaped as runners read it back."""
    return _OLD_COMMAND.sub("# #", text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return the value of a command's property; there `:` and `,` end it."""
    return _data(plain_line(text)).replace(":", "%3A").replace(",", "%2C")
