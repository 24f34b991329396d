"""Commands for a class: grade, demo, and what tells whether this machine can."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograde.cli.app import (
    FAILED,
    FINE,
    AsJson,
    Practice,
    app,
    assignments,
    course_here,
    errors,
    print_json,
    screen,
)
from autograde.course import Course


@app.command()
def grade(
    assignment: str,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    practice: Practice = False,
    as_json: AsJson = False,
) -> None:
    """Grade the submissions in submitted/ into autograded/, results/ and the gradebook."""
    raise typer.Exit(_grade_and_show(Course.find(), assignment, student, practice=practice, as_json=as_json))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Tell whether this machine can grade, and what is missing."""
    from autograde.doctor import examine
    from autograde.report.proof import print_diagnosis

    with errors.status("starting the warm server"):
        diagnosis = examine(course_here())
    if as_json:
        print_json(dataclasses.asdict(diagnosis))
    else:
        print_diagnosis(screen, diagnosis)
    raise typer.Exit(FAILED if diagnosis.problems else FINE)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo's course is made.")] = Path("demo"),
    as_json: AsJson = False,
) -> None:
    """Make a class from the stored right and wrong answers, and grade it from end to end."""
    from autograde.demo import hand_in, make_course

    course = make_course(Course.find(), folder.resolve())
    status = FINE
    for assignment in assignments(course):
        students = hand_in(course, assignment)
        errors.print(
            f"{len(students)} students hand in {assignment} in {escape(str(folder))}/", highlight=False
        )
        status = max(status, _grade_and_show(course, assignment, None, as_json=as_json, shown_in=folder))
    raise typer.Exit(status)


def _grade_and_show(
    course: Course,
    assignment: str,
    students: list[str] | None,
    *,
    practice: bool = False,
    as_json: bool,
    shown_in: Path = Path(),
) -> int:
    from autograde.classroom import grade_class
    from autograde.report.summary import print_class

    with _class_progress() as progress:
        graded = grade_class(course, assignment, students, progress, practice=practice)
    if as_json:
        results = [json.loads(result.to_json()) for result in graded.results]
        print_json({"assignment": assignment, "results": results, "faults": dict(graded.faults)})
    else:
        print_class(screen, course, assignment, graded.results, shown_in)
    for student, fault in graded.faults.items():
        errors.print(f"{escape(student)}: not graded: {escape(fault)}", highlight=False, soft_wrap=True)
    return FAILED if graded.faults else FINE


@contextmanager
def _class_progress() -> Iterator[Any]:
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("starting", total=None)

        def show(student: str, done: int, total: int) -> None:
            bar.update(task, description=escape(student), completed=done, total=total)

        yield show
