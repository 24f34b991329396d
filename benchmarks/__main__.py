"""The command: `python -m benchmarks [PART...]`, in the folder of a course."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from autograde.course import Course
from autograde.errors import AutogradeError
from benchmarks.class_run import measure_class
from benchmarks.comparison import compare
from benchmarks.measuring import FAST_ROUNDS
from benchmarks.report import Machine, Report, as_json, show
from benchmarks.whole import measure_whole

errors = Console(stderr=True)
WIDTH = 100  # of the tables, at least: into a file too


class Part(StrEnum):
    """What can be measured."""

    NOTEBOOK = "notebook"
    SUBMISSION = "submission"
    CLASS = "class"


def benchmark(
    parts: Annotated[list[Part] | None, typer.Argument(help="Default: all.", show_default=False)] = None,
    notebook: Annotated[
        int, typer.Option(min=0, metavar="N", help="Which notebook, counted from 1; 0: a class hands in all.")
    ] = 1,
    rounds: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="N",
            help=f"How often slow things run; a notebook in this package runs {FAST_ROUNDS}x as often.",
        ),
    ] = 2,
    submissions: Annotated[int, typer.Option(min=2, metavar="N", help="How large the class is.")] = 200,
    lasting: Annotated[
        int, typer.Option(min=0, metavar="N", help="Over how many submissions memory is looked at.")
    ] = 500,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Measure what it takes to grade a notebook, next to other graders, a whole submission, and a class."""
    course = Course.find()
    wanted = set(parts or Part)
    with errors.status("Setting up ...") as status:

        def progress(doing: str) -> None:
            status.update(f"{escape(doing)} ...")

        report = Report(
            Machine.here(),
            compare(course, notebook or 1, rounds, progress) if Part.NOTEBOOK in wanted else None,
            measure_whole(course, progress) if Part.SUBMISSION in wanted else None,
            measure_class(course, notebook, submissions, rounds, lasting, progress)
            if Part.CLASS in wanted
            else None,
        )
    if json:
        print(as_json(report))
    else:
        show(report, Console(width=max(WIDTH, errors.width)))


def main() -> None:
    """Run the command; every expected error is one line and an exit status."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(benchmark)
    try:
        app(prog_name="python -m benchmarks")
    except AutogradeError as error:
        errors.print(f"benchmarks: {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
