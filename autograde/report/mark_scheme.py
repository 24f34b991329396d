"""The mark scheme above each written answer in the formgrader, and nowhere else.

It is the solution region of the answer's cell in the source notebook. The formgrader's page and the students'
feedback come from the same graded notebook and the same exporter; so the mark scheme is never written to
a file: it is put in while a page is made that the formgrader asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.coursedir import CourseDirectory  # type: ignore[import-untyped]

from autograde.build.markers import Markers
from autograde.build.release import nbgrader_config
from autograde.course import MARKER, Course
from autograde.errors import CourseError
from autograde.notebook import Role, grade_id, read_notebook, role

TITLE = "**How to mark this answer** (for you alone: feedback for students does not show it)"


class ShowMarkScheme(Preprocessor):
    """Puts mark schemes into the pages of the formgrader; for `c.HTMLExporter.preprocessors`."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with a cell before each written answer; unchanged on its way to a student."""
        wanted = [resources.get(name) for name in ("submission_id", "assignment_id", "notebook_id")]
        if not all(wanted) or resources.get("nbgrader"):  # which all of nbgrader's converters set
            return nb, resources
        schemes = self._schemes(*map(str, wanted[1:]))
        cells = []
        for cell in nb.cells:
            if role(cell) is Role.WRITTEN and grade_id(cell) in schemes:
                cells.append(new_markdown_cell(schemes[grade_id(cell)]))
            cells.append(cell)
        return NotebookNode({**nb, "cells": cells}), resources

    def _schemes(self, assignment: str, notebook: str) -> dict[str, str]:
        try:
            course = Course.find(Path(CourseDirectory(config=self.config).root))
            source = read_notebook(course.source(assignment, notebook))
            return mark_schemes(source, Markers.of(nbgrader_config(course.root / MARKER)))
        except (CourseError, ValueError) as error:  # answers can be read and graded without it
            self.log.warning("No mark scheme is shown: %s", error)
            return {}


def mark_schemes(source: NotebookNode, markers: Markers) -> dict[str, str]:
    """Return the mark schemes of a source notebook's written answers, in Markdown, by grade_id.

    Raises:
        ValueError: the markers of a cell do not pair.

    """
    schemes = {}
    for cell in source.cells:
        body = "\n".join(markers.solution.bodies(cell.source)) if role(cell) is Role.WRITTEN else ""
        if body.strip():
            quoted = "\n".join(f"> {line}".rstrip() for line in body.split("\n"))
            schemes[grade_id(cell)] = f"{TITLE}\n\n{quoted}"
    return schemes
