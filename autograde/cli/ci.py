"""The command for CI: one folder graded, and told in the formats that CI systems read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograde.cli.app import FAILED, FINE, Practice, app, course_here
from autograde.course import Course
from autograde.errors import CourseError

if TYPE_CHECKING:
    from autograde.ci import Folder
    from autograde.model import SubmissionResult

_LEAST = re.compile(r"(\d+(?:\.\d+)?)(%?)")


def _to_file(told: str, *names: str) -> Any:
    return typer.Option(*names, metavar="FILE", help=told)


@app.command()
def ci(
    folder: Annotated[Path, typer.Argument(metavar="PATH", help="A folder with one student's notebooks.")],
    course: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", envvar="AUTOGRADE_COURSE", help="Default: the course of the working directory."
        ),
    ] = None,
    assignment: Annotated[str, typer.Option(help="Needed if the course has several.")] = "",
    notebook: Annotated[
        list[str] | None, typer.Option(help="Only this notebook; may be repeated. Default: all.")
    ] = None,
    student: Annotated[str, typer.Option(help="Whose it is. Default: the folder's name.")] = "",
    min_score: Annotated[
        str, typer.Option(metavar="X", help="Least score for exit status 0: points, or a share as in 80%.")
    ] = "100%",
    junit: Annotated[Path | None, _to_file("Write JUnit XML.")] = None,
    summary: Annotated[
        Path | None, _to_file("Write Markdown. Default in GitHub Actions: the step's summary.")
    ] = None,
    results: Annotated[Path | None, _to_file("Write the result document.", "--json")] = None,
    gradescope: Annotated[Path | None, _to_file("Write Gradescope's results.json.")] = None,
    code_quality: Annotated[Path | None, _to_file("Write GitLab's code quality report.")] = None,
    instructor: Annotated[
        bool, typer.Option("--instructor", help="Tell everything, also what students must not read.")
    ] = False,
    diagnose: Annotated[
        bool,
        typer.Option("--diagnose", help="Find out known mistakes that the course does not remember: slow."),
    ] = False,
    practice: Practice = False,
) -> None:
    """Grade a folder of notebooks against a course that lies elsewhere, and write reports for CI."""
    from autograde.ci import grade_folder, open_folder

    found = open_folder(
        _course(course), folder, assignment=assignment, notebooks=notebook or (), student=student
    )
    needed = least_points(min_score, found.possible)
    result = grade_folder(found, practice=practice, diagnose=diagnose)
    _write_reports(
        result,
        found,
        needed,
        {
            "junit": junit,
            "summary": summary,
            "json": results,
            "gradescope": gradescope,
            "code_quality": code_quality,
        },
        instructor=instructor,
    )
    judged = all(exercise.score is not None for exercise in result.exercises)
    raise typer.Exit(FINE if judged and result.score >= needed - 1e-6 else FAILED)


def least_points(text: str, possible: float) -> float:
    """Return the least score in points; "80%" is a share of the possible ones, "80" are points.

    Raises:
        CourseError: it is neither, or more than can be had.

    """
    matched = _LEAST.fullmatch(text.strip())
    if not matched:
        raise CourseError(f"--min-score {text}: give points, as in 12.5, or a share of them, as in 80%")
    least = float(matched[1]) * (possible / 100 if matched[2] else 1)
    if least > possible + 1e-6:
        raise CourseError(f"--min-score {text}: there are only {possible:g} automatic points to be had")
    return least


def _course(folder: Path | None) -> Course:
    if folder is None:
        here = course_here()
        if here is None:
            told = "no course here or above; name it with --course or AUTOGRADE_COURSE"
            raise CourseError(f"{Path.cwd()}: {told}")
        return here
    if not folder.is_dir():
        raise CourseError(f"{folder}: no such folder; --course takes the folder of a course")
    return Course.find(folder)


def _write_reports(
    result: SubmissionResult,
    found: Folder,
    needed: float,
    files: dict[str, Path | None],
    *,
    instructor: bool,
) -> None:
    from autograde.files import write_atomically
    from autograde.report.annotations import code_quality, github_annotations, log_lines
    from autograde.report.gradescope import gradescope_json
    from autograde.report.junit import junit_xml
    from autograde.report.markdown import markdown_summary
    from autograde.report.told import Reader, for_student, told

    view = told(result, Reader.INSTRUCTOR if instructor else Reader.STUDENT)
    make: dict[str, Callable[[], str]] = {
        "junit": lambda: junit_xml(view),
        "summary": lambda: markdown_summary(view, needed),
        "json": (result if instructor else for_student(result)).to_json,
        "gradescope": lambda: gradescope_json(result),
        "code_quality": lambda: code_quality(view, found.paths),
    }
    step_summary = os.environ.get("GITHUB_STEP_SUMMARY", "")
    for kind, path in files.items():
        if path and not (kind == "summary" and str(path) == step_summary):
            write_atomically(path, make[kind]())
    if step_summary and str(files["summary"] or step_summary) == step_summary:
        with Path(step_summary).open("a", encoding="utf-8") as file:  # of all commands of the step
            file.write(make["summary"]())
    commands = github_annotations(view, found.paths) if os.environ.get("GITHUB_ACTIONS") == "true" else []
    for line in (*log_lines(view, needed), *commands):
        typer.echo(line)
