"""A thousand solved notebooks, damaged as happens on the way to the grader: no answer that is there is lost.

A damage follows from its number alone. `DAMAGE=4711 DAMAGES=1 pytest tests/kit/test_intake_mutations.py`
repeats one, and `DAMAGES=20000` does more than usual.
"""

from __future__ import annotations

import ast
import copy
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from nbformat import NotebookNode

from autograde.build import build
from autograde.build.markers import Markers
from autograde.build.release import nbgrader_config
from autograde.course import MARKER, Course
from autograde.demo import without_markers
from autograde.errors import SubmissionError
from autograde.grading import Grader
from autograde.intake import Repaired, receive, repair
from autograde.intake.content import text_key
from autograde.notebook import Role, grade_id, graded_exercise, read_notebook, role
from tests.kit import mishaps
from tests.kit.mishaps import CELL_MISHAPS, RENAMED, Cells, name_of

COURSES = (Path(__file__).parents[2], Path(__file__).parent / "toy_course")
ANSWERS = (Role.SOLUTION, Role.WRITTEN)


@dataclass(frozen=True)
class Solved:
    """A notebook as released, and the reference's answers to it."""

    name: str
    released: NotebookNode
    answers: dict[str, str]

    def cells(self) -> Cells:
        """Return its cells, solved, with marks at the answers."""
        solved = []
        for cell in self.released.cells:
            one: dict[str, Any] = copy.deepcopy(dict(cell))
            if grade_id(cell) in self.answers:
                one |= {"answer": True, "stub": cell.source, "source": self.answers[grade_id(cell)]}
            solved.append(one)
        return solved


@dataclass(frozen=True)
class Damage:
    """A damaged submission of one notebook: its file, and which answers are still in it."""

    number: int
    solved: Solved
    mishaps: tuple[str, ...]
    file: str
    data: bytes
    left: frozenset[str]

    def __str__(self) -> str:
        return f"damage {self.number}: {self.solved.name} ({', '.join(self.mishaps)}; {self.file})"


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\r", "").split("\n") if line.strip()]


def holds(whole: Sequence[str], part: Sequence[str]) -> bool:
    """Return whether a list of lines has another one in it, without a gap."""
    return "\n" + "\n".join(part) + "\n" in "\n" + "\n".join(whole) + "\n"


def damage(number: int, shelf: Sequence[Solved]) -> Damage:
    chance = Random(number)
    solved = chance.choice(shelf)
    cells = solved.cells()
    done = [chance.choice(CELL_MISHAPS) for _ in range(chance.randint(1, 4))]
    for mishap in done:
        if cells:
            mishap(cells, chance)
    kind = "breaks off"
    if chance.random() < 0.05 and cells:
        data, cells = mishaps.breaks_off(cells, chance)
    else:
        data, kind = mishaps.written(cells, chance)
    left = {name for name in solved.answers if is_there(name, cells, solved)}
    file = chance.choice(RENAMED).format(solved.name)
    return Damage(number, solved, (*(one.__name__ for one in done), kind), file, data, frozenset(left))


def is_there(name: str, cells: Cells, solved: Solved) -> bool:
    """Return whether an answer stands whole in some cells, among nothing but released text and Python.

    Who pasted its stub into the same cell has undone it, and who made text of a part that runs alone has
    taken it out.
    """
    answer = lines(solved.answers[name])
    stub = next(lines(cell.source) for cell in solved.released.cells if grade_id(cell) == name)
    texts = [lines(cell["source"]) for cell in cells]
    if not holds([line for text in texts for line in text], answer):
        return False
    undone = set(answer) - set(stub)
    if not holds(answer, stub) and any(holds(text, stub) and undone & set(text) for text in texts):
        return False
    known = {line for cell in solved.released.cells for line in lines(cell.source)}
    known |= {line for one in solved.answers.values() for line in lines(one)}
    around = [cell for cell in cells if set(lines(cell["source"])) & set(answer)]
    text_types = ["raw", "markdown"] if runs("\n".join(answer)) else ["raw"]
    taken_out = [one for one in around if one["cell_type"] in text_types and not name_of(one)]
    if len(around) > 1 and any(set(lines(one["source"])) < set(answer) for one in taken_out):
        return False
    foreign = [[line for line in lines(one["source"]) if line not in known] for one in around]
    return all(runs("\n".join(text)) for text in foreign)


def handed_in(one: Damage, folder: Path) -> NotebookNode | SubmissionError:
    path = folder / one.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(one.data)
    return receive(folder, {one.solved.name: one.solved.released})[one.solved.name]


def check(one: Damage, submitted: NotebookNode, result: Repaired) -> None:
    """Hold what decides the grade against the solved notebook."""
    released, notebook = one.solved.released, result.notebook
    frame = [cell for cell in notebook.cells if grade_id(cell)]
    expected = [cell for cell in released.cells if grade_id(cell)]
    assert [(cell.id, cell.metadata, cell.cell_type) for cell in frame] == [
        (cell.id, cell.metadata, cell.cell_type) for cell in expected
    ]
    for cell, original in zip(frame, expected, strict=True):
        if role(cell) not in ANSWERS:
            assert cell.source == original.source
        elif grade_id(cell) in one.left:
            check_answer(one.solved, cell, original, notebook)
    if not result.repairs:
        came = [cell for cell in submitted.cells if grade_id(cell)]
        assert [(grade_id(cell), cell.cell_type) for cell in came] == [
            (grade_id(cell), cell.cell_type) for cell in expected
        ]
        assert [text_key(cell) for cell in came] == [text_key(cell) for cell in frame]


def check_answer(solved: Solved, cell: NotebookNode, stub: NotebookNode, notebook: NotebookNode) -> None:
    answer = lines(solved.answers[grade_id(cell)])
    if role(cell) is Role.WRITTEN:
        assert holds(lines(cell.source), answer), f"{grade_id(cell)} lost its words"
        return
    assert text_key(cell) != text_key(stub), f"{grade_id(cell)} is the stub"
    before = cells_run_before_the_tests(notebook, grade_id(cell))
    run = [line for one in before for line in lines(one.source)]
    assert holds(run, answer), f"{grade_id(cell)} does not run as it was written"
    behind = "\n".join(run).rpartition("\n".join(answer))[2].split("\n")
    assert not holds(behind, lines(stub.source)), f"{grade_id(cell)} is undone by its stub"


def cells_run_before_the_tests(notebook: NotebookNode, name: str) -> list[NotebookNode]:
    """Return the cells that run before the tests of a solution, those that are Python at all."""
    names = [grade_id(cell) for cell in notebook.cells]
    solution = names.index(name)
    tests = next(at for at in range(solution, len(names)) if graded_exercise(notebook.cells[at]))
    return [cell for cell in notebook.cells[:tests] if cell.cell_type == "code" and runs(cell.source)]


@cache
def runs(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.fixture(scope="module", name="shelf")
def fixture_shelf(tmp_path_factory: pytest.TempPathFactory) -> list[Solved]:
    """All notebooks of the real course and of the toy course, with the reference's answers."""
    toy = tmp_path_factory.mktemp("toy") / "course"
    shutil.copytree(COURSES[1], toy)
    build(Course(toy), "toy")
    return [one for root in (COURSES[0], toy) for one in solved_notebooks(Course(root))]


def solved_notebooks(course: Course) -> Iterator[Solved]:
    markers = Markers.of(nbgrader_config(course.root / MARKER)).solution
    for assignment in course.assignments():
        for name in course.notebooks(assignment):
            source = read_notebook(course.source(assignment, name))
            answers = {
                grade_id(cell): without_markers(cell.source, markers)
                for cell in source.cells
                if role(cell) in ANSWERS
            }
            yield Solved(name, read_notebook(course.release(assignment, name)), answers)


def failure(one: Damage, folder: Path) -> str:
    """Return what is wrong with the repair of a damage, "" if nothing is."""
    try:
        came = handed_in(one, folder / one.solved.name)
        assert isinstance(came, NotebookNode), str(came)
        result = repair(one.solved.released, came)
        check(one, came, result)
        if one.number % 10 == 0:
            assert repair(one.solved.released, result.notebook) == Repaired(result.notebook), "again"
    except Exception as error:
        return f"{one}: {type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    finally:
        shutil.rmtree(folder)
    return ""


def test_a_thousand_damages_cost_no_answer_that_is_there(shelf: list[Solved], tmp_path: Path) -> None:
    first = int(os.environ.get("DAMAGE", "0"))
    number = int(os.environ.get("DAMAGES", "1000"))
    damages = (damage(one, shelf) for one in range(first, first + number))
    failures = list(filter(None, (failure(one, tmp_path / str(one.number)) for one in damages)))
    assert not failures, f"{len(failures)} of {number}:\n" + "\n".join(failures[:20])


def test_the_damages_are_of_all_kinds_and_most_leave_the_answers_there(shelf: list[Solved]) -> None:
    damages = [damage(number, shelf) for number in range(200)]
    assert {one.__name__ for one in CELL_MISHAPS} <= {name for one in damages for name in one.mishaps}
    whole = [one for one in damages if one.left == one.solved.answers.keys()]
    assert 0.7 * len(damages) < len(whole) < len(damages)


def test_damaged_notebooks_get_full_marks(shelf: list[Solved], toy_grader: Grader, tmp_path: Path) -> None:
    toy = [one for one in shelf if one.name == "1_numbers"]
    whole = (one for number in count() if (one := damage(number, toy)).left == one.solved.answers.keys())
    for one in islice(whole, 10):
        came = handed_in(one, tmp_path / str(one.number) / one.solved.name)
        assert isinstance(came, NotebookNode), one
        result = toy_grader.grade_notebook("toy", one.solved.name, repair(one.solved.released, came)).result
        assert {each.exercise: each.score for each in result.exercises} == {
            "add_numbers": 3,
            "describe": 5,
        }, f"{one}: {result}"
