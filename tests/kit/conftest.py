"""The toy course, for all tests of the kit."""

import shutil
from pathlib import Path

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
