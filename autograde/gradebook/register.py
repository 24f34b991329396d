"""An assignment's rows in the gradebook, made from its source notebooks as stock nbgrader makes them."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook  # type: ignore[import-untyped]
from nbgrader.converters import GenerateAssignment  # type: ignore[import-untyped]
from nbgrader.nbgraderformat import ValidationError  # type: ignore[import-untyped]
from nbgrader.preprocessors import SaveCells  # type: ignore[import-untyped]
from traitlets.config.loader import Config
from traitlets.utils.importstring import import_item

from autograde.course import Course
from autograde.errors import CourseError
from autograde.gradebook.database import course_gradebook, explained, url_of
from autograde.notebook import read_notebook


def register_assignment(course: Course, assignment: str) -> None:
    """Make or update an assignment's rows, as `nbgrader generate_assignment` does; submissions stay.

    Raises:
        CourseError: a source notebook is missing or not valid, or its graded cells are no longer those that
            submissions are recorded for.

    """
    names = course.notebooks(assignment)
    with course_gradebook(course) as (gradebook, config):
        _match_notebooks(gradebook, course, assignment, set(names))
    for name in names:
        _save_cells(course, assignment, name, config)


def _match_notebooks(gradebook: Gradebook, course: Course, assignment: str, names: set[str]) -> None:
    """Make the assignment if need be, and drop the notebooks that it no longer has."""
    row = gradebook.update_or_create_assignment(assignment)
    known = {notebook.name for notebook in row.notebooks}
    if row.submissions and known != names:
        raise _changed(course, assignment, f"notebooks came or went ({', '.join(sorted(known ^ names))})")
    for name in sorted(known - names):
        gradebook.remove_notebook(name, assignment)


def _save_cells(course: Course, assignment: str, name: str, config: Config) -> None:
    """Run nbgrader's preprocessors on a source notebook, up to the one that writes cells to the gradebook."""
    path = course.source(assignment, name)
    notebook = read_notebook(path)
    url = url_of(course, config)
    resources = {"nbgrader": {"assignment": assignment, "notebook": name, "db_url": url}}
    try:
        with explained(url):
            _run_stages(notebook, resources, config)
    except RuntimeError as error:  # from SaveCells
        raise _changed(course, assignment, f"graded or locked cells of {name} came or went") from error
    except (ValidationError, ValueError) as error:
        reason = (str(error.__context__ or error).splitlines() or ["damaged"])[0]
        raise CourseError(f"{path}: no valid source notebook: {reason}; run `autograde build`") from error


def _run_stages(notebook: NotebookNode, resources: dict[str, Any], config: Config) -> None:
    for stage in GenerateAssignment(config=config).preprocessors:
        kind = import_item(stage) if isinstance(stage, str) else stage
        notebook, resources = kind(config=config)(notebook, resources)
        if issubclass(kind, SaveCells):
            return


def _changed(course: Course, assignment: str, what: str) -> CourseError:
    return CourseError(
        f"{course.source(assignment, '').parent}: {what}, but gradebook.db has submissions for the old ones; "
        "undo the change, or make the changed assignment a new one with a name of its own"
    )
