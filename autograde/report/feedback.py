"""The graded notebook: the verdicts of the checks in the outputs of its grade cells.

nbgrader's pages are sanitised (`HTMLExporter.sanitize_html`): lists, emphasis and code stay, tables break and
styles are dropped. They also typeset whatever stands between dollar signs. So the markup is plain lists, and
text is escaped so that HTML, Markdown and MathJax all show it as it is.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode

from autograde.model import CheckResult, ExerciseResult, NotebookResult, Outcome, Visibility
from autograde.notebook import Role, graded_exercise, points, role
from autograde.report.outputs import new_output, student_outputs

if TYPE_CHECKING:
    from autograde.runs import GradedNotebook

NOTICE_ID = "grading-notice"
MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.SKIPPED: "○", Outcome.ERROR: "!"}
NOT_TRIED = "Not tried: a check that comes before it did not pass."
NOT_JUDGED = "This check could not be carried out. It costs you nothing, and your instructor is told."
NOT_GRADED = "Not graded automatically: your instructor will look at this exercise."
UNLISTED = "Checks that are not listed here count too."
_EXPLAINED = (Visibility.ALWAYS, Visibility.AFTER_GRADING)
_MARKUP = re.compile(r"[&<>\"'`*_\[\]#~|!^{}]")
_MATH = re.compile(r"[$\\]")
_CODE = re.compile(r"`([^`\n]+)`")


def feedback_notebook(graded: GradedNotebook) -> NotebookNode:
    """Return the notebook that goes to `autograded/`: what was graded, and what came of it.

    The first output of a grade cell is the score of its exercise, where nbgrader's partial credit reads it.
    An exercise that could not be judged reads 0 there, and is for the instructor to grade. Of the checks it
    shows what their visibility allows, and of hidden code, inputs and expected values nothing.
    """
    notebook = copy.deepcopy(graded.notebook)
    results = {exercise.exercise: exercise for exercise in graded.result.exercises}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = student_outputs(cell.get("outputs", ()))
        if role(cell) is Role.GRADE:
            verdict = results.get(graded_exercise(cell))
            cell.outputs[:0] = [_headline(verdict, points(cell), cell.get("execution_count"))]
            if verdict and verdict.checks and not graded.result.problem:
                shown = {"text/plain": checks_text(verdict), "text/html": checks_html(verdict)}
                cell.outputs.insert(1, new_output("display_data", data=shown, metadata={}))
    if notice := _notice(graded.result):
        notebook.cells.insert(0, _notice_cell(notebook, notice))
    return notebook


def _headline(result: ExerciseResult | None, max_score: float, number: int | None) -> NotebookNode:
    """Return the output with the score. Without a number in it nbgrader would grant full points."""
    score = result.score if result else None
    told = NOT_GRADED if score is None else f"{_number(score)} of {_number(max_score)} points"
    data = {"text/plain": repr(float(score or 0.0)), "text/html": f"<strong>{html_text(told)}</strong>"}
    return new_output("execute_result", data=data, metadata={}, execution_count=number)


def checks_html(result: ExerciseResult) -> str:
    """Return what the student may know of an exercise's checks, as HTML that survives sanitising."""
    items = []
    for check in listed(result):
        mark, sentence = MARKS[check.outcome], html_text(check.sentence)
        line = f"<strong>{mark}</strong> {sentence} <em>{_share(check, result)}</em>"
        items.append(line + _html_list(html_text(detail) for detail in details(check)))
    above = "".join(f"<div>{html_text(line)}</div>" for line in diagnosis(result))
    below = "".join(f"<div><em>{html_text(line)}</em></div>" for line in footer(result))
    return f"<div>{above}{_html_list(items)}{below}</div>"


def _html_list(items: Iterable[str]) -> str:
    inside = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{inside}</ul>" if inside else ""


def checks_text(result: ExerciseResult) -> str:
    """Return the same as plain text."""
    lines = diagnosis(result)
    for check in listed(result):
        lines.append(f"{MARKS[check.outcome]} {check.sentence} ({_share(check, result)})")
        lines += [f"    {line}" for line in details(check)]
    return "\n".join(seen(line) for line in [*lines, *footer(result)])


def html_text(text: str) -> str:
    """Return text as HTML, also within Markdown, that shows it as it is; between backticks as code."""
    parts = _CODE.split(seen(text))
    return "".join(
        f"<code>{_escaped(part)}</code>" if odd % 2 else _escaped(part) for odd, part in enumerate(parts)
    )


def _escaped(text: str) -> str:
    entities = _MARKUP.sub(lambda match: f"&#{ord(match[0])};", text)
    # MathJax does not see mathematics across an element's border.
    return _MATH.sub(lambda match: f"<span>&#{ord(match[0])};</span>", entities)


def seen(text: str) -> str:
    """Return text without what cannot be seen: controls, half surrogates, marks of reading order."""
    plain = (" " if char.isspace() and char != "\n" else char for char in text)
    return "".join(
        char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in plain
    )


def listed(result: ExerciseResult) -> list[CheckResult]:
    """Return the checks that the student may know of."""
    return [check for check in result.checks if check.visibility is not Visibility.NEVER]


def details(check: CheckResult) -> list[str]:
    """Return the lines under a check's sentence: what its visibility lets the student read."""
    if check.outcome is Outcome.SKIPPED:
        return [NOT_TRIED]
    if check.outcome is Outcome.ERROR:
        return [NOT_JUDGED]  # its message speaks of the kit, to the instructor
    if check.outcome is Outcome.PASSED or check.visibility not in _EXPLAINED:
        return []
    hint = f"Hint: {check.hint}" if check.hint else ""
    return [line for line in (*check.message.splitlines(), hint) if line.strip()]


def diagnosis(result: ExerciseResult) -> list[str]:
    """Return the explanation of the whole, unless it would tell of checks that are not to be explained."""
    failed = [check for check in result.checks if check.outcome is Outcome.FAILED]
    explained = any(check.visibility in _EXPLAINED for check in failed)
    return result.diagnosis.splitlines() if explained else []


def footer(result: ExerciseResult) -> list[str]:
    """Return the line that says that there are other checks, if there are."""
    return [UNLISTED] if len(listed(result)) < len(result.checks) else []


def worth(check: CheckResult, result: ExerciseResult) -> float:
    """Return how many of the exercise's points a check decides on: none if it could not be carried out."""
    judged = sum(other.points for other in result.checks if other.outcome is not Outcome.ERROR)
    if check.outcome is Outcome.ERROR or not judged:
        return 0.0
    return check.points / judged * result.max_score


def _share(check: CheckResult, result: ExerciseResult) -> str:
    """Return the same in words, and whether the points were reached."""
    points = _number(worth(check, result))
    if points == "0":
        return "no points"
    told = f"{points} point" if points == "1" else f"{points} points"
    return told if check.outcome is Outcome.PASSED else f"0 of {told}"


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
    cell = {"cell_type": "markdown", "metadata": {"editable": False}, "source": text}
    if (notebook.nbformat, notebook.nbformat_minor) >= (4, 5):  # cells have ids since then
        taken = {other.get("id") for other in notebook.cells}
        cell["id"] = next(name for n in count() if (name := f"{NOTICE_ID}-{n}") not in taken)
    made: NotebookNode = nbformat.from_dict(cell)
    return made
