"""Commands for authors: build, adopt, verify, try."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from autograde.cli.app import (
    FAILED,
    FINE,
    AsJson,
    Practice,
    app,
    assignments,
    errors,
    print_json,
    screen,
)
from autograde.course import Course, Exercise
from autograde.errors import CourseError
from autograde.model import ExerciseResult

if TYPE_CHECKING:
    from autograde.verify import ExerciseProof, Repetition


@app.command()
def build(
    assignment: Annotated[str | None, typer.Argument(help="Default: all assignments.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only tell what is stale; write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Throw away edits made in Jupyter.")] = False,
) -> None:
    """Make source/ and release/ from the texts in solutions/."""
    from autograde import build as builder

    course = Course.find()
    stale = []
    for name in [assignment] if assignment else assignments(course):
        if check:
            stale += builder.check_built(course, name)
            continue
        report = builder.build(course, name, force=force)
        for path in (*report.written, *report.removed):
            verb = "removed" if path in report.removed else "wrote"
            screen.print(f"{verb} {escape(str(path.relative_to(course.root)))}", highlight=False)
        screen.print(f"{name}: {len(report.unchanged)} files were up to date", highlight=False)
    for problem in stale:
        errors.print(escape(problem), highlight=False, soft_wrap=True)
    raise typer.Exit(FAILED if stale else FINE)


@app.command()
def adopt(
    notebook: Annotated[Path, typer.Argument(help="A source notebook edited in Jupyter.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite newer edits of the text.")] = False,
) -> None:
    """Take edits of a source notebook back into its text."""
    from autograde.build import adopt as take_back

    course = Course.find(notebook.parent)
    text = take_back(course, notebook, force=force)
    screen.print(
        f"wrote {escape(str(text.relative_to(course.root)))}; now run `autograde build`", highlight=False
    )


@app.command()
def verify(
    exercises: Annotated[list[str] | None, typer.Argument(help="Default: all exercises.")] = None,
    repeat: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Judge the right answers alone, with N different seeds."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Prove the checks with right and wrong answers, or that right answers pass with any seed."""
    from autograde.build import check_built
    from autograde.report.proof import print_proofs, print_repetitions
    from autograde.verify import repeat as try_seeds
    from autograde.verify import verify as prove

    course = Course.find()
    chosen = _exercises(course, exercises)
    for assignment in sorted({exercise.assignment for exercise in chosen}):
        for problem in check_built(course, assignment):  # else the proof would be one of older notebooks
            raise CourseError(problem)
    found: Sequence[ExerciseProof] | Sequence[Repetition]
    with errors.status("starting") as status:
        if repeat:
            found = repetitions = try_seeds(course, chosen, repeat, status.update)
        else:
            found = proofs = prove(course, chosen, status.update)
    ok = all(one.ok for one in found)
    if as_json:
        print_json({"ok": ok, "exercises": [dataclasses.asdict(one) for one in found]})
    elif repeat:
        print_repetitions(screen, repetitions)
    else:
        print_proofs(screen, proofs)
    raise typer.Exit(FINE if ok else FAILED)


@app.command(name="try")
def try_answers(
    exercise: Annotated[str, typer.Argument(help="The exercise's name.")],
    files: Annotated[list[Path], typer.Argument(help="Answers: each the text of a solution cell.")],
    practice: Practice = False,
    as_json: AsJson = False,
) -> None:
    """Grade single answers to one exercise; the rest of the notebook is the reference's."""
    from autograde.grading import Grader
    from autograde.report.proof import print_answer

    course = Course.find()
    found = course.exercise(exercise)
    texts = {file: _read_answer(file) for file in files}
    with Grader(course, [found], practice=practice) as grader:
        results = {file: grader.grade_answer(found, text) for file, text in texts.items()}
    if as_json:
        print_json([_answer_json(file, result) for file, result in results.items()])
    else:
        for file, result in results.items():
            print_answer(screen, str(file), result)
    full = all(result.score == result.max_score for result in results.values())
    raise typer.Exit(FINE if full else FAILED)


def _exercises(course: Course, names: list[str] | None) -> list[Exercise]:
    return [course.exercise(name) for name in names] if names else list(course.all_exercises())


def _read_answer(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise CourseError(f"{file}: {reason}") from error


def _answer_json(file: Path, result: ExerciseResult) -> dict[str, Any]:
    checks = [
        {"name": one.name, "outcome": one.outcome, "message": one.message, "hint": one.hint}
        for one in result.checks
    ]
    return {
        "file": str(file),
        "exercise": result.exercise,
        "score": result.score,
        "max_score": result.max_score,
        "diagnosis": result.diagnosis,
        "checks": checks,
    }
