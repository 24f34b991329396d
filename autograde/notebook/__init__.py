"""Cells, their roles in nbgrader's metadata, and the two forms of a notebook: text and .ipynb."""

from autograde.notebook.cells import GRADE_PREFIX, Role, grade_id, graded_exercise, points, role
from autograde.notebook.ipynb import dumps, loads, new_notebook, read_notebook
from autograde.notebook.text import parse_text, read_text, to_text

__all__ = [
    "GRADE_PREFIX",
    "Role",
    "dumps",
    "grade_id",
    "graded_exercise",
    "loads",
    "new_notebook",
    "parse_text",
    "points",
    "read_notebook",
    "read_text",
    "role",
    "to_text",
]
