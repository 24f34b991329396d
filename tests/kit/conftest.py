"""The toy course, for all tests of the kit."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograde.build import build
from autograde.course import Course

collect_ignore = ["toy_course"]  # its check files belong to it, not to the kit

TOY_COURSE = Path(__file__).parent / "toy_course"


@pytest.fixture
def toy_course(tmp_path: Path) -> Course:
    """A copy of the toy course, as its author wrote it: nothing is built yet."""
    root = tmp_path / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    return Course(root)


@pytest.fixture
def built_course(toy_course: Course) -> Course:
    """A copy of the toy course with its notebooks built."""
    build(toy_course, "toy")
    return toy_course


@pytest.fixture
def save_in_jupyter() -> Callable[..., None]:
    """`save_in_jupyter(path, edit)`: run, edit and save a notebook, with what JupyterLab adds when it does.

    `edit` is given the notebook's JSON and changes it in place; it may be left out.
    """

    def save(path: Path, edit: Callable[[dict[str, Any]], object] = lambda nb: None) -> None:
        nb = json.loads(path.read_text("utf-8"))
        nb["metadata"]["language_info"] = {"name": "python", "version": "3.13.1", "file_extension": ".py"}
        for number, cell in enumerate(nb["cells"], 1):
            added = {"editable": True, "slideshow": {"slide_type": ""}, "tags": []}
            cell["metadata"] = added | cell["metadata"]
            if cell["cell_type"] == "code":
                cell["execution_count"] = number
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["7\n"]}]
                cell["metadata"]["collapsed"] = False
        edit(nb)
        path.write_text(json.dumps(nb, indent=1) + "\n", "utf-8")

    return save
