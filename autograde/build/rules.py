"""What must hold of an assignment's notebooks before anything is built from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nbformat import NotebookNode

from autograde.build.markers import Markers
from autograde.course import Course
from autograde.errors import CourseError
from autograde.notebook import GRADE_PREFIX, Role, grade_id, graded_exercise, role

GRADED = (Role.GRADE, Role.WRITTEN)


def check_rules(
    course: Course, assignment: str, notebooks: Mapping[Path, NotebookNode], markers: Markers
) -> None:
    """Refuse notebooks that cannot be released or graded; the keys are the texts they were read from.

    Raises:
        CourseError: the first rule that does not hold, with file and cell.

    """
    for text, nb in notebooks.items():
        for problem in _cell_problems(nb, markers):
            raise CourseError(f"{text}: {problem}")
        for problem in _exercise_problems(nb):
            raise CourseError(f"{text}: {problem}")
    for problem in _course_problems(course, assignment, notebooks):
        raise CourseError(problem)


def named(number: int, cell: NotebookNode) -> str:
    """Return how messages call a cell: by its grade_id, else by its place and first line."""
    if name := grade_id(cell):
        return f"cell {name!r}"
    return f"cell {number} ({cell.source.partition(chr(10))[0][:40]!r})"


def _cell_problems(nb: NotebookNode, markers: Markers) -> Iterator[str]:
    names = Counter(map(grade_id, nb.cells))
    for number, cell in enumerate(nb.cells, 1):
        cell_name, its_role = named(number, cell), role(cell)
        if its_role is not Role.FREE and not grade_id(cell):
            yield f"{cell_name} is a {its_role} cell without a grade_id"
        elif grade_id(cell) and names[grade_id(cell)] > 1:
            yield f"{cell_name} is there {names[grade_id(cell)]} times; a grade_id names one cell"
        if its_role in GRADED and not _has_points(cell):
            yield f"{cell_name} is graded but has no points"
        if its_role is Role.GRADE and cell.source.startswith("%%"):
            yield f"{cell_name} begins with a cell magic, but the announcement of hidden checks goes there"
        for problem in _region_problems(cell, its_role, markers):
            yield f"{cell_name} {problem}"


def _has_points(cell: NotebookNode) -> bool:
    value = cell.metadata["nbgrader"].get("points")
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _region_problems(cell: NotebookNode, its_role: Role, markers: Markers) -> Iterator[str]:
    try:
        found = {region.name: list(region.bodies(cell.source)) for region in markers.regions}
    except ValueError as error:
        yield str(error)
        return
    if found["solution"] and its_role not in (Role.SOLUTION, Role.WRITTEN):
        yield f"has a solution region, but is a {its_role} cell: students would see the solution"
    if its_role is Role.SOLUTION and not found["solution"]:
        yield f"has no solution region; put {markers.solution.begin} and {markers.solution.end} around it"
    if found["hidden tests"] and its_role not in GRADED:
        yield f"has hidden tests, but is a {its_role} cell"
    if found["mark scheme"] and not cell.metadata.get("nbgrader", {}).get("task"):
        yield "has a mark scheme, which nbgrader removes from task cells only; put it in the solution region"


def _exercise_problems(nb: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with the order of an exercise: its solution cell, further ones, its grade cell."""
    own = set(map(graded_exercise, nb.cells))
    waiting: list[str] = []
    for number, cell in enumerate(nb.cells, 1):
        if role(cell) is Role.SOLUTION:
            waiting.append(grade_id(cell))
        elif role(cell) is Role.GRADE:
            exercise = graded_exercise(cell)
            if exercise not in waiting:
                missing = (
                    f"solution cell {exercise!r} above it" if exercise else f"name {GRADE_PREFIX}<exercise>"
                )
                yield f"{named(number, cell)} is a grade cell without a {missing}"
                continue
            start = waiting.index(exercise)
            # Solution cells after the exercise's own (multiple-choice answers) are judged along with it.
            waiting[start:] = [name for name in waiting[start + 1 :] if name in own]
    for name in waiting:
        yield f"cell {name!r} is a solution cell without a grade cell {GRADE_PREFIX + name!r} below it"


def _course_problems(
    course: Course, assignment: str, notebooks: Mapping[Path, NotebookNode]
) -> Iterator[str]:
    seen: dict[str, Path] = {}
    elsewhere = _exercises_of_others(course, assignment)
    for text, nb in notebooks.items():
        for exercise in filter(None, map(graded_exercise, nb.cells)):
            if exercise in seen:
                yield f"{text}: exercise {exercise!r} is also in {seen[exercise].name}; rename one"
            if exercise in elsewhere:
                yield f"{text}: exercise {exercise!r} is also in {elsewhere[exercise]!r}; rename one"
            seen[exercise] = text
            check_file = course.checks(assignment) / exercise / f"test_{exercise}.py"
            if not check_file.is_file():
                yield f"{text}: exercise {exercise!r} has no checks; write {check_file}"


def _exercises_of_others(course: Course, assignment: str) -> Mapping[str, str]:
    others: Iterable[str] = (name for name in course.assignments() if name != assignment)
    return {exercise.name: other for other in others for exercise in course.exercises(other)}
