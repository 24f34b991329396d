"""Settings are read with care, for a course and for single notebooks."""

import re
import tomllib
from pathlib import Path

import pytest

from autograde.course import Course
from autograde.errors import CourseError
from autograde.opening import bounds_of
from autograde.sandbox.confine import LEVELS
from autograde.settings import ISOLATION, Settings

HERE = Path("pyproject.toml")


def settings(text: str) -> Settings:
    return Settings.from_table(tomllib.loads(text), HERE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cell_second = 3", "no setting 'cell_second'; there are cell_seconds, probe_seconds"),
        ("cell_seconds = 'long'", "cell_seconds must be a positive number, not 'long'"),
        ("cell_seconds = true", "cell_seconds must be a positive number"),
        ("cell_seconds = inf", "cell_seconds must be a positive number"),
        ("cell_seconds = nan", "cell_seconds must be a positive number"),
        ("probe_seconds = -1", "probe_seconds must be a positive number"),
        ("memory_mb = 0", "memory_mb must be more than 0"),
        ("memory_mb = 0.5", "memory_mb must be a whole number, not 0.5"),
        (
            "minimum_isolation = 'unconfined'",
            "must be one of confined, confined+namespaces, not 'unconfined'",
        ),
        ("minimum_isolation = 1", "must be one of confined, confined+namespaces, not 1"),
        ("notebooks = 1", "notebooks must hold a table for each notebook"),
        ("[notebooks]\na = 1", "notebooks must hold a table for each notebook"),
        ("[notebooks.a]\ncell_second = 3", "no setting 'cell_second'"),
        (
            "[notebooks.a]\nseed = 3",
            "[tool.autograde.notebooks.a] seed is for the whole course: move it up",
        ),
        ("[notebooks.a.notebooks.b]\nseed = 3", "notebooks is for the whole course"),
    ],
)
def test_a_wrong_setting_is_told_with_its_file(text: str, told: str) -> None:
    with pytest.raises(CourseError, match=re.escape(told)) as caught:
        settings(text)
    assert str(caught.value).startswith("pyproject.toml: [tool.autograde")


def test_a_file_that_is_no_toml_is_told(toy_course: Course) -> None:
    (toy_course.root / "pyproject.toml").write_text("[tool.autograde\n", "utf-8")
    with pytest.raises(CourseError, match=r"pyproject\.toml: not valid TOML"):
        _ = toy_course.settings


def test_a_course_may_demand_every_level_but_the_lowest() -> None:
    assert LEVELS[1:] == ISOLATION


def test_one_notebook_may_have_other_limits() -> None:
    found = settings("run_seconds = 60\n[notebooks.6_train]\nrun_seconds = 600\nmemory_mb = 100")
    assert (found.of("6_train").run_seconds, found.of("6_train").memory_mb) == (600, 100)
    assert (found.of("1_define").run_seconds, found.of("1_define").memory_mb) == (60, 4096)


def test_settings_survive_being_written(tmp_path: Path) -> None:
    text = 'seed = 3\nminimum_isolation = "confined+namespaces"\n[notebooks."6 \\"train\\""]\nmemory_mb = 1'
    written = settings(text)
    assert Settings.from_table(tomllib.loads(written.to_toml())["tool"]["autograde"], HERE) == written


def test_every_limit_reaches_the_process(toy_course: Course) -> None:
    (toy_course.root / "pyproject.toml").write_text(
        """
[tool.autograde]
cell_seconds = 1
probe_seconds = 2
run_seconds = 3
cpu_seconds = 4
memory_mb = 5
file_mb = 6
folder_mb = 7
folder_files = 8
output_kb = 9
displays = 10
""",
        "utf-8",
    )
    bounds = bounds_of(toy_course, "1_numbers")
    limits, folder = bounds.limits, bounds.folder
    assert (bounds.cell_seconds, bounds.probe_seconds, bounds.run_seconds, limits.cpu_seconds) == (1, 2, 3, 4)
    assert (limits.memory, limits.file_size, folder.size) == (5 * 2**20, 6 * 2**20, 7 * 2**20)
    assert (folder.files, limits.output, limits.displays) == (8, 9 * 2**10, 10)
