"""A notebook, or a single answer, becomes results: each exercise gets what its own cells deserve."""

import json
import re
import shutil
from collections.abc import Callable

import pytest
from nbformat import NotebookNode

from autograde.checks.reference import grade_cell_of
from autograde.course import Course
from autograde.demo import fill_in
from autograde.desk import assigned_names
from autograde.errors import CourseError
from autograde.grading import Grader
from autograde.intake import Repaired, repair
from autograde.model import ExerciseResult, Outcome, SubmissionResult
from autograde.notebook import grade_id, graded_exercise, points, read_notebook
from autograde.report.feedback import feedback_notebook
from autograde.runs import GradedNotebook

NUMBERS = "1_numbers"
ADD = "def add_numbers(a, b):\n    return a + b"
DESCRIBE = """def describe(numbers):
    if not numbers:
        return {}
    return {"smallest": min(numbers), "largest": max(numbers), "mean": sum(numbers) / len(numbers)}"""
ANSWERS = 'answers_describe = {"a": "none", "b": "mean"}'
Grade = Callable[..., GradedNotebook]


@pytest.fixture(scope="module", name="released")
def fixture_released(toy_grader: Grader) -> NotebookNode:
    """What students of the toy course get."""
    return read_notebook(toy_grader.course.release("toy", NUMBERS))


@pytest.fixture(name="grade")
def fixture_grade(toy_grader: Grader, released: NotebookNode) -> Grade:
    """`grade(**answers)`: a graded submission, right but for these answers; `edit` changes its cells."""

    def grade(
        edit: Callable[[list[NotebookNode]], object] = lambda cells: None, **answers: str
    ) -> GradedNotebook:
        right = {"add_numbers": ADD, "describe": DESCRIBE, "answers_describe": ANSWERS}
        submission = fill_in(released, right | answers)
        edit(submission.cells)
        return toy_grader.grade_notebook("toy", NUMBERS, repair(released, submission))

    return grade


def exercise(graded: GradedNotebook, name: str) -> ExerciseResult:
    return next(one for one in graded.result.exercises if one.exercise == name)


def scores(graded: GradedNotebook) -> dict[str, float | None]:
    return {one.exercise: one.score for one in graded.result.exercises}


def outcomes(result: ExerciseResult) -> dict[str, str]:
    return {check.name: check.outcome.value for check in result.checks}


def cell(graded: GradedNotebook, name: str) -> NotebookNode:
    return next(one for one in graded.notebook.cells if grade_id(one) == name)


def document(graded: GradedNotebook) -> SubmissionResult:
    return SubmissionResult("toy", "ann", (graded.result,), "unconfined", 0, {"torch": "2"})


# Scores


def test_a_right_notebook_gets_full_marks(grade: Grade) -> None:
    graded = grade()
    assert scores(graded) == {"add_numbers": 3, "describe": 5}
    assert {check.outcome for one in graded.result.exercises for check in one.checks} == {Outcome.PASSED}
    assert (graded.result.problem, graded.result.repairs, graded.result.remarks) == ("", (), ())


def test_the_released_notebook_as_it_is_gets_nothing(grade: Grade, released: NotebookNode) -> None:
    stubs = {grade_id(one): one.source for one in released.cells}
    graded = grade(**{name: stubs[name] for name in ("add_numbers", "describe", "answers_describe")})
    assert scores(graded) == {"add_numbers": 0, "describe": 0}


def test_an_exercise_gets_its_passed_checks_share_of_its_points(grade: Grade) -> None:
    graded = grade(add_numbers="def add_numbers(a, b):\n    return int(a + b)")
    assert outcomes(exercise(graded, "add_numbers")) == {
        "test_whole_numbers": "passed",
        "test_fractions": "failed",
        "test_negative_numbers": "passed",
    }
    assert scores(graded) == {"add_numbers": 2.25, "describe": 5}  # 3 of the 4 points of its checks


def test_hints_and_messages_come_with_the_failed_checks_alone(grade: Grade) -> None:
    checks = exercise(
        grade(add_numbers="def add_numbers(a, b):\n    return int(a + b)"), "add_numbers"
    ).checks
    assert [bool(check.message) for check in checks] == [False, True, False]
    assert [check.hint for check in checks] == ["", "Do not round the result or turn it into an int.", ""]


def test_nothing_that_student_code_prints_changes_a_score(grade: Grade) -> None:
    claims = "print('score: 3')\nprint({'is': 'value', 'outcome': 'passed'})\n3.0"
    assert scores(grade(add_numbers=f"{claims}\ndef add_numbers(a, b):\n    return 7"))["add_numbers"] == 0


def test_warnings_and_standard_error_cost_nothing(grade: Grade) -> None:
    noisy = "import sys, warnings\ndef add_numbers(a, b):\n    warnings.warn('Beware')\n"
    noisy += "    print('Oh no', file=sys.stderr)\n    return a + b\nadd_numbers(1, 1)"
    graded = grade(add_numbers=noisy)
    assert scores(graded) == {"add_numbers": 3, "describe": 5}
    shown = str(cell(graded, "add_numbers").outputs)
    assert "UserWarning: Beware" in shown
    assert "Oh no" in shown


# What goes wrong stays where it is


def test_a_cell_that_raises_costs_only_its_own_exercise(grade: Grade) -> None:
    graded = grade(add_numbers="1 / 0")
    assert scores(graded) == {"add_numbers": 0, "describe": 5}
    assert cell(graded, "add_numbers").outputs[0].ename == "ZeroDivisionError"
    messages = {check.message for check in exercise(graded, "add_numbers").checks}
    assert messages == {"`add_numbers` is not defined: is its cell missing, or did it fail?"}


def test_a_cell_that_is_no_python_costs_only_its_own_exercise(grade: Grade) -> None:
    graded = grade(add_numbers="def add_numbers(a, b:\n    return a + b")
    assert scores(graded) == {"add_numbers": 0, "describe": 5}
    assert cell(graded, "add_numbers").outputs[0].ename == "SyntaxError"


def test_a_cell_that_never_ends_costs_only_its_own_exercise(grade: Grade) -> None:
    graded = grade(add_numbers="while True:\n    pass")
    assert scores(graded) == {"add_numbers": 0, "describe": 5}
    assert "it was stopped after 4 s: an endless loop?" in graded.result.remarks[0]
    assert cell(graded, "add_numbers").outputs[-1].ename == "Stopped"


@pytest.mark.parametrize("end", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"])
def test_a_cell_that_ends_the_process_costs_only_its_own_exercise(end: str, grade: Grade) -> None:
    graded = grade(add_numbers=end)
    assert scores(graded) == {"add_numbers": 0, "describe": 5}
    assert len(graded.result.remarks) == 1
    assert "left out of the rest of the run" in graded.result.remarks[0]


def test_a_function_that_ends_the_process_costs_only_the_checks_that_call_it(grade: Grade) -> None:
    ends = "import os\ndef add_numbers(a, b):\n    if a < 0 or b < 0:\n        os._exit(1)\n    return a + b"
    graded = grade(add_numbers=ends)
    assert scores(graded) == {"add_numbers": 2.25, "describe": 5}
    assert outcomes(exercise(graded, "add_numbers"))["test_negative_numbers"] == "failed"
    message = exercise(graded, "add_numbers").checks[2].message
    assert message == "Your code did not finish: it ended the Python process with exit code 1"


def test_a_function_that_never_ends_costs_only_the_checks_that_call_it(grade: Grade) -> None:
    graded = grade(add_numbers="def add_numbers(a, b):\n    while a < 0:\n        pass\n    return a + b")
    assert scores(graded) == {"add_numbers": 2.25, "describe": 5}
    message = exercise(graded, "add_numbers").checks[2].message
    assert message == "Your code did not finish: it was stopped after 4 s: an endless loop?"


def test_what_good_cells_did_is_there_after_the_process_was_lost(grade: Grade) -> None:
    def lose_the_process(cells: list[NotebookNode]) -> None:
        at = next(at for at, one in enumerate(cells) if grade_id(one) == "test_add_numbers")
        cells.insert(
            at + 1, NotebookNode(cell_type="code", metadata={}, source="import os; os._exit(3)", id="x")
        )

    graded = grade(edit=lose_the_process, describe=f"assert add_numbers(1, 2) == 3\n{DESCRIBE}")
    assert scores(graded) == {"add_numbers": 3, "describe": 5}


# When checks run, and what they see


def test_checks_judge_what_is_defined_at_their_grade_cell(grade: Grade) -> None:
    too_late = f"{DESCRIBE}\n{ADD}"
    graded = grade(add_numbers="def add_numbers(a, b):\n    return a - b", describe=too_late)
    assert scores(graded) == {"add_numbers": 0, "describe": 5}


def test_checks_do_not_see_what_a_later_cell_breaks(grade: Grade) -> None:
    graded = grade(describe=f"add_numbers = None\n{DESCRIBE}")
    assert scores(graded) == {"add_numbers": 3, "describe": 5}


def test_what_student_code_prints_for_hidden_checks_is_not_shown(grade: Grade) -> None:
    graded = grade(add_numbers="def add_numbers(a, b):\n    print('called')\n    return a + b")
    assert scores(graded) == {"add_numbers": 3, "describe": 5}
    visible_tests_only = [{"output_type": "stream", "name": "stdout", "text": "called\ncalled\n"}]
    assert cell(graded, "test_add_numbers").outputs == visible_tests_only


def test_nothing_of_the_checks_is_in_what_the_student_s_cells_show(grade: Grade, toy_grader: Grader) -> None:
    """Names, hints and hidden inputs stay out, even of a student's code that prints all it can find."""
    spies = (
        "import gc, inspect, os, sys\n"
        "def add_numbers(a, b):\n"
        "    stack = [frame.frame.f_globals | frame.frame.f_locals for frame in inspect.stack()]\n"
        "    print(stack, os.environ, sys.argv, list(sys.modules))\n"
        "    return a + b\n"
        "add_numbers(1, 2)"
    )
    graded = grade(add_numbers=spies)
    shown = str([one.get("outputs") for one in graded.notebook.cells])
    assert "add_numbers" in shown
    declared = [info for name in ("add_numbers", "describe") for info in toy_grader.infos(name)]
    secrets = [text for info in declared for text in (info.name, info.hint)]
    secrets += [info.sentence for info in declared if info.visibility != "always"]
    secrets += ["'pytest'", "autograde.checks", "nbgrader", str(toy_grader.course.root)]
    assert not [text for text in secrets if text in shown]


def test_the_graded_notebook_shows_what_the_cells_showed(grade: Grade) -> None:
    graded = grade(add_numbers=f"print('my test')\n{ADD}\nadd_numbers(2, 2)")
    outputs = cell(graded, "add_numbers").outputs
    assert [one.output_type for one in outputs] == ["stream", "execute_result"]
    assert outputs[1].data["text/plain"] == "4"
    assert outputs[1].execution_count == cell(graded, "add_numbers").execution_count


def test_a_submission_is_graded_without_being_changed(toy_grader: Grader, released: NotebookNode) -> None:
    repaired = repair(released, fill_in(released, {"add_numbers": f"print(1)\n{ADD}"}))
    before = json.dumps(repaired.notebook)
    toy_grader.grade_notebook("toy", NUMBERS, repaired)
    assert json.dumps(repaired.notebook) == before


# The result document


def test_results_are_the_same_after_a_round_trip_through_their_document(grade: Grade) -> None:
    result = document(grade(add_numbers="while True:\n    pass", describe="1 / 0"))
    assert SubmissionResult.from_json(result.to_json()) == result


def test_grading_again_gives_the_same_bytes_but_for_the_seconds(grade: Grade) -> None:
    answers = {
        "add_numbers": "import random\ndef add_numbers(a, b):\n    return a + b + random.choice([0, 0.5])",
        "describe": "def describe(numbers):\n    print(id(numbers))\n    return {*numbers}",
    }
    texts = [document(grade(**answers)).to_json() for _ in range(2)]
    without_seconds = [re.sub(r'"seconds": [\d.e-]+', "", text) for text in texts]
    assert without_seconds[0] == without_seconds[1]
    assert without_seconds[0] != texts[0]


def test_the_graded_notebook_carries_the_scores(grade: Grade) -> None:
    notebook = feedback_notebook(grade(add_numbers="def add_numbers(a, b):\n    return int(a + b)"))
    scored = {
        graded_exercise(one): one.outputs[0].data["text/plain"]
        for one in notebook.cells
        if graded_exercise(one)
    }
    assert scored == {"add_numbers": "2.25", "describe": "5.0"}


# Single answers


def test_an_answer_stands_in_for_the_reference_s(toy_grader: Grader) -> None:
    describe = toy_grader.course.exercise("describe")
    assert toy_grader.grade_answer(describe, DESCRIBE).score == 5
    empty = toy_grader.grade_answer(describe, "def describe(numbers):\n    return {}")
    assert [name for name, outcome in outcomes(empty).items() if outcome == "passed"] == [
        "test_empty_list",
        "test_list_is_unchanged",
        "test_answers",
    ]
    assert empty.score == round(3 / 7 * 5, 4)


def test_multiple_choice_answers_of_an_answer_replace_the_reference_s(toy_grader: Grader) -> None:
    describe = toy_grader.course.exercise("describe")
    wrong = 'answers_describe = {"a": "mean", "b": "mean"}'
    result = toy_grader.grade_answer(describe, f"{DESCRIBE}\n{wrong}")
    assert [name for name, outcome in outcomes(result).items() if outcome != "passed"] == ["test_answers"]


def test_answers_do_not_see_each_other(toy_grader: Grader) -> None:
    add = toy_grader.course.exercise("add_numbers")
    assert toy_grader.grade_answer(add, f"import math\nmath.pi = 3\nleft_over = 1\n{ADD}").score == 3
    second = toy_grader.grade_answer(add, f"import math\nassert math.pi > 3\nleft_over\n{ADD}")
    assert second.score == 0


def test_an_answer_that_ends_the_process_is_an_answer_like_any_other(toy_grader: Grader) -> None:
    add = toy_grader.course.exercise("add_numbers")
    assert toy_grader.grade_answer(add, "import os\nos._exit(0)").score == 0
    assert toy_grader.grade_answer(add, ADD).score == 3


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = 1\nb: int = 2\n(c, [d, *e]) = f()", {"a", "b", "c", "d", "e"}),
        ("a.b = 1\ndef c(): d = 1", {"a"}),
        ("a = (", set()),
        ("a = '\0'", set()),
    ],
)
def test_the_names_that_a_cell_binds_are_found(source: str, names: set[str]) -> None:
    assert assigned_names(source) == names


# The course


def test_the_notebook_that_grades_an_exercise_is_found_with_its_grade_cell(toy_grader: Grader) -> None:
    course = toy_grader.course
    for name, most in (("add_numbers", 3), ("describe", 5)):
        notebook, cells, at = grade_cell_of(course, course.exercise(name))
        assert (notebook, grade_id(cells[at]), points(cells[at])) == ("1_numbers", f"test_{name}", most)


def test_an_exercise_that_is_in_no_notebook_is_named(built_course: Course) -> None:
    folder = built_course.checks("toy") / "describe"
    renamed = folder.rename(folder.with_name("explain"))
    (renamed / "test_describe.py").rename(renamed / "test_explain.py")
    with pytest.raises(CourseError, match=r"no notebook grades explain; run `autograde build`"):
        grade_cell_of(built_course, built_course.exercise("explain"))


def test_a_course_without_exercises_is_refused_at_once(toy_course: Course) -> None:
    shutil.rmtree(toy_course.checks("toy"))
    with pytest.raises(CourseError, match="no exercises to grade"):
        Grader(toy_course)


def test_an_assignment_may_be_all_written_answers(built_course: Course) -> None:
    shutil.rmtree(built_course.checks("toy"))
    notebook = read_notebook(built_course.release("toy", "1_numbers"))
    notebook.cells = [cell for cell in notebook.cells if not graded_exercise(cell)]
    with Grader(built_course, []) as grader:
        graded = grader.grade_notebook("toy", "1_numbers", Repaired(notebook))
    assert graded.result.exercises == ()
    assert [cell.execution_count for cell in graded.notebook.cells if cell.cell_type == "code"][:2] == [1, 2]
