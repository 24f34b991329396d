"""A class is graded whole: what one student handed in, or a lost server, is no matter to anybody else."""

import contextlib
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograde.build import build
from autograde.classroom import ClassResult, Options, Tick, grade_class, stored_results, timestamp, worker
from autograde.course import Course
from autograde.demo import fill_in
from autograde.errors import CourseError, ServerError
from autograde.files import write_atomically
from autograde.grading import Grader
from autograde.intake import Repaired
from autograde.model import SubmissionResult
from autograde.notebook import dumps, graded_exercise, read_notebook
from autograde.runs import Earlier, GradedNotebook

TOY_COURSE = Path(__file__).parent / "toy_course"
NUMBERS = "1_numbers"
ADD = "def add_numbers(a, b):\n    return a + b"
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
HALF = RIGHT | {"add_numbers": "def add_numbers(a, b):\n    return int(a + b)"}
ATTACK = """import os, signal
try:
    os.kill(os.getppid(), signal.SIGKILL)
except PermissionError as error:
    print(error)
print("x" * 10_000_000)
open("1_numbers.ipynb", "w").write("{")
os.kill(os.getpid(), signal.SIGKILL)
"""
SLOW = f"import time\ntime.sleep(3)\n{ADD}"


def hand_in(course: Course, student: str, text: str | None, stamp: str = "") -> Path:
    """Put a student's notebook where it is collected; None hands in an empty folder. Return its path."""
    folder = course.submitted("toy", student)
    folder.mkdir(parents=True)
    if text is not None:
        (folder / f"{NUMBERS}.ipynb").write_text(text, "utf-8")
    if stamp:
        (folder / "timestamp.txt").write_text(stamp, "utf-8")
    return folder / f"{NUMBERS}.ipynb"


def notebook(course: Course, answers: dict[str, str]) -> str:
    return dumps(fill_in(read_notebook(course.release("toy", NUMBERS)), answers))


def hand_in_all(course: Course) -> None:
    """Hand in what real and not so real students hand in."""
    ann = hand_in(course, "ann", notebook(course, RIGHT), "2024-05-01 12:00:00 UTC")
    hand_in(course, "bob", notebook(course, HALF))
    hand_in(course, "missing", None)
    hand_in(course, "broken", notebook(course, RIGHT).replace(":", ";", 5))
    hand_in(course, "renamed", notebook(course, RIGHT)).rename(
        course.submitted("toy", "renamed") / f"renamed_{NUMBERS} (1).ipynb"
    )
    hand_in(course, "elsewhere", None)
    (course.submitted("toy", "elsewhere") / f"{NUMBERS}.ipynb").symlink_to(ann)
    os.mkfifo(hand_in(course, "pipe", None))
    hand_in(course, "hostile", notebook(course, {"add_numbers": ATTACK, "describe": DESCRIBE}))
    hand_in(course, "undated", notebook(course, RIGHT), "yesterday evening")
    hand_in(course, "untouched", notebook(course, {}))
    hand_in(course, "zoe", notebook(course, RIGHT))


@pytest.fixture(scope="module", name="graded")
def fixture_graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, ClassResult, list[Any]]:
    """A class that was graded once: its course, the results, and what was told of the progress."""
    root = tmp_path_factory.mktemp("class") / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(root)
    build(course, "toy")
    hand_in_all(course)
    heard: list[Any] = []
    result = grade_class(course, "toy", options=Options(progress=heard.append))
    return course, result, heard


@pytest.fixture(name="course")
def fixture_course(graded: tuple[Course, ClassResult, list[Any]]) -> Course:
    return graded[0]


@pytest.fixture(name="results")
def fixture_results(graded: tuple[Course, ClassResult, list[Any]]) -> dict[str, SubmissionResult]:
    return {result.student: result for result in graded[1].results}


@pytest.fixture
def small_class(built_course: Course) -> Course:
    """A built course with three students, not graded yet."""
    for student in ("ann", "bob", "cem"):
        hand_in(built_course, student, notebook(built_course, HALF if student == "bob" else RIGHT))
    return built_course


@contextlib.contextmanager
def gradebook(course: Course) -> Iterator[Gradebook]:
    with Gradebook(course.gradebook_url) as book:
        yield book


def recorded(course: Course) -> dict[str, float]:
    """Return the students' scores in the gradebook."""
    with gradebook(course) as book:
        return {row.student_id: row.score for row in book.assignment_submissions("toy")}


def without_seconds(course: Course) -> dict[str, str]:
    """Return the result documents by student."""
    paths = course.results("toy", "*").parent.glob("*.json")
    return {path.stem: re.sub(r'"seconds": [\d.e-]+', "", path.read_text("utf-8")) for path in paths}


# One student's trouble


def test_everybody_whose_notebook_can_be_graded_gets_their_score(
    results: dict[str, SubmissionResult],
) -> None:
    scores = {student: result.score for student, result in results.items()}
    assert scores == {
        "ann": 8,
        "bob": 7.25,
        "broken": 0,
        "elsewhere": 0,
        "hostile": 4.2857,  # an answer of its own, but no answers to the questions
        "missing": 0,
        "pipe": 0,
        "renamed": 8,
        "untouched": 0,
        "zoe": 8,
    }
    assert {result.max_score for result in results.values()} == {8}


@pytest.mark.parametrize(
    ("student", "problem"),
    [
        ("missing", "missing/toy/1_numbers.ipynb: there is no such notebook; ask"),
        ("broken", "broken/toy/1_numbers.ipynb: it is no notebook"),
        ("elsewhere", "elsewhere/toy/1_numbers.ipynb: it cannot be read as a plain file"),
        ("pipe", "pipe/toy/1_numbers.ipynb: it is not a plain file"),
    ],
)
def test_a_notebook_that_cannot_be_read_says_why(
    student: str, problem: str, results: dict[str, SubmissionResult]
) -> None:
    (told,) = results[student].notebooks
    assert told.problem.startswith(problem)
    assert [(one.exercise, one.score, one.max_score) for one in told.exercises] == [
        ("add_numbers", 0, 3),
        ("describe", 0, 5),
    ]
    assert {check.message for one in told.exercises for check in one.checks} == {"Not graded."}


def test_a_hostile_notebook_loses_only_what_its_own_cells_lose(results: dict[str, SubmissionResult]) -> None:
    (told,) = results["hostile"].notebooks
    assert told.problem == ""
    assert [exercise.score for exercise in told.exercises] == [0, 4.2857]
    assert len(told.remarks) == 1


def test_a_submission_whose_time_is_no_date_is_reported_and_nothing_of_it_kept(
    graded: tuple[Course, ClassResult, list[Any]],
) -> None:
    course, result, _ = graded
    assert list(result.faults) == ["undated"]
    assert result.faults["undated"].reason.startswith(
        "submitted/undated/toy/timestamp.txt: 'yesterday evening' is no date"
    )
    assert not course.results("toy", "undated").exists()
    assert not course.autograded("toy", "undated").exists()
    with gradebook(course) as book:
        row = book.find_submission("toy", "undated")
        assert (row.score, row.needs_manual_grade) == (0, True)


def test_the_submissions_themselves_are_left_as_they_are(course: Course, tmp_path: Path) -> None:
    fresh = Course(tmp_path / "fresh")
    shutil.copytree(course.release("toy", "").parent, fresh.release("toy", "").parent)
    hand_in_all(fresh)
    for student in ("ann", "bob", "broken", "hostile", "untouched"):
        paths = [one.submitted("toy", student) / f"{NUMBERS}.ipynb" for one in (course, fresh)]
        assert paths[0].read_bytes() == paths[1].read_bytes()
    assert (course.submitted("toy", "elsewhere") / f"{NUMBERS}.ipynb").is_symlink()


# What is recorded


def test_results_graded_notebooks_and_gradebook_agree(
    course: Course, results: dict[str, SubmissionResult]
) -> None:
    assert recorded(course) == {student: result.score for student, result in results.items()} | {"undated": 0}
    for student, result in results.items():
        shown = read_notebook(course.autograded("toy", student) / f"{NUMBERS}.ipynb")
        first = {
            graded_exercise(cell): float(cell.outputs[0].data["text/plain"])
            for cell in shown.cells
            if graded_exercise(cell)
        }
        assert first == {exercise.exercise: exercise.score for exercise in result.exercises}
        assert SubmissionResult.from_json(course.results("toy", student).read_text("utf-8")) == result


def test_results_say_how_they_came_about(results: dict[str, SubmissionResult]) -> None:
    for result in results.values():
        assert result.assignment == "toy"
        assert result.isolation
        assert set(result.versions) >= {"torch", "numpy"}
        assert result.seed == 0


def test_stored_results_are_read_back_by_student(
    course: Course, results: dict[str, SubmissionResult]
) -> None:
    assert list(stored_results(course, "toy")) == [results[student] for student in sorted(results)]


def test_the_time_of_submission_is_kept(course: Course) -> None:
    assert (course.autograded("toy", "ann") / "timestamp.txt").read_text("utf-8") == "2024-05-01 12:00:00 UTC"
    assert not (course.autograded("toy", "bob") / "timestamp.txt").exists()
    with gradebook(course) as book:
        assert str(book.find_submission("toy", "ann").timestamp) == "2024-05-01 12:00:00"


def test_nothing_half_written_is_left(course: Course) -> None:
    assert not list(course.root.rglob("*.tmp"))


def test_progress_is_told_at_the_beginning_and_after_each_student(
    graded: tuple[Course, ClassResult, list[Any]],
) -> None:
    course, _, heard = graded
    students = course.students("toy")
    assert [tick.student for tick in heard] == ["", *students]
    assert [tick.done for tick in heard] == list(range(len(students) + 1))
    assert {tick.total for tick in heard} == {len(students)}
    assert [tick.faults for tick in heard][-1] == 1


# Again


def test_grading_again_gives_the_same_and_keeps_what_was_given_by_hand(course: Course) -> None:
    documents, scores = without_seconds(course), recorded(course)
    with gradebook(course) as book:
        grade = book.find_grade("explain_describe", NUMBERS, "toy", "ann")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.5, False
        comment = book.find_comment("describe", NUMBERS, "toy", "ann")
        comment.manual_comment = "Well done."
        book.db.commit()
    grade_class(course, "toy")
    assert without_seconds(course) == documents
    assert recorded(course) == scores | {"ann": scores["ann"] + 2}
    with gradebook(course) as book:
        grade = book.find_grade("explain_describe", NUMBERS, "toy", "ann")
        assert (grade.manual_score, grade.extra_credit) == (1.5, 0.5)
        assert book.find_comment("describe", NUMBERS, "toy", "ann").manual_comment == "Well done."


# A lost server


class Killer:
    """Kills the warm server of the grader that is open while it grades, a number of times."""

    def __init__(self) -> None:
        self.opened: list[Grader] = []
        self.killed: list[int] = []

    def watched(self, course: Course, exercises: Any, **options: bool) -> Grader:
        """Make a grader, and remember it."""
        self.opened.append(Grader(course, exercises, **options))
        return self.opened[-1]

    def kill_while_grading(self) -> None:
        """Wait until the server has another process than now, then kill it."""
        server = self.opened[-1]._server._process.pid
        before = descendants(server)
        give_up = time.monotonic() + 60
        while not descendants(server) - before and time.monotonic() < give_up:
            time.sleep(0.01)
        os.kill(server, signal.SIGKILL)
        self.killed.append(server)


def descendants(pid: int) -> set[int]:
    """Return the numbers of a process's children, their children, and so on."""
    found: set[int] = set()
    with contextlib.suppress(OSError):  # it ended just now
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split():
            found |= {int(child)} | descendants(int(child))
    return found


def test_a_killed_server_loses_nobody(small_class: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(small_class.submitted("toy", "bob").parent)
    hand_in(small_class, "bob", notebook(small_class, RIGHT | {"add_numbers": SLOW}))
    killer = Killer()
    monkeypatch.setattr(worker, "Grader", killer.watched)
    threads = []

    def progress(tick: Tick) -> None:
        if tick.student == "ann":
            threads.append(threading.Thread(target=killer.kill_while_grading))
            threads[0].start()

    result = grade_class(small_class, "toy", options=Options(progress=progress))
    threads[0].join()
    assert len(killer.killed) == 1
    assert len(killer.opened) == 2
    assert result.faults == {}
    assert {one.student: one.score for one in result.results} == {"ann": 8, "bob": 8, "cem": 8}
    assert recorded(small_class) == {"ann": 8, "bob": 8, "cem": 8}


class Unlucky:
    """Grades with another grader, but finds the server gone at some of its students."""

    def __init__(self, grader: Grader, course: Course, lost: list[int]) -> None:
        self._grader = grader
        self.course = course
        self._lost = lost  # which gradings, counting from 0, fail
        self._count = 0

    def __call__(
        self, course: Course, exercises: object, *, practice: bool
    ) -> contextlib.nullcontext["Unlucky"]:
        return contextlib.nullcontext(self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._grader, name)

    def grade_notebook(
        self, assignment: str, name: str, repaired: Repaired, earlier: Earlier
    ) -> GradedNotebook:
        self._count += 1
        if self._count - 1 in self._lost:
            raise ServerError("the warm server ended with code -9")
        return self._grader.grade_notebook(assignment, name, repaired, earlier)


def test_a_server_that_is_lost_twice_over_one_student_costs_nobody_else(
    small_class: Course, toy_grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "Grader", Unlucky(toy_grader, small_class, lost=[1, 2]))
    result = grade_class(small_class, "toy")
    assert {student: fault.reason for student, fault in result.faults.items()} == {
        "bob": "the warm server ended with code -9"
    }
    assert {one.student: one.score for one in result.results} == {"ann": 8, "cem": 8}
    assert recorded(small_class) == {"ann": 8, "bob": 0, "cem": 8}
    with gradebook(small_class) as book:
        assert book.find_submission("toy", "bob").needs_manual_grade
    assert not small_class.results("toy", "bob").exists()


# Who is graded


def test_only_the_students_asked_for_are_graded(
    small_class: Course, toy_grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "Grader", Unlucky(toy_grader, small_class, lost=[]))
    result = grade_class(small_class, "toy", ["cem", "bob", "cem"])
    assert [one.student for one in result.results] == ["bob", "cem"]
    assert recorded(small_class) == {"bob": 7.25, "cem": 8}


@pytest.mark.parametrize(
    ("assignment", "students", "problem"),
    [
        ("toy", ["ann", "dot"], r"submitted/dot/toy: no submission of dot"),
        ("tot", None, r"solutions/tot: no notebook texts; assignments here: toy"),
        ("tot", ["ann"], r"solutions/tot: no notebook texts; assignments here: toy"),
    ],
)
def test_what_cannot_be_graded_is_told_before_anything_is_started(
    assignment: str, students: list[str] | None, problem: str, small_class: Course
) -> None:
    with pytest.raises(CourseError, match=problem):
        grade_class(small_class, assignment, students)
    assert not (small_class.root / "gradebook.db").exists()


def test_a_class_that_handed_in_nothing_is_told_of(built_course: Course) -> None:
    with pytest.raises(CourseError, match="no submissions; collect them first"):
        grade_class(built_course, "toy")


def test_a_course_that_is_not_built_is_told_to_build(toy_course: Course) -> None:
    hand_in(toy_course, "ann", "{}")
    with pytest.raises(
        CourseError, match=r"source/toy/1_numbers.ipynb: No such file .*; run `autograde build`"
    ):
        grade_class(toy_course, "toy")


# Small parts


def test_a_damaged_result_document_is_named(toy_course: Course) -> None:
    path = toy_course.results("toy", "ann")
    path.parent.mkdir(parents=True)
    for text in ("", "{}", '{"format_version": 1}', '{"format_version": 99}', "[1]"):
        path.write_text(text, "utf-8")
        with pytest.raises(CourseError, match="run `autograde grade toy` again") as caught:
            list(stored_results(toy_course, "toy"))
        assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (lambda path: None, None),
        (lambda path: path.write_text("2024-05-01 12:00:00 UTC\n"), "2024-05-01 12:00:00 UTC"),
        (lambda path: path.write_text(" \n"), None),
        (lambda path: path.write_bytes(b"\xff"), "\N{REPLACEMENT CHARACTER}"),
        (lambda path: path.write_text("2024-05-01" + " " * 200), None),
        (lambda path: path.symlink_to("/etc/hostname"), None),
        (lambda path: path.mkdir(), None),
        (os.mkfifo, None),
    ],
)
def test_only_a_short_plain_file_tells_the_time_of_submission(
    write: Callable[[Path], object], expected: str | None, tmp_path: Path
) -> None:
    write(tmp_path / "timestamp.txt")
    assert timestamp(tmp_path) == expected


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "a.txt"
    write_atomically(path, "old")
    seen: list[str] = []
    replace = Path.replace

    def look_then_replace(self: Path, target: Path) -> Path:
        seen.append(path.read_text("utf-8"))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look_then_replace)
    write_atomically(path, "new")
    assert seen == ["old"]
    assert path.read_text("utf-8") == "new"
    assert [one.name for one in path.parent.iterdir()] == ["a.txt"]
