"""Commands for a class: grade, demo, and what tells whether this machine can."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

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
from autograde.cli.progress import class_progress
from autograde.course import Course
from autograde.model import Score, SubmissionResult
from autograde.settled import settled

if TYPE_CHECKING:
    from autograde.classroom import Change, ClassResult, Options


@app.command()
def grade(
    assignment: str,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes that grade; default: one for each core.")
    ] = None,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Have a Dask cluster grade in place of this machine.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell which scores would change; write no grades.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Run everything again, changed or not.")] = False,
    practice: Practice = False,
    as_json: AsJson = False,
) -> None:
    """Grade the submissions in submitted/ into autograded/, results/ and the gradebook: what has changed."""
    course = Course.find()
    if not (student or scheduler or dry_run or force or practice) and (known := settled(course, assignment)):
        _show(course, assignment, known.results, as_json=as_json, standing=known.standing)
        raise typer.Exit(FINE)
    from autograde.classroom import Options, cores  # takes seconds to load

    options = Options(practice, force, dry_run, workers or cores(), scheduler)
    raise typer.Exit(_grade_and_show(course, assignment, student, options, as_json=as_json))


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
    from autograde.classroom import Options, cores
    from autograde.demo import hand_in, make_course

    course = make_course(Course.find(), folder.resolve())
    status = FINE
    for assignment in assignments(course):
        students = hand_in(course, assignment)
        errors.print(
            f"{len(students)} students hand in {assignment} in {escape(str(folder))}/", highlight=False
        )
        options = Options(workers=cores())
        status = max(
            status, _grade_and_show(course, assignment, None, options, as_json=as_json, shown_in=folder)
        )
    raise typer.Exit(status)


def _grade_and_show(
    course: Course,
    assignment: str,
    students: list[str] | None,
    options: Options,
    *,
    as_json: bool,
    shown_in: Path = Path(),
) -> int:
    from autograde.classroom import grade_class
    from autograde.report.changes import print_changes

    def announce(changes: Sequence[Change]) -> None:
        if not as_json:
            print_changes(screen, changes, dry_run=options.dry_run)

    with class_progress() as progress:
        options = replace(options, progress=progress, announce=announce)
        graded = grade_class(course, assignment, students, options)
    if options.dry_run and not as_json:
        seen = f"{len(graded.results)} submissions looked at, {graded.graded} of them run again"
        screen.print(f"{seen}; {len(graded.changes)} would change. Nothing was written.", highlight=False)
    else:
        standing = () if options.practice or options.dry_run else None
        how = {"as_json": as_json, "practice": options.practice}
        _show(course, assignment, graded.results, graded, **how, shown_in=shown_in, standing=standing)
    for student, fault in graded.faults.items():
        errors.print(
            f"{escape(student)}: not graded: {escape(fault.reason)}", highlight=False, soft_wrap=True
        )
    return FAILED if graded.faults else FINE


def _show(
    course: Course,
    assignment: str,
    results: Sequence[SubmissionResult],
    graded: ClassResult | None = None,
    *,
    as_json: bool,
    practice: bool = False,
    shown_in: Path = Path(),
    standing: Sequence[Score] | None = None,
) -> None:
    """Show a class; `graded` is the run, if there was one."""
    from autograde.report.changes import changes_json
    from autograde.report.summary import print_class

    if not as_json:
        print_class(screen, course, assignment, results, shown_in, practice=practice, standing=standing)
        return
    faults = {} if graded is None else {name: fault.reason for name, fault in graded.faults.items()}
    print_json(
        {
            "assignment": assignment,
            "results": [json.loads(result.to_json()) for result in results],
            "faults": faults,
            "graded": 0 if graded is None else graded.graded,
            "changes": changes_json(() if graded is None else graded.changes),
        }
    )
