"""A notebook's first cells are run once for everybody who left them alone, and nobody can tell."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from nbformat import NotebookNode

from autograde.course import Course
from autograde.grading import Grader
from autograde.intake import Repaired
from autograde.notebook import dumps, read_notebook
from autograde.opening import Openings, bounds_of
from autograde.runs import GradedNotebook
from autograde.sandbox.session import Session
from autograde.sandbox.warm import WarmServer

NUMBERS = "1_numbers"
FIRST = """import random, torch, matplotlib.pyplot as plt
print(random.random(), torch.rand(2))
open("notes.txt", "w").write("kept")
plt.plot([1, 2])
plt.show()"""

THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(9,)).start()"
Start = Callable[..., tuple[Session, int]]


@pytest.fixture(name="start")
def fixture_start(warm_server: WarmServer, built_course: Course) -> Iterator[Start]:
    """`start(cells, first=...)`: a session for a run of cells; the released notebook begins with `first`."""
    with Openings(warm_server) as openings:

        def start(cells: list[str], first: str = FIRST) -> tuple[Session, int]:
            path = built_course.release("toy", NUMBERS)
            released = read_notebook(path)
            code = [cell for cell in released.cells if cell.cell_type == "code"]
            code[0].source, code[1].source = first, "x = 1"
            path.write_text(dumps(released), "utf-8")
            bounds = bounds_of(built_course, NUMBERS)
            session, done = openings.start(built_course, "toy", NUMBERS, cells, bounds)
            return session, len(done)

        yield start


def shown(session: Session, source: str) -> str:
    with session:
        return str(session.run_cell(source).outputs[0]["data"]["text/plain"])


def test_cells_as_released_are_not_run_again_and_their_names_and_files_are_there(start: Start) -> None:
    session, done = start([FIRST, "x = 1", "mine = 2"])
    assert done == 2
    assert shown(session, "x, open('notes.txt').read()") == "(1, 'kept')"


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([FIRST, "x = 2", "mine = 2"], id="one is changed"),
        pytest.param(["mine = 2", FIRST, "x = 1"], id="one comes before them"),
        pytest.param([FIRST], id="one is missing"),
    ],
)
def test_who_changed_one_of_them_runs_all(cells: list[str], start: Start) -> None:
    session, done = start(cells)
    assert done == 0
    assert shown(session, "'x' in globals()") == "False"


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("import os\nhere = os.getcwd()", id="a path that is not everybody's"),
        pytest.param(
            "import threading, time\nthreading.Thread(target=time.sleep, args=(9,)).start()", id="thread"
        ),
        pytest.param("import os\nos._exit(1)", id="the end of the process"),
    ],
)
def test_cells_that_nobody_can_go_on_after_are_run_by_each(first: str, start: Start) -> None:
    assert start([first, "x = 1"], first)[1] == 0


def test_what_one_student_does_is_not_there_for_the_next(start: Start) -> None:
    for _ in range(2):
        session, done = start([FIRST, "x = 1", "mine = 2"])
        assert done == 2
        assert shown(session, "x += 1; open('notes.txt', 'a').write('!'); [x, open('notes.txt').read()]") == (
            "[2, 'kept!']"
        )


def test_the_time_of_the_shared_cells_counts_for_each_run(start: Start, built_course: Course) -> None:
    session, _ = start(["import time\ntime.sleep(0.5)", "x = 1"], "import time\ntime.sleep(0.5)")
    assert session.own_seconds >= 0.5


@pytest.fixture(scope="module", name="both_ways")
def fixture_both_ways(toy_grader: Grader) -> Iterator[Callable[[NotebookNode], list[GradedNotebook]]]:
    """`both_ways(notebook)`: it graded with cells shared, and by a grader that shares none."""
    with Grader(toy_grader.course, shared=False) as apart:

        def grade(notebook: NotebookNode) -> list[GradedNotebook]:
            return [one.grade_notebook("toy", NUMBERS, Repaired(notebook)) for one in (toy_grader, apart)]

        yield grade


def document(graded: GradedNotebook) -> tuple[str, Any]:
    """Return the notebook with its outputs, and its result without times."""
    text = re.sub(r'"seconds": [\d.e-]+', "", json.dumps(graded.result, default=vars))
    return dumps(graded.notebook), text


EDITS: dict[str, Callable[[list[NotebookNode]], object]] = {
    "solved": lambda cells: None,
    "draws random numbers": lambda cells: cells[1].update(source="import torch\nprint(torch.rand(3))"),
    "exits": lambda cells: cells[-3].update(source="import os\nos._exit(3)"),
    "fails at first": lambda cells: cells[0].update(source="1 / 0"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_outputs_and_results_are_the_same_as_without_sharing(
    edit: Callable[[list[NotebookNode]], object],
    both_ways: Callable[[NotebookNode], list[GradedNotebook]],
    toy_grader: Grader,
) -> None:
    notebook = copy.deepcopy(read_notebook(toy_grader.course.source("toy", NUMBERS)))
    edit([cell for cell in notebook.cells if cell.cell_type == "code"])
    together, apart = map(document, both_ways(notebook))
    assert together == apart
