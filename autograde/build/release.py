"""Source notebook to release notebook, by nbgrader's own preprocessors, and a search for leaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.nbgraderformat import (  # type: ignore[import-untyped]
    MetadataValidator,
    SchemaTooNewError,
    SchemaTooOldError,
    ValidationError,
)
from nbgrader.preprocessors import (  # type: ignore[import-untyped]
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config.loader import Config, PyFileConfigLoader

from autograde.build.markers import Markers
from autograde.errors import CourseError
from autograde.notebook import dumps

# nbgrader's order in `generate_assignment`, without its database. Headers, footers and generated tests are
# left out too: the text is the one source of a notebook.
PIPELINE = (
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)

# A shorter line may well occur in the prose or code around the exercise.
_TELLING_LENGTH = 16


def nbgrader_config(path: Path) -> Config:
    """Load the course's nbgrader_config.py.

    Raises:
        CourseError: it raises an error.

    """
    try:
        config: Config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    except Exception as error:  # whatever the instructor's Python raises
        raise CourseError(f"{path}: {type(error).__name__}: {error}") from error
    return config


def release_notebook(source: NotebookNode, config: Config) -> NotebookNode:
    """Return what students get of a source notebook, as `nbgrader generate_assignment` makes it.

    Raises:
        ValueError: nbgrader refuses the notebook.

    """
    nb: NotebookNode = nbformat.reads(dumps(source), as_version=4)
    resources: dict[str, object] = {}
    try:
        MetadataValidator().validate_nb(nb)  # the preprocessors would also write a traceback to the log
        for step in PIPELINE:
            nb, resources = step(config=config)(nb, resources)
    except ValidationError as error:
        raise ValueError(f"nbgrader refuses it: {error.message}") from error
    except (RuntimeError, ValueError, SchemaTooOldError, SchemaTooNewError) as error:
        raise ValueError(f"nbgrader refuses it: {error}") from error
    return nb


def leaks(source: NotebookNode, release: NotebookNode, markers: Markers) -> Iterator[str]:
    """Yield a sentence for each thing in the release notebook that students must not see."""
    for number, cell in enumerate(release.cells, 1):
        for region in markers.regions:
            for marker in (region.begin, region.end):
                if marker in cell.source:
                    yield f"cell {number} still has {marker}"
    for origin in source.cells:
        for region in markers.regions:
            for secret in map(_lines, region.bodies(origin.source)):
                if not secret or (len(secret) == 1 and len(secret[0]) < _TELLING_LENGTH):
                    continue
                for number, cell in enumerate(release.cells, 1):
                    if _contains(_lines(cell.source), secret):
                        name = origin.metadata.get("nbgrader", {}).get("grade_id", "")
                        yield f"cell {number} shows the {region.name} of {name!r}: {secret[0]!r}"


def _lines(text: str) -> list[str]:
    """Return the lines without indentation and comment signs, and without empty ones."""
    return [bare for line in text.split("\n") if (bare := line.strip().lstrip("# "))]


def _contains(lines: list[str], part: list[str]) -> bool:
    return any(lines[start : start + len(part)] == part for start in range(len(lines) - len(part) + 1))
