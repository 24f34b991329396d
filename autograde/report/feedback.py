"""The graded notebook: the verdicts of the checks in the outputs of the grade cells, for student and instructor.

nbgrader's pages are sanitised (`HTMLExporter.sanitize_html`), which leaves lists, emphasis and code but breaks
tables and drops styles; and the pages typeset whatever stands between dollar signs. So the markup is plain lists,
and text is escaped so that it is shown as it is in HTML, in Markdown and by MathJax.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from autograde.model import CheckResult, ExerciseResult, NotebookResult, Outcome, Visibility
from autograde.notebook import Role, graded_exercise, points, role
from autograde.report.outputs import student_outputs

if TYPE_CHECKING:
    from autograde.grading import GradedNotebook

NOTICE_ID = "grading-notice"
MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.SKIPPED: "–", Outcome.ERROR: "!"}
NOT_TRIED = "Not tried: a check that comes before it did not pass."
NOT_JUDGED = "This check could not be carried out. It costs you nothing, and your instructor is told."
NOT_GRADED = "Not graded automatically: your instructor will look at this exercise."
UNLISTED = "Checks that are not listed here count too."
_EXPLAINED = (Visibility.ALWAYS, Visibility.AFTER_GRADING)
_MARKUP = re.compile(r"[&<>\"'`*_\[\]#~|!^{}]")
_MATH = re.compile(r"[$\\]")
_CODE = re.compile(r"`([^`\n]+)`")
_UNSEEN = re.compile(
    r"[^\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def feedback_notebook(graded: GradedNotebook) -> NotebookNode:
    """Return the notebook that goes to `autograded/`: what was graded, and what came of it.

    The first output of a grade cell is the score of its exercise, as nbgrader's own partial credit reads it; an
    exercise that nobody could judge reads 0 there, and is for the instructor to grade. Checks are shown as their
    visibility allows. Nothing hidden is in the notebook: no code, inputs or expected values.
    """
    notebook = copy.deepcopy(graded.notebook)
    results = {exercise.exercise: exercise for exercise in graded.result.exercises}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = student_outputs(cell.get("outputs", ()))
        if role(cell) is Role.GRADE:
            verdict = results.get(graded_exercise(cell))
            cell.outputs[:0] = _verdict(verdict, points(cell), cell.get("execution_count"))
    if notice := _notice(graded.result):
        notebook.cells.insert(0, _notice_cell(notebook, notice))
    return notebook


def _verdict(result: ExerciseResult | None, max_score: float, count: int | None) -> list[NotebookNode]:
    """Return the outputs that open a grade cell: the score, then the checks."""
    score = result.score if result else None
    headline = NOT_GRADED if score is None else f"{_number(score)} of {_number(max_score)} points"
    # Without a number in the first result nbgrader would grant full points.
    data = {"text/plain": repr(float(score or 0.0)), "text/html": f"<strong>{html_text(headline)}</strong>"}
    outputs = [new_output("execute_result", data=data, execution_count=count)]
    if result and result.checks:
        shown = {"text/plain": checks_text(result), "text/html": checks_html(result)}
        outputs.append(new_output("display_data", data=shown))
    return outputs


def checks_html(result: ExerciseResult) -> str:
    """Return what the student may know of an exercise's checks, as HTML that survives sanitising."""
    items = []
    for check in _listed(result):
        line = f"<strong>{MARKS[check.outcome]}</strong> {html_text(check.sentence)} <em>{_share(check, result)}</em>"
        items.append(line + _html_list(html_text(detail) for detail in _details(check)))
    above = "".join(f"<div>{html_text(line)}</div>" for line in _diagnosis(result))
    below = "".join(f"<div><em>{html_text(line)}</em></div>" for line in _footer(result))
    return f"<div>{above}{_html_list(items)}{below}</div>"


def _html_list(items: Iterable[str]) -> str:
    inside = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{inside}</ul>" if inside else ""


def checks_text(result: ExerciseResult) -> str:
    """Return the same as plain text."""
    lines = _diagnosis(result)
    for check in _listed(result):
        lines.append(f"{MARKS[check.outcome]} {check.sentence} ({_share(check, result)})")
        lines += [f"    {line}" for line in _details(check)]
    return "\n".join(_seen(line) for line in [*lines, *_footer(result)])


def html_text(text: str) -> str:
    """Return text as HTML, and as HTML within Markdown, that shows it as it is; `code` between backticks as code."""
    parts = _CODE.split(_seen(text))
    return "".join(
        f"<code>{_escaped(part)}</code>" if odd % 2 else _escaped(part) for odd, part in enumerate(parts)
    )


def _escaped(text: str) -> str:
    entities = _MARKUP.sub(lambda match: f"&#{ord(match[0])};", text)
    # MathJax does not see mathematics across an element's border.
    return _MATH.sub(lambda match: f"<span>&#{ord(match[0])};</span>", entities)


def _seen(text: str) -> str:
    """Return text with tabs and the like as spaces, and without characters that steer terminals or turn the reading order."""
    return _UNSEEN.sub(lambda match: " " if match[0].isspace() else "\N{REPLACEMENT CHARACTER}", text)


def _listed(result: ExerciseResult) -> list[CheckResult]:
    return [check for check in result.checks if check.visibility is not Visibility.NEVER]


def _details(check: CheckResult) -> list[str]:
    """Return the lines under a check's sentence."""
    if check.outcome is Outcome.SKIPPED:
        return [NOT_TRIED]
    if check.outcome is Outcome.ERROR:
        return [NOT_JUDGED]  # its message speaks of the kit, to the instructor
    if check.outcome is Outcome.PASSED or check.visibility not in _EXPLAINED:
        return []
    hint = f"Hint: {check.hint}" if check.hint else ""
    return [line for line in (*check.message.splitlines(), hint) if line.strip()]


def _diagnosis(result: ExerciseResult) -> list[str]:
    """Return the explanation of the whole, unless it would tell of checks that are not to be explained."""
    failed = [check for check in result.checks if check.outcome is Outcome.FAILED]
    explained = any(check.visibility in _EXPLAINED for check in failed)
    return result.diagnosis.splitlines() if explained else []


def _footer(result: ExerciseResult) -> list[str]:
    return [UNLISTED] if len(_listed(result)) < len(result.checks) else []


def _share(check: CheckResult, result: ExerciseResult) -> str:
    """Return how many of the exercise's points a check decides on, and whether they were reached."""
    judged = sum(other.points for other in result.checks if other.outcome is not Outcome.ERROR)
    if check.outcome is Outcome.ERROR or not judged:
        return "no points"
    worth = f"{_number(check.points / judged * result.max_score)} points"
    return worth if check.outcome is Outcome.PASSED else f"0 of {worth}"


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


def _notice(result: NotebookResult) -> str:
    """Return what the student should know of the notebook as a whole, in Markdown."""
    sections = [
        ("This notebook could not be graded", [result.problem] if result.problem else []),
        ("Put right before grading", result.repairs),
        ("Remarks", result.remarks),
    ]
    return "\n\n".join(_section(title, lines) for title, lines in sections if lines)


def _section(title: str, lines: Sequence[str]) -> str:
    items: Iterable[str] = (html_text(" ".join(line.split())) for line in lines)
    return "\n".join([f"**{title}**", "", *(f"- {item}" for item in items)])


def _notice_cell(notebook: NotebookNode, text: str) -> NotebookNode:
    cell = new_markdown_cell(text, metadata={"editable": False})
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]
    else:
        taken = {other.get("id") for other in notebook.cells}
        cell["id"] = next(name for n in range(len(taken) + 1) if (name := f"{NOTICE_ID}-{n}") not in taken)
    return cell
