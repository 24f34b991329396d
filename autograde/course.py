"""The course on disk: the only module that knows the tree."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograde.errors import CourseError
from autograde.settings import Settings

MARKER = "nbgrader_config.py"


@dataclass(frozen=True)
class Exercise:
    """One exercise: the folder of its checks and specimens is its whole registration."""

    name: str
    assignment: str
    folder: Path = field(repr=False)

    @property
    def check_file(self) -> Path:
        """The hidden checks."""
        return self.folder / f"test_{self.name}.py"

    @property
    def right(self) -> tuple[Path, ...]:
        """Right answers, each the text of a solution cell."""
        return tuple(sorted(self.folder.glob("right_*.py")))

    @property
    def wrong(self) -> tuple[Path, ...]:
        """Wrong answers; each begins with a docstring that says what is wrong and which checks must fail."""
        return tuple(sorted(self.folder.glob("wrong_*.py")))


@dataclass(frozen=True)
class Course:
    """Paths and settings of one course. Create it with `Course.find`."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Return the course that `start` (default: the working directory) lies in.

        Raises:
            CourseError: there is none.

        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / MARKER).is_file():
                return cls(folder)
        raise CourseError(
            f"{here}: not inside a course (no {MARKER} here or above); go to the course's folder first"
        )

    @cached_property
    def settings(self) -> Settings:
        """The course's settings."""
        path = self.root / "pyproject.toml"
        if not path.is_file():
            return Settings()
        try:
            table = tomllib.loads(path.read_text("utf-8")).get("tool", {}).get("autograde", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CourseError(f"{path}: not valid TOML: {error}") from error
        return Settings.from_table(table, path)

    @property
    def gradebook_url(self) -> str:
        """The database nbgrader uses by default."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def private_paths(self) -> tuple[Path, ...]:
        """What a student's process must not be able to read, as far as it is there."""
        names = (
            "",
            MARKER,
            "solutions",
            "source",
            "tests/exercises",
            "submitted",
            "autograded",
            "results",
            "gradebook.db",
        )
        return tuple(path for name in names if (path := self.root / name).exists())

    def assignments(self) -> tuple[str, ...]:
        """Names of the assignments that have texts."""
        return tuple(sorted(path.name for path in (self.root / "solutions").glob("*") if path.is_dir()))

    def notebooks(self, assignment: str) -> tuple[str, ...]:
        """Names of an assignment's notebooks, in order.

        Raises:
            CourseError: there is no such assignment, or it has no texts.

        """
        names = tuple(sorted(path.stem for path in (self.root / "solutions" / assignment).glob("*.py")))
        if not names:
            known = ", ".join(self.assignments()) or "none yet"
            raise CourseError(
                f"{self.root / 'solutions' / assignment}: no notebook texts; assignments here: {known}"
            )
        return names

    def text(self, assignment: str, notebook: str) -> Path:
        """The hand-written text with solutions."""
        return self.root / "solutions" / assignment / f"{notebook}.py"

    def source(self, assignment: str, notebook: str) -> Path:
        """The built notebook with solutions, which nbgrader reads."""
        return self.root / "source" / assignment / f"{notebook}.ipynb"

    def release(self, assignment: str, notebook: str) -> Path:
        """The built notebook that students get."""
        return self.root / "release" / assignment / f"{notebook}.ipynb"

    def student_files(self, assignment: str) -> Path:
        """The folder whose files, but for notebooks, a student's process finds in its working folder."""
        return self.root / "release" / assignment

    def checks(self, assignment: str) -> Path:
        """The folder of the assignment's hidden checks."""
        return self.root / "tests" / "exercises" / assignment

    def exercises(self, assignment: str) -> tuple[Exercise, ...]:
        """The exercises that have a folder, by name."""
        folder = self.checks(assignment)
        return tuple(
            Exercise(path.name, assignment, path)
            for path in sorted(folder.glob("*"))
            if (path / f"test_{path.name}.py").is_file()
        )

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of that name, in whichever assignment it is.

        Raises:
            CourseError: there is none.

        """
        found = [exercise for exercise in self.all_exercises() if exercise.name == name]
        if not found:
            known = ", ".join(exercise.name for exercise in self.all_exercises())
            raise CourseError(
                f"no exercise {name!r} under {self.root / 'tests/exercises'}; there are {known}"
            )
        return found[0]

    def all_exercises(self) -> Iterator[Exercise]:
        """Yield the exercises of all assignments."""
        for assignment in self.assignments():
            yield from self.exercises(assignment)

    def submitted(self, assignment: str, student: str) -> Path:
        """The folder in which a student's submission arrived."""
        return self.root / "submitted" / student / assignment

    def autograded(self, assignment: str, student: str) -> Path:
        """The folder of a student's graded notebooks."""
        return self.root / "autograded" / student / assignment

    def results(self, assignment: str, student: str) -> Path:
        """The result document of a student's submission."""
        return self.root / "results" / assignment / f"{student}.json"

    def students(self, assignment: str) -> tuple[str, ...]:
        """Ids of the students who submitted, sorted."""
        return tuple(
            sorted(
                path.parent.name
                for path in (self.root / "submitted").glob(f"*/{assignment}")
                if path.is_dir()
            )
        )
