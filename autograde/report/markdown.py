"""A summary in Markdown, as the page of a CI job shows it.

What a student's process may have had a hand in stands in `<pre>`, where neither Markdown nor GitHub's own
links to people and issues are looked for, and as HTML entities besides: it becomes no link, picture,
mathematics or markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autograde.model import Outcome
from autograde.report.feedback import MARKS, html_text
from autograde.report.told import Told, ToldCheck, ToldExercise, number, points_of

LARGEST = 900_000  # bytes; GitHub shows no summary of more than 1 MiB for a step
_MARKUP = re.compile(r"(&#\d+;|</?(?:code|span)>)")  # as `html_text` makes it
_LINKED = re.compile(r"@|:(?=//)|(?<=www)\.", re.IGNORECASE)  # what makes a link of a bare address


def markdown_summary(submission: Told, needed: float | None = None) -> str:
    """Return the summary; `needed` are the points that were asked for, if any were.

    One that would be too long to be shown leaves the explanations out, and says so.
    """
    whole = "\n".join(_summary(submission, needed, explained=True)) + "\n"
    if len(whole.encode()) <= LARGEST:
        return whole
    return "\n".join(_summary(submission, needed, explained=False)) + "\n"


def _summary(submission: Told, needed: float | None, *, explained: bool) -> Iterator[str]:
    score = f"{number(submission.score)} of {number(submission.max_score)} points"
    yield f"## {_text(submission.assignment)}: {score}"
    yield ""
    yield f"Submission of {_text(submission.student)}. {_verdict(submission, needed)}".rstrip()
    yield ""
    yield "| | Exercise | Notebook | Points |"
    yield "|---|---|---|---:|"
    for exercise in submission.exercises:
        cells = (_mark(exercise), _text(exercise.name), _text(exercise.notebook), points_of(exercise))
        yield f"| {' | '.join(cells)} |"
    if not explained:
        yield "\nThe explanations are too long for this page: see the other reports of this run."
        return
    for exercise in submission.exercises:
        if not exercise.full or exercise.flagged:
            yield from _explained(exercise)
    if submission.remarks:
        yield "\n### Remarks\n"
        for notebook, line in submission.remarks:
            yield f"- {_text(notebook)}\n  {_quoted([line])}"


def _verdict(submission: Told, needed: float | None) -> str:
    if needed is None:
        return ""
    reached = submission.score >= needed - 1e-6
    return f"Needed: {number(needed)} points, which {'were' if reached else 'were **not**'} reached."


def _explained(exercise: ToldExercise) -> Iterator[str]:
    yield f"\n### {_text(exercise.name)}: {points_of(exercise)}\n"
    if exercise.problem:
        yield _quoted([exercise.problem])
        return
    yield from (f"{_text(line)}\n" for line in exercise.above)
    for check in exercise.checks:
        yield f"- {MARKS[check.outcome]} {_text(check.sentence)}{_lost(check)}"
        if check.details:
            yield f"  {_quoted(check.details)}"
    yield from (f"\n_{_text(line)}_" for line in exercise.below)


def _lost(check: ToldCheck) -> str:
    if check.outcome in (Outcome.PASSED, Outcome.ERROR) or not check.points:
        return ""
    return f" (0 of {number(check.points)} points)"


def _mark(exercise: ToldExercise) -> str:
    if exercise.flagged or exercise.score is None:
        return MARKS[Outcome.ERROR]
    return MARKS[Outcome.PASSED if exercise.full else Outcome.FAILED]


def _text(text: str) -> str:
    """Return one line of text that Markdown shows as it is; what stands between backticks as code."""
    return _escaped(" ".join(text.split()))


def _quoted(lines: Sequence[str]) -> str:
    """Return lines as one line of HTML that shows them as they are."""
    return "<pre>" + "&#10;".join(map(_escaped, lines)) + "</pre>"


def _escaped(line: str) -> str:
    parts = _MARKUP.split(html_text(line))
    return "".join(
        part if at % 2 else _LINKED.sub(lambda match: f"&#{ord(match[0])};", part)
        for at, part in enumerate(parts)
    )
