"""The `autograde` command."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograde import __version__
from autograde.course import Course, Exercise
from autograde.errors import AutogradeError, CourseError, ServerError
from autograde.model import ExerciseResult

if TYPE_CHECKING:
    from autograde.verify import ExerciseProof, Repetition

FINE, FAILED, WRONG_USE = 0, 1, 2
app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
errors = Console(stderr=True)
screen = Console()

Practice = Annotated[
    bool,
    typer.Option("--practice", help="Grade even where student code cannot be confined; no official grades."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def main() -> None:
    """Run the command line; every expected error is one line and an exit status."""
    try:
        app(prog_name="autograde")
    except ServerError as error:
        errors.print(f"autograde: {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(FAILED)
    except AutogradeError as error:
        errors.print(f"autograde: {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(WRONG_USE)
    except OSError as error:  # a full disk, a folder that is read-only, a file that went away meanwhile
        where = f"{error.filename}: " if error.filename else ""
        errors.print(f"autograde: {escape(where)}{error.strerror}", highlight=False, soft_wrap=True)
        sys.exit(FAILED)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"autograde {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Deep-learning exercises as nbgrader notebooks, graded by hidden checks in a process of their own."""


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
    for name in [assignment] if assignment else _assignments(course):
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
        _print_json({"ok": ok, "exercises": [dataclasses.asdict(one) for one in found]})
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
        _print_json([_answer_json(file, result) for file, result in results.items()])
    else:
        for file, result in results.items():
            print_answer(screen, str(file), result)
    full = all(result.score == result.max_score for result in results.values())
    raise typer.Exit(FINE if full else FAILED)


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
        diagnosis = examine(_course_here())
    if as_json:
        _print_json(dataclasses.asdict(diagnosis))
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
    for assignment in _assignments(course):
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
        _print_json({"assignment": assignment, "results": results, "faults": dict(graded.faults)})
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


def _course_here() -> Course | None:
    with suppress(CourseError):
        return Course.find()
    return None


def _assignments(course: Course) -> tuple[str, ...]:
    found = course.assignments()
    if not found:
        raise CourseError(f"{course.root / 'solutions'}: no assignments")
    return found


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


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, indent=1, ensure_ascii=False))
