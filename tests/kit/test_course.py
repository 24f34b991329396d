"""The course on disk: found from anywhere inside, with settings that are checked."""

from pathlib import Path

import pytest

from autograde.course import Course, Settings
from autograde.errors import CourseError


def with_settings(course: Course, text: str) -> Course:
    (course.root / "pyproject.toml").write_text(text, "utf-8")
    return Course(course.root)


def test_a_course_is_found_from_any_folder_inside(toy_course: Course) -> None:
    inside = toy_course.checks("toy") / "add_numbers"
    assert Course.find(inside).root == toy_course.root.resolve()


def test_outside_of_a_course_one_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="not inside a course"):
        Course.find(tmp_path)


def test_an_exercise_is_registered_by_its_folder_alone(toy_course: Course) -> None:
    assert [exercise.name for exercise in toy_course.all_exercises()] == ["add_numbers", "describe"]
    new = toy_course.checks("toy") / "new_one"
    new.mkdir()
    (new / "test_new_one.py").touch()
    (new / "right_b.py").touch()
    (new / "right_a.py").touch()
    (new / "wrong_c.py").touch()
    exercise = toy_course.exercise("new_one")
    assert [path.name for path in exercise.right] == ["right_a.py", "right_b.py"]
    assert [path.name for path in exercise.wrong] == ["wrong_c.py"]


def test_a_folder_without_its_check_file_is_no_exercise(toy_course: Course) -> None:
    (toy_course.checks("toy") / "__pycache__").mkdir(exist_ok=True)
    assert {exercise.name for exercise in toy_course.exercises("toy")} == {"add_numbers", "describe"}


def test_an_unknown_exercise_or_assignment_is_answered_with_those_there_are(toy_course: Course) -> None:
    with pytest.raises(CourseError, match="there are add_numbers, describe"):
        toy_course.exercise("subtract")
    with pytest.raises(CourseError, match="assignments here: toy"):
        toy_course.notebooks("toys")


def test_students_are_those_whose_folder_holds_the_assignment(toy_course: Course) -> None:
    for student in ("zoe", "ada"):
        toy_course.submitted("toy", student).mkdir(parents=True)
    toy_course.submitted("other", "bob").mkdir(parents=True)
    assert toy_course.students("toy") == ("ada", "zoe")


def test_settings_come_from_the_course_and_the_rest_are_defaults(toy_course: Course) -> None:
    course = with_settings(toy_course, "[tool.autograde]\ncell_seconds = 3\nseed = 0\n")
    assert course.settings == Settings(cell_seconds=3.0)
    (course.root / "pyproject.toml").unlink()
    assert Course(course.root).settings == Settings()
