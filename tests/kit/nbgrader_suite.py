"""A pytest plugin that puts this kit in the place of nbgrader's own grading, while nbgrader's own tests run.

    pytest -p tests.kit.nbgrader_suite --pyargs nbgrader.tests.apps.test_nbgrader_autograde

What these tests set up is no course of this kit, so it is made one, with as little as there can be:

- nbgrader_config.py of the course is this project's.
- A grade cell `bar` is called `test_bar`. Its exercise has one hidden check: the cell of the source notebook,
  with its hidden tests, is run in the student's process and must not fail.
- The source notebook is a solved one: nbgrader's is a stub with which the checks' reference would fail.

Only time is saved besides: databases are made without ten seconds of alembic, and all share one warm server.
"""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.tests.apps.base import BaseTestApp
from nbgrader.utils import compute_checksum

from autograde.gradebook import opened
from autograde.sandbox.warm import WarmServer

CONFIG = Path(__file__).parents[2] / "nbgrader_config.py"
SOLVED = {"submitted-unchanged.ipynb": "submitted-changed.ipynb"}
CHECKS = '''
from autograde.checks import check


@check()
def test_cell(student):
    """The tests of the cell pass."""

    def probe(source):
        from IPython import get_ipython

        exec(source, get_ipython().user_ns)

    student(probe, source={source!r})
'''


@pytest.fixture(scope="session")
def _one_server() -> Iterator[None]:
    """Let every grader of the run use the same warm server."""
    with WarmServer() as server, patch("autograde.grading.WarmServer", lambda **_: nullcontext(server)):
        yield


@pytest.fixture(autouse=True)
def _course_of_this_kit(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _one_server: None
) -> None:
    """Make what a test of nbgrader's sets up a course of this kit."""
    if "course_dir" not in request.fixturenames:
        return
    course, cwd = (Path(request.getfixturevalue(name)) for name in ("course_dir", "temp_cwd"))
    (course / CONFIG.name).write_text(CONFIG.read_text("utf-8"), "utf-8")
    with (cwd / CONFIG.name).open("a", encoding="utf-8") as config:
        config.write(CONFIG.read_text("utf-8"))
    default = f"sqlite:///{course / 'gradebook.db'}"
    databases = [default, *(request.getfixturevalue("db") for _ in {"db"} & {*request.fixturenames})]
    for url in databases:
        with opened(url):
            pass
    module, copy_file = request.module, BaseTestApp._copy_file
    run_nbgrader = module.run_nbgrader

    def copied(self: BaseTestApp, src: str, dest: str) -> None:
        name = Path(src).name
        if (course / "source") in Path(dest).parents:
            src = str(Path(src).with_name(SOLVED.get(name, name)))
        copy_file(self, src, dest)
        if dest.endswith(".ipynb") and course not in Path(src).parents:
            _rename_grade_cells(Path(dest))

    def run(args: list[str], *more: Any, **options: Any) -> Any:
        output = run_nbgrader(args, *more, **options)
        if args[0] in ("generate_assignment", "assign"):
            url = args[args.index("--db") + 1] if "--db" in args else default
            _write_checks(course, args[1], url)
        return output

    monkeypatch.setattr(BaseTestApp, "_copy_file", copied)
    monkeypatch.setattr(module, "run_nbgrader", run)


def _rename_grade_cells(path: Path) -> None:
    """Give the grade cells of one of nbgrader's notebooks the names that this kit wants."""
    notebook = nbformat.from_dict(json.loads(path.read_text("utf-8")))
    for cell in notebook.get("cells", ()):
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") and not about.get("solution") and about.get("grade_id"):
            cell.source = "".join(cell.source)
            unchanged = about.get("checksum") == compute_checksum(cell)
            about["grade_id"] = f"test_{about['grade_id']}"
            if unchanged:
                about["checksum"] = compute_checksum(cell)
    path.write_text(json.dumps(notebook), "utf-8")


def _write_checks(course: Path, assignment: str, url: str) -> None:
    """Write the texts and checks that the assignment would have in this kit."""
    with Gradebook(url) as book:
        for notebook in book.find_assignment(assignment).notebooks:
            text = course / "solutions" / assignment / f"{notebook.name}.py"
            text.parent.mkdir(parents=True, exist_ok=True)
            text.touch()
            for cell in notebook.source_cells:
                if cell.name in {grade.name for grade in notebook.grade_cells} and "test_" in cell.name:
                    folder = course / "tests/exercises" / assignment / cell.name.removeprefix("test_")
                    folder.mkdir(parents=True, exist_ok=True)
                    checks = CHECKS.format(source=cell.source)
                    (folder / f"{cell.name}.py").write_text(checks, "utf-8")
