"""The repository's own course: its checks are proven, and its release is complete and gives nothing away."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograde.build import check_built
from autograde.course import Course
from autograde.demo import fill_in
from autograde.diagnosis import Diagnoses
from autograde.grading import Grader
from autograde.intake import repair
from autograde.model import Outcome
from autograde.notebook import Role, grade_id, read_notebook, role
from autograde.runs import GradedNotebook
from autograde.verify import prove

COURSE = Course(Path(__file__).parents[2])
EXERCISES = [exercise.name for exercise in COURSE.all_exercises()]
NOTEBOOKS = [
    (assignment, name) for assignment in COURSE.assignments() for name in COURSE.notebooks(assignment)
]
ANSWERED = (Role.SOLUTION, Role.WRITTEN)
TELLING = 10  # characters of a line that is nobody's idea but the solution's


@pytest.fixture(scope="module", name="grader")
def fixture_grader() -> Iterator[Grader]:
    with Grader(COURSE) as grader:
        yield grader


def lines(cells: Iterable[NotebookNode]) -> set[str]:
    """Return the lines of some cells, without indentation and comments."""
    found = {line.strip().lstrip("# ") for cell in cells for line in cell.source.splitlines()}
    return {line for line in found if len(line) >= TELLING}


def grade(grader: Grader, assignment: str, name: str, answers: dict[str, str]) -> GradedNotebook:
    released = read_notebook(COURSE.release(assignment, name))
    return grader.grade_notebook(assignment, name, repair(released, fill_in(released, answers)))


@pytest.mark.parametrize("assignment", COURSE.assignments())
def test_the_notebooks_are_what_the_texts_say(assignment: str) -> None:
    assert check_built(COURSE, assignment) == []


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_is_proven_by_its_specimens(name: str, grader: Grader) -> None:
    proof = prove(grader, COURSE.exercise(name))
    assert proof.ok, proof
    assert proof.right.count >= 2
    assert proof.wrong.count >= len(grader.infos(name))


@pytest.mark.parametrize(("assignment", "name"), NOTEBOOKS)
def test_the_reference_in_the_released_notebook_gets_full_marks(
    assignment: str, name: str, grader: Grader
) -> None:
    solved = read_notebook(COURSE.source(assignment, name)).cells
    graded = grade(
        grader, assignment, name, {grade_id(cell): cell.source for cell in solved if role(cell) in ANSWERED}
    )
    assert [one.score for one in graded.result.exercises] == [
        one.max_score for one in graded.result.exercises
    ]
    assert (graded.result.remarks, graded.result.repairs) == ((), ())
    outputs = [output for cell in graded.notebook.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type == "error"]


@pytest.mark.parametrize(("assignment", "name"), NOTEBOOKS)
def test_the_released_notebook_as_it_is_gets_nothing(
    assignment: str, name: str, grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Which mistake it is, is not asked here: every wrong specimen would be tried.
    monkeypatch.setattr(Diagnoses, "explain", lambda self, exercise, result: result)
    graded = grade(grader, assignment, name, {})
    assert [one.score for one in graded.result.exercises] == [0] * len(graded.result.exercises)
    outcomes = {check.outcome for one in graded.result.exercises for check in one.checks}
    assert Outcome.ERROR not in outcomes
    assert graded.result.remarks == ()


@pytest.mark.parametrize(("assignment", "name"), NOTEBOOKS)
def test_the_release_holds_no_line_of_a_solution(assignment: str, name: str) -> None:
    solved = read_notebook(COURSE.source(assignment, name)).cells
    released = read_notebook(COURSE.release(assignment, name)).cells
    stubs = [cell for cell in released if role(cell) in ANSWERED]
    given = "\n".join(cell.source for cell in [*stubs, *(one for one in solved if role(one) not in ANSWERED)])
    secret = [line for line in lines(cell for cell in solved if role(cell) in ANSWERED) if line not in given]
    text = COURSE.release(assignment, name).read_text("utf-8")
    assert secret
    assert not [line for line in secret if json.dumps(line, ensure_ascii=False)[1:-1] in text]


@pytest.mark.parametrize(("assignment", "name"), NOTEBOOKS)
def test_the_release_tells_of_checks_only_what_is_announced(
    assignment: str, name: str, grader: Grader
) -> None:
    text = COURSE.release(assignment, name).read_text("utf-8")
    infos = [info for exercise in COURSE.exercises(assignment) for info in grader.infos(exercise.name)]
    # As whole words: an exercise's grade cell may be called as a check of it is and more.
    assert not [info.name for info in infos if re.search(rf"\b{info.name}\b", text)]
    secrets = [info.hint for info in infos if info.hint]
    secrets += [info.sentence for info in infos if info.visibility != "always"]
    assert not [secret for secret in secrets if json.dumps(secret, ensure_ascii=False)[1:-1] in text]


@pytest.mark.parametrize("assignment", COURSE.assignments())
def test_the_release_is_notebooks_and_their_data(assignment: str) -> None:
    folder = COURSE.release(assignment, "").parent
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    notebooks = {Path(f"{name}.ipynb") for name in COURSE.notebooks(assignment)}
    assert {path for path in files if path.parts[0] != "data"} == notebooks
