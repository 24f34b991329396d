"""`[tool.autograde]` of a course's pyproject.toml: limits of a student's process, seed, least isolation."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from autograde.errors import CourseError

ISOLATION = ("confined", "confined+namespaces")
"""The levels a course may demand, low to high."""

_OF_THE_COURSE = ("seed", "minimum_isolation", "notebooks")  # not of one notebook


@dataclass(frozen=True)
class Settings:
    """The settings, with their defaults. `notebooks` holds what is otherwise for single notebooks."""

    cell_seconds: float = 20.0
    probe_seconds: float = 10.0
    run_seconds: float = 300.0
    cpu_seconds: int = 300
    memory_mb: int = 4096
    file_mb: int = 256
    folder_mb: int = 512
    folder_files: int = 10_000
    output_kb: int = 512
    displays: int = 100
    seed: int = 0
    minimum_isolation: str = ISOLATION[0]
    notebooks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_table(cls, table: dict[str, Any], where: Path) -> Settings:
        """Read the table; `where` names the file in errors.

        Raises:
            CourseError: an unknown key, or a value that is of the wrong kind.

        """
        values = {name: _value(name, value, where) for name, value in table.items()}
        return cls(**values)

    def of(self, notebook: str) -> Settings:
        """Return the settings that hold for one notebook."""
        return replace(self, **self.notebooks.get(notebook, {})) if self.notebooks else self

    def to_toml(self) -> str:
        """Return the settings as `from_table` reads them again."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "notebooks"}
        tables: dict[str, Mapping[str, Any]] = {"tool.autograde": values}
        tables |= {
            f"tool.autograde.notebooks.{json.dumps(name)}": table for name, table in self.notebooks.items()
        }
        return "\n".join(
            f"[{title}]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
            for title, table in tables.items()
        )


def _value(name: str, value: Any, where: Path) -> Any:
    kinds: dict[str, type] = {
        one.name: type(one.default) for one in fields(Settings) if one.name != "notebooks"
    }
    if name == "notebooks":
        return _of_notebooks(value, where)
    if name not in kinds:
        known = ", ".join((*kinds, "notebooks"))
        raise CourseError(f"{where}: [tool.autograde] has no setting {name!r}; there are {known}")
    if name == "minimum_isolation":
        if value not in ISOLATION:
            raise CourseError(
                f"{where}: [tool.autograde] {name} must be one of {', '.join(ISOLATION)}, not {value!r}"
            )
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or value < 0:
        raise CourseError(f"{where}: [tool.autograde] {name} must be a positive number, not {value!r}")
    if value == 0 and name != "seed":
        raise CourseError(f"{where}: [tool.autograde] {name} must be more than 0")
    if kinds[name] is int and value != int(value):
        raise CourseError(f"{where}: [tool.autograde] {name} must be a whole number, not {value!r}")
    return kinds[name](value)


def _of_notebooks(tables: Any, where: Path) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise CourseError(f"{where}: [tool.autograde] notebooks must hold a table for each notebook")
    for notebook, table in tables.items():
        for name in table:
            if name in _OF_THE_COURSE:
                raise CourseError(
                    f"{where}: [tool.autograde.notebooks.{notebook}] {name} is for the whole course: move it "
                    "up"
                )
    return {
        notebook: {name: _value(name, value, where) for name, value in table.items()}
        for notebook, table in tables.items()
    }
