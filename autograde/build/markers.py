"""nbgrader's markers for what students must not see: solutions, hidden tests, mark schemes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbgrader.preprocessors import (  # type: ignore[import-untyped]
    ClearHiddenTests,
    ClearMarkScheme,
    ClearSolutions,
)
from traitlets.config import Config


@dataclass(frozen=True)
class Region:
    """A pair of markers, as nbgrader is configured to find them in a line."""

    name: str
    begin: str
    end: str

    def bodies(self, source: str) -> Iterator[str]:
        """Yield the text of each region of a cell.

        Raises:
            ValueError: the markers do not pair; the message says how, without the file and cell.

        """
        body: list[str] | None = None
        for line in source.split("\n"):
            if self.begin in line:
                if body is not None:
                    raise ValueError(f"has a second {self.begin} before {self.end}")
                body = []
            elif self.end in line:
                if body is None:
                    raise ValueError(f"has {self.end} without {self.begin}")
                yield "\n".join(body)
                body = None
            elif body is not None:
                body.append(line)
        if body is not None:
            raise ValueError(f"has {self.begin} without {self.end}")


@dataclass(frozen=True)
class Markers:
    """The three kinds of region of one course."""

    solution: Region
    hidden_tests: Region
    mark_scheme: Region

    @classmethod
    def of(cls, config: Config) -> Markers:
        """Return the markers that the course's nbgrader configuration sets."""
        solutions = ClearSolutions(config=config)
        tests = ClearHiddenTests(config=config)
        schemes = ClearMarkScheme(config=config)
        return cls(
            Region("solution", solutions.begin_solution_delimeter, solutions.end_solution_delimeter),
            Region("hidden tests", tests.begin_test_delimeter, tests.end_test_delimeter),
            Region("mark scheme", schemes.begin_mark_scheme_delimeter, schemes.end_mark_scheme_delimeter),
        )

    @property
    def regions(self) -> tuple[Region, Region, Region]:
        """All three."""
        return (self.solution, self.hidden_tests, self.mark_scheme)
