"""The command that looks at a class without grading anything."""

from __future__ import annotations

import typer

from autograde.cli.app import FINE, AsJson, app, print_json, screen
from autograde.course import Course
from autograde.errors import CourseError


@app.command()
def report(assignment: str, as_json: AsJson = False) -> None:
    """Show the class at a glance: scores, hard exercises, mistakes, what is left to grade by hand."""
    from autograde.classroom import stored_results
    from autograde.gradebook import standing
    from autograde.report.overview import overview, print_overview

    course = Course.find()
    course.notebooks(assignment)  # a wrong name is told as that
    results = tuple(stored_results(course, assignment))
    if not results:
        folder = course.results(assignment, "*").parent
        raise CourseError(f"{folder}: no results; run `autograde grade {assignment}` first")
    told = overview(assignment, results, standing(course, assignment), course.students(assignment))
    if as_json:
        print_json(told.to_dict())
    else:
        print_overview(screen, told)
    raise typer.Exit(FINE)
