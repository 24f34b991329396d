"""A class full of attackers is graded whole: each gets what it deserves, and nobody else notices."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from attacks.arena import GRADED, HONEST
from attacks.corpus import Attack, at_level, attacks
from attacks.grade import ASSIGNMENT, LEVELS
from attacks.siege import OVERHEAD_SECONDS, START_SECONDS, Siege
from attacks.snapshot import changes
from autograde.model import SubmissionResult
from autograde.sandbox.confine import LEVELS as ISOLATION

Besieged = Callable[[str], Siege]

FULL = {"count_evens": 3.0, "row_shares": 3.0, "summarise": 2.0, "fit_line": 2.0}
SHOWN = {"text/plain", "image/png"}
GRADER_MEMORY = 800 * 2**20  # whatever it is sent

EACH = [
    pytest.param(level, attack, id=f"{attack.path.stem}-{level}")
    for level in LEVELS
    for attack in at_level(level)
]
each_attack = pytest.mark.parametrize(("level", "attack"), EACH)
each_level = pytest.mark.parametrize("level", LEVELS)
each_honest_student = pytest.mark.parametrize("student", HONEST)


# The corpus


def test_there_are_attacks_of_every_kind() -> None:
    groups = Counter(attack.group[0] for attack in attacks())
    assert sorted(groups) == list("abcdefghijk")
    assert sum(groups.values()) >= 130


def test_every_attack_says_in_words_what_it_tries() -> None:
    assert [
        attack.path.name for attack in attacks() if not re.match(r"[A-K]\d\d: .{15}", attack.summary)
    ] == []


def test_no_two_attacks_hand_in_under_the_same_name() -> None:
    students = Counter([*HONEST, *(attack.student for attack in attacks())])
    assert [student for student, count in students.items() if count > 1] == []


def test_honest_students_come_before_between_and_after_the_attackers() -> None:
    students = sorted([*HONEST, *(attack.student for attack in attacks())])
    first, middle, last = (students.index(student) for student in HONEST)
    assert first < 3
    assert len(students) // 4 < middle < 3 * len(students) // 4
    assert last == len(students) - 1


# Attackers


@each_attack
def test_an_attack_gets_the_marks_that_it_deserves_and_no_others(
    level: str, attack: Attack, siege_at: Besieged
) -> None:
    siege, expected = siege_at(level), attack.expected(FULL)
    if expected is None:
        assert attack.student in siege.report["faults"]
        assert not siege.arena.course.results(ASSIGNMENT, attack.student).exists()
        return
    result = siege.result(attack.student)
    assert {one.exercise: one.score for one in result.exercises} == expected, told(result)
    assert not any(one.flagged for one in result.exercises), told(result)


@each_attack
def test_an_attacker_is_told_what_was_seen(level: str, attack: Attack, siege_at: Besieged) -> None:
    siege = siege_at(level)
    heard = siege.report["faults"].get(attack.student)
    heard = heard or told(siege.result(attack.student))
    assert [words for words in attack.says if words not in heard] == [], heard


@each_attack
def test_no_secret_comes_out(level: str, attack: Attack, siege_at: Besieged) -> None:
    siege = siege_at(level)
    shown = "".join(written(siege, attack.student).values()) + siege.report["faults"].get(attack.student, "")
    assert "canary-" not in shown


@each_attack
def test_a_graded_notebook_shows_text_and_pictures_only(
    level: str, attack: Attack, siege_at: Besieged
) -> None:
    siege = siege_at(level)
    if attack.marks is None:
        return
    notebook = json.loads(siege.graded_notebook(attack.student).read_text("utf-8"))
    for cell in notebook["cells"]:
        is_graded = cell["metadata"].get("nbgrader", {}).get("grade")
        outputs = cell.get("outputs", [])[2 if is_graded else 0 :]  # the first two are the grader's verdict
        assert {kind for output in outputs for kind in output.get("data", ())} <= SHOWN
        assert [output["metadata"] for output in outputs if output.get("metadata")] == []
        verdict = cell.get("outputs", [])[: 2 if is_graded else 0]
        assert not [output for output in verdict if "<attack" in "".join(output["data"]["text/html"])]


@each_attack
def test_a_run_ends_within_its_time(level: str, attack: Attack, siege_at: Besieged) -> None:
    siege = siege_at(level)
    if attack.marks is not None:
        seconds = siege.result(attack.student).notebooks[0].seconds
        assert seconds <= siege.arena.course.settings.run_seconds + OVERHEAD_SECONDS


# Everybody else


@each_level
def test_the_grader_ends_normally_and_says_nothing(level: str, siege_at: Besieged) -> None:
    siege = siege_at(level)
    assert (siege.told, siege.status) == ("", 0)


@each_level
def test_the_grader_takes_no_longer_than_its_students_and_a_little(level: str, siege_at: Besieged) -> None:
    siege = siege_at(level)
    results = [siege.result(path.stem) for path in documents(siege)]
    own = sum(notebook.seconds for result in results for notebook in result.notebooks)
    assert siege.report["seconds"] <= START_SECONDS + own + OVERHEAD_SECONDS * len(results)


@each_level
def test_the_grader_s_memory_and_files_stay_bounded(level: str, siege_at: Besieged) -> None:
    siege = siege_at(level)
    assert siege.report["memory"] < GRADER_MEMORY
    assert siege.report["descriptors"] < 40


@each_level
@each_honest_student
def test_an_honest_student_s_result_is_as_without_attackers(
    student: str, level: str, siege_at: Besieged, alone: Siege
) -> None:
    siege = siege_at(level)
    assert len(written(alone, student)) == 2
    # The levels differ in what they are called, and each class has other secrets.
    assert plain(written(siege, student)) == plain(written(alone, student))


def test_honest_students_get_what_they_deserve(alone: Siege) -> None:
    assert [alone.result(student).score for student in HONEST] == [10, 7, 0]


@each_level
def test_the_gradebook_agrees_with_the_results(level: str, siege_at: Besieged) -> None:
    siege = siege_at(level)
    results = {path.stem: siege.result(path.stem).score for path in documents(siege)}
    with Gradebook(siege.arena.course.gradebook_url) as book:
        rows = {row.student_id: row for row in book.assignment_submissions(ASSIGNMENT)}
        waiting = {student for student in siege.report["faults"] if rows[student].needs_manual_grade}
        recorded = {student: row.score for student, row in rows.items() if student not in waiting}
    assert recorded == results
    assert waiting == siege.report["faults"].keys()


@each_level
def test_everybody_has_a_result_or_a_reason(level: str, siege_at: Besieged) -> None:
    siege = siege_at(level)
    everybody = {*HONEST, *(attack.student for attack in at_level(level))}
    assert {path.stem for path in documents(siege)} | siege.report["faults"].keys() == everybody
    expected = {attack.student for attack in at_level(level) if attack.marks is None}
    assert siege.report["faults"].keys() == expected


@each_level
def test_no_file_outside_the_students_folders_changes(level: str, siege_at: Besieged) -> None:
    siege = siege_at(level)
    assert str(siege.arena.victim / "decoy.txt") in siege.before
    root = str(siege.arena.course.root)
    assert [path for path in changes(siege.before, siege.after) if path != root] == []


@each_level
def test_the_course_holds_what_the_grader_writes_and_nothing_else(level: str, siege_at: Besieged) -> None:
    siege = siege_at(level)
    course = siege.arena.course
    names = {path.name for path in course.root.iterdir()}
    own = {"nbgrader_config.py", "pyproject.toml", "solutions", "source", "release", "tests", "submitted"}
    assert names <= own | set(GRADED)
    graded = {path.relative_to(course.root / "autograded").parts[0] for path in graded_files(siege)}
    assert graded == {path.stem for path in documents(siege)}
    assert {path.name for path in graded_files(siege)} <= {"1_targets.ipynb", "timestamp.txt"}


@each_level
def test_nothing_is_left_of_the_students_processes_and_folders(level: str, siege_at: Besieged) -> None:
    siege = siege_at(level)
    assert siege.left_running == set()
    assert list(siege.arena.temporary.iterdir()) == []


@each_level
def test_whoever_listens_hears_nothing(level: str, siege_at: Besieged) -> None:
    assert siege_at(level).heard == []


def test_without_namespaces_students_are_confined_all_the_same(siege_at: Besieged) -> None:
    assert siege_at(LEVELS[2]).report["isolation"] == ISOLATION[1]


# What they read


def documents(siege: Siege) -> list[Path]:
    """Return the result documents that the class got."""
    found = siege.arena.course.results(ASSIGNMENT, "").parent.glob("*.json")
    return [path for path in found if path.stem != "of_last_year"]


def graded_files(siege: Siege) -> Iterator[Path]:
    return (path for path in (siege.arena.course.root / "autograded").rglob("*") if path.is_file())


def told(result: SubmissionResult) -> str:
    """Return all that a result says in words."""
    lines: list[str] = []
    for notebook in result.notebooks:
        lines += [*notebook.repairs, *notebook.remarks, notebook.problem]
        for exercise in notebook.exercises:
            lines += [f"{check.outcome} {check.name}: {check.message}" for check in exercise.checks]
    return "\n".join(lines)


def written(siege: Siege, student: str) -> dict[str, str]:
    """Return what was written about a student, by file name."""
    paths = [siege.arena.course.results(ASSIGNMENT, student), siege.graded_notebook(student)]
    return {path.suffix: path.read_text("utf-8") for path in paths if path.exists()}


def plain(texts: dict[str, str]) -> dict[str, Any]:
    """Return texts without times, the level's name, and the students' own secrets."""
    varying = re.compile(r'"seconds": [\d.e-]+|"isolation": "[\w+]+"|canary-\w+')
    return {name: varying.sub("", text) for name, text in texts.items()}
