"""A class graded again runs what has changed and nothing else, and says what that does to scores."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograde import grading
from autograde.build import build
from autograde.classroom import Change, ClassResult, Options, grade_class, worker
from autograde.classroom.kept import Kept, Store
from autograde.course import Course
from autograde.demo import fill_in
from autograde.errors import AutogradeError
from autograde.grading import Grader
from autograde.notebook import dumps, read_notebook
from autograde.runs import GradedNotebook
from autograde.sandbox.warm import WarmServer

TOY_COURSE = Path(__file__).parent / "toy_course"
NUMBERS = "1_numbers"
ADD = "def add_numbers(a, b):\n    return a + b"
ROUNDS = "def add_numbers(a, b):\n    return int(a + b)"
DESCRIBE = """def describe(numbers):
    if not numbers:
        return {}
    return {"smallest": min(numbers), "largest": max(numbers), "mean": sum(numbers) / len(numbers)}"""
RIGHT = {
    "add_numbers": ADD,
    "describe": DESCRIBE,
    "answers_describe": 'answers_describe = {"a": "none", "b": "mean"}',
    "explain_describe": "The largest, for it is one warm day.",
}
Change_ = Callable[[Path, str, str], None]


def hand_in(course: Course, student: str, **answers: str) -> None:
    """Put a student's notebook, right but for some answers, where it is collected."""
    released = read_notebook(course.release("toy", NUMBERS))
    path = course.submitted("toy", student) / f"{NUMBERS}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dumps(fill_in(released, RIGHT | answers)), "utf-8")


class Watch:
    """What graders of this process ran of submissions since it was last asked."""

    def __init__(self) -> None:
        self.cells = 0
        self.judged: list[str] = []

    def take(self) -> tuple[int, list[str]]:
        """Return how many cells were run, and the exercises that were judged; begin anew."""
        found = self.cells, sorted(self.judged)
        self.cells, self.judged = 0, []
        return found


@pytest.fixture(name="watch")
def fixture_watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watch what is run of submissions; references and specimens do not count."""
    watch = Watch()
    run, judge = Grader._run, Grader._judge

    def watched_run(self: Grader, *arguments: Any) -> Any:
        found = run(self, *arguments)
        watch.cells += len(found[0])
        return found

    def watched_judge(self: Grader, exercise: Any, *rest: Any, diagnose: bool = True) -> Any:
        if diagnose:
            watch.judged.append(exercise.name)
        return judge(self, exercise, *rest, diagnose=diagnose)

    monkeypatch.setattr(Grader, "_run", watched_run)
    monkeypatch.setattr(Grader, "_judge", watched_judge)
    return watch


@pytest.fixture(scope="module", name="warm_graders", autouse=True)
def fixture_warm_graders(warm_server: WarmServer) -> Iterator[None]:
    """All graders of this module use one warm server, which takes seconds to start and to prove."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "WarmServer", lambda practice: contextlib.nullcontext(warm_server))
        patch.setattr(grading, "require_isolation", lambda *arguments: None)
        yield


@pytest.fixture(scope="module", name="graded_once")
def fixture_graded_once(tmp_path_factory: pytest.TempPathFactory, warm_graders: None) -> Path:
    """A built course with two students, graded once."""
    root = tmp_path_factory.mktemp("class") / "course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(root)
    build(course, "toy")
    hand_in(course, "ann")
    hand_in(course, "bob", add_numbers=ROUNDS)
    grade_class(course, "toy")
    return root


@pytest.fixture(name="course")
def fixture_course(graded_once: Path, tmp_path: Path) -> Course:
    """A copy of that course."""
    shutil.copytree(graded_once, tmp_path / "course")
    return Course(tmp_path / "course")


def scores(result: ClassResult) -> dict[str, float]:
    return {one.student: one.score for one in result.results}


def recorded(course: Course) -> dict[str, float]:
    with Gradebook(course.gradebook_url) as book:
        return {row.student_id: row.score for row in book.assignment_submissions("toy")}


def everything(course: Course) -> dict[str, bytes]:
    """Return all that grading wrote but for the gradebook, by path."""
    folders = ("autograded", "results", ".autograde/kept")
    files = (path for name in folders for path in (course.root / name).rglob("*") if path.is_file())
    return {str(path.relative_to(course.root)): path.read_bytes() for path in files}


def test_nothing_changed_nothing_is_run_or_written(
    course: Course, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(course)
    monkeypatch.setattr(worker, "Grader", None)  # not even a warm server is started
    result = grade_class(course, "toy")
    assert scores(result) == {"ann": 8, "bob": 7.25}
    assert (result.graded, result.changes, watch.take()) == (0, (), (0, []))
    assert everything(course) == before


def test_a_file_that_was_saved_without_a_change_is_not_a_change(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "Grader", None)
    for path in (*course.root.rglob("*.py"), *course.root.rglob("*.ipynb"), course.root / "pyproject.toml"):
        path.write_bytes(path.read_bytes())
    assert grade_class(course, "toy").graded == 0


def test_an_edited_check_is_judged_anew_for_everyone_and_no_other(
    course: Course, watch: Watch, change: Change_
) -> None:
    change(check_file(course, "describe"), "@check(points=2", "@check(points=3")
    result = grade_class(course, "toy")
    assert watch.take()[1] == ["describe", "describe"]
    assert (scores(result), result.changes) == ({"ann": 8, "bob": 7.25}, ())
    assert grade_class(course, "toy").graded == 0


def check_file(course: Course, exercise: str) -> Path:
    return course.exercise(exercise).check_file


def test_old_and_new_scores_are_told_before_they_are_written(course: Course, change: Change_) -> None:
    change(check_file(course, "add_numbers"), "add_numbers(0.5, 0.25), add_numbers(1, 0.125)", "1")
    heard: list[Any] = []

    def announce(changes: Any) -> None:
        heard.extend([list(changes), recorded(course)])

    result = grade_class(course, "toy", options=Options(announce=announce))
    expected = [Change("bob", {"add_numbers": (2.25, 3.0)})]
    assert heard == [expected, {"ann": 8, "bob": 7.25}]
    assert list(result.changes) == expected
    assert recorded(course) == {"ann": 8, "bob": 8}


def test_a_dry_run_tells_the_same_and_writes_no_grades(course: Course, change: Change_, watch: Watch) -> None:
    change(check_file(course, "add_numbers"), "add_numbers(0.5, 0.25), add_numbers(1, 0.125)", "1")
    before = {path: text for path, text in everything(course).items() if ".autograde" not in path}
    result = grade_class(course, "toy", options=Options(dry_run=True))
    assert list(result.changes) == [Change("bob", {"add_numbers": (2.25, 3.0)})]
    assert {path: text for path, text in everything(course).items() if ".autograde" not in path} == before
    assert recorded(course) == {"ann": 8, "bob": 7.25}
    watch.take()
    assert scores(grade_class(course, "toy")) == {"ann": 8, "bob": 8}
    assert watch.take() == (0, [])  # what the dry run found holds
    assert recorded(course) == {"ann": 8, "bob": 8}


def test_a_new_submission_takes_the_place_of_the_old_one_and_keeps_what_was_given_by_hand(
    course: Course, watch: Watch
) -> None:
    with Gradebook(course.gradebook_url) as book:
        grade = book.find_grade("explain_describe", NUMBERS, "toy", "bob")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        book.db.commit()
    hand_in(course, "bob")
    result = grade_class(course, "toy")
    assert (scores(result), result.changes) == ({"ann": 8, "bob": 8}, ())
    assert watch.take()[1] == ["add_numbers", "describe"]
    assert recorded(course) == {"ann": 8, "bob": 9.5}
    with Gradebook(course.gradebook_url) as book:
        grade = book.find_grade("explain_describe", NUMBERS, "toy", "bob")
        assert (grade.manual_score, grade.needs_manual_grade) == (
            1.5,
            True,
        )  # of an answer that may be another


def test_a_change_below_an_exercise_leaves_its_result_alone(course: Course, watch: Watch) -> None:
    hand_in(course, "bob", add_numbers=ROUNDS, describe="def describe(numbers):\n    return {}")
    assert scores(grade_class(course, "toy"))["bob"] < 7.25
    assert watch.take()[1] == ["describe"]


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda course: shutil.rmtree(course.autograded("toy", "ann")), id="notebook gone"),
        pytest.param(lambda course: course.results("toy", "ann").unlink(), id="result gone"),
        pytest.param(lambda course: course.results("toy", "ann").write_text("{"), id="result damaged"),
        pytest.param(lambda course: (course.root / "gradebook.db").unlink(), id="gradebook gone"),
    ],
)
def test_what_was_lost_is_written_again_without_a_run(
    edit: Callable[[Course], object], course: Course, watch: Watch
) -> None:
    before = everything(course)
    edit(course)
    result = grade_class(course, "toy")
    assert (result.graded, watch.take()) == (0, (0, []))
    assert everything(course) == before
    assert recorded(course) == {"ann": 8, "bob": 7.25}


@pytest.mark.parametrize("content", [b"", b"{", b"x\x9c", Kept("elsewhere").to_bytes()])
def test_damaged_kept_files_cost_a_run_and_nothing_else(content: bytes, course: Course, watch: Watch) -> None:
    store, before = Store(course, "toy"), recorded(course)
    for student in ("ann", "bob"):
        store.keep(student, content)
        (store.folder / f"{student}.stamp").write_bytes(content)
    result = grade_class(course, "toy")
    assert (scores(result), result.graded) == (before, 2)
    assert recorded(course) == before


@pytest.mark.parametrize(
    ("setting", "judged"),
    [({"seed": 3}, 4), ({"probe_seconds": 9.0}, 4), ({"notebooks": {"other": {"memory_mb": 99}}}, 0)],
)
def test_limits_and_seed_decide_too(
    setting: dict[str, Any], judged: int, course: Course, watch: Watch
) -> None:
    settings = replace(course.settings, **setting)
    (course.root / "pyproject.toml").write_text(settings.to_toml(), "utf-8")
    grade_class(Course(course.root), "toy")
    assert len(watch.take()[1]) == judged


def test_with_force_everything_is_run_again(course: Course, watch: Watch) -> None:
    result = grade_class(course, "toy", options=Options(force=True))
    assert (result.graded, watch.take()[1]) == (2, ["add_numbers", "add_numbers", "describe", "describe"])
    assert result.changes == ()


def test_a_later_due_date_takes_penalties_back_without_a_run(course: Course, watch: Watch) -> None:
    (course.submitted("toy", "ann") / "timestamp.txt").write_text("2024-05-02 12:00:00 UTC", "utf-8")
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    for due, expected in (("2024-05-01 00:00:00", 0), ("2024-05-03 00:00:00", 8)):
        with Gradebook(course.gradebook_url) as book:
            book.update_or_create_assignment("toy", duedate=due)
        result = grade_class(course, "toy")
        assert (result.graded, watch.take()) == (0, (0, []))
        with Gradebook(course.gradebook_url) as book:
            row = book.find_submission("toy", "ann")
            assert row.score - row.late_submission_penalty == expected


def test_two_runs_do_not_grade_the_same_assignment_at_once(course: Course) -> None:
    hand_in(course, "cem")
    told: list[str] = []

    def progress(tick: Any) -> None:
        with pytest.raises(AutogradeError, match="another `autograde grade` is at this assignment") as caught:
            grade_class(course, "toy")
        told.append(str(caught.value))

    assert scores(grade_class(course, "toy", options=Options(progress=progress)))["cem"] == 8
    assert told


def test_a_practice_run_leaves_official_results_alone(course: Course) -> None:
    before = everything(course)
    result = grade_class(course, "toy", options=Options(practice=True))
    assert scores(result) == {"ann": 8, "bob": 7.25}
    assert everything(course) == before
    practice = Course(course.root / "practice")
    assert practice.results("toy", "ann").is_file()
    assert (practice.autograded("toy", "ann") / f"{NUMBERS}.ipynb").is_file()


# What cannot be graded or written


@pytest.fixture(name="broken_for")
def fixture_broken_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`broken_for(student)`: this package has a fault that shows at that student's notebook."""

    def arrange(text: str) -> None:
        grade_notebook = Grader.grade_notebook

        def faulty(self: Grader, assignment: str, name: str, repaired: Any, *rest: Any) -> GradedNotebook:
            if any(text in cell.source for cell in repaired.notebook.cells):
                raise KeyError("a fault\nof ours")
            return grade_notebook(self, assignment, name, repaired, *rest)

        monkeypatch.setattr(Grader, "grade_notebook", faulty)

    return arrange


def test_a_fault_of_ours_is_told_as_such_and_is_no_zero(
    course: Course, broken_for: Callable[[str], None]
) -> None:
    hand_in(course, "bob", add_numbers=f"{ADD}  # odd")
    hand_in(course, "cem", add_numbers=f"{ADD}  # odd")
    hand_in(course, "dot")
    broken_for("# odd")
    result = grade_class(course, "toy")
    assert scores(result) == {"ann": 8, "dot": 8}
    assert list(result.faults) == ["bob", "cem"]
    reason = result.faults["cem"].reason
    log = course.root / ".autograde/faults/toy/cem.txt"
    assert reason == f"a fault of autograde itself: KeyError: 'a fault\\nof ours'; see {log}"
    assert "Traceback" in log.read_text("utf-8")
    assert recorded(course) == {"ann": 8, "bob": 7.25, "cem": 0, "dot": 8}  # bob keeps what he had
    with Gradebook(course.gradebook_url) as book:
        assert book.find_submission("toy", "cem").needs_manual_grade


def test_a_submission_that_goes_away_meanwhile_keeps_its_grade(course: Course, watch: Watch) -> None:
    hand_in(course, "ann", add_numbers=f"{ADD}  # again")
    hand_in(course, "bob", add_numbers=f"{ROUNDS}  # again")

    def progress(tick: Any) -> None:
        shutil.rmtree(course.submitted("toy", "bob"), ignore_errors=True)

    result = grade_class(course, "toy", options=Options(progress=progress))
    assert scores(result) == {"ann": 8}
    assert result.faults["bob"].reason.endswith("submitted/bob/toy: it went away; collect it again")
    assert recorded(course) == {"ann": 8, "bob": 7.25}


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """`full_disk(part)`: files whose path has this part cannot be written."""
    write_bytes = Path.write_bytes

    def arrange(part: str) -> None:
        def refuse(self: Path, content: bytes) -> int:
            if part in str(self):
                raise OSError(28, "No space left on device", str(self))
            return write_bytes(self, content)

        monkeypatch.setattr(Path, "write_bytes", refuse)

    yield arrange
    monkeypatch.undo()


@pytest.mark.parametrize("part", [".autograde/kept", "autograded/ann", "results/toy"])
def test_a_disk_that_is_full_is_told_and_the_next_run_goes_on(
    part: str, built_course: Course, full_disk: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(built_course, "ann")
    full_disk(part)
    result = grade_class(built_course, "toy")
    assert "No space left on device; mend that, then run the command again" in result.faults["ann"].reason
    assert not list(built_course.root.rglob(".*.tmp"))
    monkeypatch.undo()
    result = grade_class(built_course, "toy")
    assert (scores(result), result.faults) == ({"ann": 8}, {})
    assert recorded(built_course) == {"ann": 8}
    assert grade_class(built_course, "toy").graded == 0


def test_the_same_course_built_anew_is_the_same(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "Grader", None)
    build(course, "toy", force=True)
    assert grade_class(course, "toy").graded == 0
