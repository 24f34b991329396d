"""nbgrader's gradebook: what is registered, what is recorded, and what is never lost."""

import copy
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbgrader
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograde.build import build
from autograde.course import Course
from autograde.errors import AutogradeError, CourseError, SubmissionError
from autograde.gradebook import Score, opened, record_notebook, recorder, register_assignment, scores
from autograde.model import (
    CheckResult,
    ExerciseResult,
    NotebookResult,
    Outcome,
    SubmissionResult,
    Visibility,
)
from autograde.notebook import grade_id, read_notebook

NUMBERS = "1_numbers"


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy course, built and registered once: a database is slow to make."""
    root = tmp_path_factory.mktemp("registered") / "toy course"
    shutil.copytree(Path(__file__).parent / "toy_course", root)
    build(Course(root), "toy")
    register_assignment(Course(root), "toy")
    return root


@pytest.fixture
def course(registered: Path, tmp_path: Path) -> Course:
    """A copy of the registered course."""
    return Course(Path(shutil.copytree(registered, tmp_path / "toy course")))


def check(outcome: Outcome = Outcome.PASSED) -> CheckResult:
    return CheckResult("test_it", "It is right.", 1.0, outcome, "", "", Visibility.ALWAYS, 0.0)


def result(
    add_numbers: float | None = 3.0,
    describe: float | None = 2.5,
    outcome: Outcome = Outcome.PASSED,
    **more: Any,
) -> NotebookResult:
    exercises = (
        ExerciseResult("add_numbers", add_numbers, 3.0, (check(outcome),)),
        ExerciseResult("describe", describe, 5.0, (check(),)),
    )
    return NotebookResult(NUMBERS, exercises, **more)


def submission(*notebooks: NotebookResult, student: str = "ann") -> SubmissionResult:
    return SubmissionResult("toy", student, notebooks, "confined", 0, {})


def record(
    course: Course, result: SubmissionResult, notebooks: dict[str, NotebookNode], timestamp: str | None
) -> None:
    """Record one submission, with a gradebook opened for it alone."""
    with recorder(course, "toy") as book:
        book.record(result, notebooks, timestamp)


def released(course: Course, **sources: str) -> dict[str, NotebookNode]:
    """Return the released notebook with some cells answered, as `record` is given it."""
    notebook = copy.deepcopy(read_notebook(course.release("toy", NUMBERS)))
    for cell in notebook.cells:
        cell.source = sources.get(grade_id(cell), cell.source)
    return {NUMBERS: notebook}


@contextmanager
def gradebook(course: Course) -> Iterator[Gradebook]:
    with Gradebook(course.gradebook_url) as book:
        yield book


def grades(course: Course, student: str = "ann") -> dict[str, tuple[float | None, bool]]:
    """Return automatic score and need of manual grading by cell."""
    with gradebook(course) as book:
        rows = book.find_submission("toy", student).notebooks[0].grades
        return {row.name: (row.auto_score, row.needs_manual_grade) for row in rows}


def comments(course: Course, student: str = "ann") -> dict[str, str | None]:
    with gradebook(course) as book:
        rows = book.find_submission("toy", student).notebooks[0].comments
        return {row.name: row.comment for row in rows}


def cell_rows(url: str) -> set[tuple[Any, ...]]:
    """Return everything the gradebook knows of an assignment's cells."""
    with Gradebook(url) as book:
        notebook = book.find_notebook(NUMBERS, "toy")
        sources = [
            (row.name, row.cell_type, row.locked, row.source, row.checksum) for row in notebook.source_cells
        ]
        graded = [("grade", row.name, row.max_score, row.cell_type) for row in notebook.grade_cells]
        solutions = [("solution", row.name) for row in notebook.solution_cells]
        return {*sources, *graded, *solutions, ("kernel", notebook.kernelspec)}


def give_by_hand(course: Course, cell: str, points: float, comment: str) -> None:
    """Do what an instructor does in the formgrader."""
    with gradebook(course) as book:
        grade = book.find_grade(cell, NUMBERS, "toy", "ann")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, 0.5, False
        book.find_comment("describe", NUMBERS, "toy", "ann").manual_comment = comment
        book.db.commit()


def rename_cell(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(f'"{old}"', f'"{new}"'), "utf-8")


# Registering


def test_registering_writes_the_rows_that_stock_nbgrader_writes(course: Course, tmp_path: Path) -> None:
    root = tmp_path / "stock"
    shutil.copytree(course.source("toy", "").parent, root / "source" / "toy")
    url = f"sqlite:///{root / 'gradebook.db'}"
    with opened(url):
        pass  # nbgrader finds the new database ready: making one, it needs an activated environment
    GenerateAssignment(coursedir=CourseDirectory(root=str(root), assignment_id="toy")).start()
    assert cell_rows(course.gradebook_url) == cell_rows(url)


def test_a_new_gradebook_has_the_version_of_nbgrader_s_newest_migration(course: Course) -> None:
    scripts = [
        path.read_text("utf-8") for path in Path(nbgrader.__file__).parent.glob("alembic/versions/*.py")
    ]
    revisions, replaced = (
        {found[1] for script in scripts if (found := re.search(rf"^{name} = ['\"](\w+)['\"]", script, re.M))}
        for name in ("revision", "down_revision")
    )
    with sqlite3.connect(course.root / "gradebook.db") as database:
        assert {
            version for (version,) in database.execute("SELECT * FROM alembic_version")
        } == revisions - replaced


def test_registering_again_keeps_submissions_and_grades(course: Course) -> None:
    record(course, submission(result()), released(course), None)
    give_by_hand(course, "explain_describe", 1.5, "Well seen.")
    register_assignment(course, "toy")
    assert scores(course, "toy") == (Score("ann", 7.5, 10.0, 0.0, False),)


def test_registering_follows_the_source_while_nobody_has_submitted(course: Course) -> None:
    rename_cell(course.source("toy", NUMBERS), "test_add_numbers", "test_sum")
    register_assignment(course, "toy")
    with gradebook(course) as book:
        names = {cell.name for cell in book.find_notebook(NUMBERS, "toy").grade_cells}
    assert names == {"test_sum", "test_describe", "explain_describe"}


def test_cells_cannot_change_once_there_are_submissions(course: Course) -> None:
    record(course, submission(result()), released(course), None)
    rename_cell(course.source("toy", NUMBERS), "test_add_numbers", "test_sum")
    with pytest.raises(CourseError, match=r"1_numbers came or went.*undo the change"):
        register_assignment(course, "toy")
    assert grades(course)["test_add_numbers"] == (3.0, False)


def test_notebooks_cannot_come_or_go_once_there_are_submissions(course: Course) -> None:
    record(course, submission(result()), released(course), None)
    shutil.copy(course.text("toy", NUMBERS), course.text("toy", "2_more"))
    with pytest.raises(CourseError, match=r"notebooks came or went \(2_more\)"):
        register_assignment(course, "toy")


def test_a_notebook_that_is_gone_is_forgotten(course: Course) -> None:
    for folder, suffix in (("solutions", "py"), ("source", "ipynb")):
        path = course.root / folder / "toy" / f"{NUMBERS}.{suffix}"
        path.rename(path.with_stem("1_counting"))
    register_assignment(course, "toy")
    with gradebook(course) as book:
        assert [notebook.name for notebook in book.find_assignment("toy").notebooks] == ["1_counting"]


def test_a_source_notebook_that_is_not_built_is_named(toy_course: Course) -> None:
    with pytest.raises(CourseError, match=r"1_numbers\.ipynb: .*run `autograde build`"):
        register_assignment(toy_course, "toy")


def test_a_source_notebook_with_damaged_metadata_is_named(built_course: Course) -> None:
    rename_cell(built_course.source("toy", NUMBERS), "describe", "add_numbers")
    with pytest.raises(
        CourseError, match=r"1_numbers\.ipynb: no valid source notebook: Duplicate grade id: add_numbers; run"
    ):
        register_assignment(built_course, "toy")


# Recording


def test_scores_are_the_result_s(course: Course) -> None:
    record(course, submission(result(add_numbers=3.0, describe=2.5)), released(course), None)
    assert grades(course) == {
        "test_add_numbers": (3.0, False),
        "test_describe": (2.5, False),
        "explain_describe": (0.0, False),
    }


def test_outputs_decide_nothing(course: Course) -> None:
    notebooks = released(course)
    for cell in notebooks[NUMBERS].cells:
        if cell.cell_type == "code":
            forged = {"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}
            cell.outputs = [NotebookNode({**forged, "execution_count": 1})]
    record(course, submission(result(add_numbers=0.0, describe=0.0)), notebooks, None)
    assert grades(course)["test_add_numbers"] == (0.0, False)


def test_an_answer_in_words_waits_for_a_person_and_an_untouched_one_scores_nothing(course: Course) -> None:
    record(course, submission(result()), released(course, explain_describe="The largest."), None)
    record(course, submission(result(), student="bob"), released(course), None)
    assert grades(course)["explain_describe"] == (None, True)
    assert grades(course, "bob")["explain_describe"] == (0.0, False)


def test_untouched_answers_are_commented_as_nbgrader_does(course: Course) -> None:
    record(course, submission(result()), released(course, add_numbers="add_numbers = sum"), None)
    assert comments(course) == {
        "add_numbers": None,
        "describe": "No response.",
        "answers_describe": "No response.",
        "explain_describe": "No response.",
    }


def test_an_exercise_that_could_not_be_judged_waits_for_a_person(course: Course) -> None:
    record(course, submission(result(add_numbers=None, outcome=Outcome.ERROR)), released(course), None)
    assert grades(course)["test_add_numbers"] == (None, True)


def test_an_exercise_judged_in_part_keeps_its_score_and_waits_for_a_person(course: Course) -> None:
    record(course, submission(result(add_numbers=2.0, outcome=Outcome.ERROR)), released(course), None)
    assert grades(course)["test_add_numbers"] == (2.0, True)


def test_a_grade_cell_without_a_result_waits_for_a_person(course: Course) -> None:
    only_one = replace(result(), exercises=result().exercises[:1])
    record(course, submission(only_one), released(course), None)
    assert grades(course)["test_describe"] == (None, True)


def test_what_was_given_by_hand_stays_and_is_marked_for_review(course: Course) -> None:
    record(course, submission(result(describe=0.0)), released(course), None)
    give_by_hand(course, "test_describe", 4.0, "Nearly right.")
    assert not grades(course)["test_describe"][1]
    record(course, submission(result(describe=1.0)), released(course), None)
    assert grades(course)["test_describe"] == (1.0, True)
    assert comments(course)["describe"] == "Nearly right."
    assert scores(course, "toy") == (Score("ann", 3.0 + 4.0 + 0.5, 10.0, 0.0, True),)


def test_grading_again_leaves_nothing_of_the_earlier_scores(course: Course) -> None:
    record(course, submission(result(describe=5.0)), released(course, explain_describe="The largest."), None)
    record(course, submission(result(add_numbers=0.0, describe=0.0)), released(course), None)
    assert grades(course) == {
        "test_add_numbers": (0.0, False),
        "test_describe": (0.0, False),
        "explain_describe": (0.0, False),
    }


def test_a_notebook_that_was_not_handed_in_scores_nothing(course: Course) -> None:
    record(course, submission(result()), released(course, explain_describe="The largest."), None)
    record(course, submission(), {}, None)
    record(course, submission(result(problem="not there"), student="bob"), released(course), None)
    assert set(grades(course).values()) == set(grades(course, "bob").values()) == {(0.0, False)}


def test_a_notebook_that_could_not_be_read_scores_nothing_until_a_person_has_looked(course: Course) -> None:
    handed_in = course.submitted("toy", "ann") / f"{NUMBERS}.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_text("{", "utf-8")
    record(course, submission(result(problem="it is empty")), released(course), None)
    assert set(grades(course).values()) == {(0.0, True)}


def test_students_do_not_touch_each_other(course: Course) -> None:
    record(course, submission(result(add_numbers=3.0)), released(course), None)
    record(
        course, submission(result(add_numbers=1.0), student="'; DROP TABLE grade; --"), released(course), None
    )
    assert [(one.student, one.score) for one in scores(course, "toy")] == [
        ("'; DROP TABLE grade; --", 3.5),
        ("ann", 5.5),
    ]


def test_one_notebook_of_a_known_submission_can_be_recorded(course: Course) -> None:
    record(course, submission(result()), released(course), None)
    better = result(describe=5.0)
    record_notebook(course.gradebook_url, "toy", "ann", better, released(course)[NUMBERS])
    assert grades(course)["test_describe"] == (5.0, False)


def test_recording_a_notebook_of_an_unknown_submission_says_what_to_run(course: Course) -> None:
    with pytest.raises(CourseError, match=r"gradebook\.db: .*run `nbgrader autograde toy`"):
        record_notebook(course.gradebook_url, "toy", "bob", result(), released(course)[NUMBERS])


def test_an_assignment_that_is_not_registered_is_named(built_course: Course) -> None:
    with pytest.raises(CourseError, match=r"gradebook\.db: no assignment 'toy'; run `autograde grade toy`"):
        record(built_course, submission(result()), released(built_course), None)


def test_points_that_changed_since_registering_are_refused_and_nothing_is_written(course: Course) -> None:
    first, second = result().exercises
    changed = replace(result(), exercises=(first, replace(second, max_score=6.0)))
    with pytest.raises(CourseError, match=r"test_describe gives 6 points, in gradebook\.db 5; run"):
        record(course, submission(changed), released(course), None)
    assert scores(course, "toy") == ()


# Time


def set_due(course: Course, config: str = "") -> None:
    with gradebook(course) as book:
        book.update_or_create_assignment("toy", duedate="2024-05-01 12:00:00 UTC")
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{config}\n")


def test_the_time_of_submission_is_recorded_in_utc(course: Course) -> None:
    record(course, submission(result()), released(course), "2024-05-01T12:00:00.5+02:00")
    with gradebook(course) as book:
        assert str(book.find_submission("toy", "ann").timestamp) == "2024-05-01 10:00:00.500000"


def test_a_time_that_is_none_costs_only_its_student(course: Course) -> None:
    with pytest.raises(SubmissionError, match=r"submitted/ann/toy/timestamp\.txt: 'soon' is no date"):
        record(course, submission(result()), released(course), "soon")


def test_lateness_costs_what_the_course_s_plugin_says(course: Course) -> None:
    set_due(course, "c.LateSubmissionPlugin.penalty_method = 'zero'")
    record(course, submission(result()), released(course), "2024-05-01 12:00:01 UTC")
    record(course, submission(result(), student="bob"), released(course), "2024-05-01 11:59:59 UTC")
    assert [one.late_penalty for one in scores(course, "toy")] == [5.5, 0.0]


def test_lateness_costs_nothing_by_default_and_an_old_penalty_goes(course: Course) -> None:
    set_due(course)
    record(course, submission(result()), released(course), "2024-05-01 13:00:00 UTC")
    with gradebook(course) as book:
        book.find_submission("toy", "ann").notebooks[0].late_submission_penalty = 1.0
        book.db.commit()
    record(course, submission(result()), released(course), "2024-05-01 13:00:00 UTC")
    assert scores(course, "toy")[0].late_penalty == 0.0


# Failure


def test_a_locked_gradebook_is_told_in_one_line(course: Course) -> None:
    with sqlite3.connect(course.root / "gradebook.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(AutogradeError) as caught, opened(f"{course.gradebook_url}?timeout=0.1"):
            pass
    assert re.fullmatch(
        r".*gradebook\.db.*locked: another program .*run the command again", str(caught.value)
    )


def test_a_damaged_gradebook_is_told_in_one_line(course: Course) -> None:
    (course.root / "gradebook.db").write_text("not a database, but long enough to be one " * 50, "utf-8")
    with pytest.raises(AutogradeError, match=r"^.*gradebook\.db: .*not a database: it is damaged.*$"):
        scores(course, "toy")


def test_a_course_configuration_that_cannot_be_run_is_named(course: Course) -> None:
    (course.root / "nbgrader_config.py").write_text("c.Nothing = undefined", "utf-8")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: NameError: .*; mend this file"):
        scores(course, "toy")


def test_the_course_s_name_is_the_one_nbgrader_is_configured_with(built_course: Course) -> None:
    config = built_course.root / "nbgrader_config.py"
    config.write_text("c = get_config()\nc.CourseDirectory.course_id = 'dl101'\n", "utf-8")
    register_assignment(built_course, "toy")
    with gradebook(built_course) as book:
        assert book.find_assignment("toy").course_id == "dl101"
