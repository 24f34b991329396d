"""The command line: exit statuses, one line for an error, and nothing but JSON where JSON is asked for."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.core
import typer.main

from autograde import __version__, classroom, cli, doctor, grading
from autograde.classroom import ClassResult, Fault, Options
from autograde.course import Course
from autograde.demo import fill_in
from autograde.doctor import Diagnosis, Isolation
from autograde.errors import ServerError
from autograde.grading import Grader
from autograde.notebook import dumps, read_notebook
from autograde.verify import verify

Change = Callable[[Path, str, str], None]
Command = Callable[..., subprocess.CompletedProcess[str]]
SaveInJupyter = Callable[..., None]
FINE, FAILED, WRONG_USE = 0, 1, 2
RIGHT = "def add_numbers(a, b):\n    return a + b\n"
WRONG = "def add_numbers(a, b):\n    return a - b\n"
GROUP = typer.main.get_command(cli.app)
assert isinstance(GROUP, typer.core.TyperGroup)
HEALTHY = Diagnosis(
    Isolation("confined", 7, True, {"own session": True}, ("flying",)),
    {"python": "3.13.1", "torch": "2.9"},
    (),
)


class Shared:
    """A grader that stays open when it is left: for tests that need any grader, not a new one."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader

    def __call__(self, course: Course, exercises: object = None, *, practice: bool = False) -> "Shared":
        return self

    def __enter__(self) -> Grader:
        return self._grader

    def __exit__(self, *failure: object) -> None:
        """Leave it open."""


@pytest.fixture
def quick(toy_grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `try` grade with a grader that is warm already."""
    monkeypatch.setattr(grading, "Grader", Shared(toy_grader))


def error_line(ran: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a failed command printed, after its name."""
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert line.startswith("autograde: ")
    return line.removeprefix("autograde: ")


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    return name


def hand_in(course: Course, student: str, answers: dict[str, str]) -> None:
    folder = course.submitted("toy", student)
    folder.mkdir(parents=True)
    submission = fill_in(read_notebook(course.release("toy", "1_numbers")), answers)
    (folder / "1_numbers.ipynb").write_text(dumps(submission), "utf-8")


# Help and wrong use


@pytest.mark.parametrize("name", sorted(GROUP.commands))
def test_every_command_has_help(name: str, command: Command, tmp_path: Path) -> None:
    ran = command(name, "--help", cwd=tmp_path)
    assert ran.returncode == FINE
    assert f"Usage: autograde {name}" in ran.stdout
    assert (GROUP.commands[name].help or "no help").split("\n")[0] in " ".join(ran.stdout.split())
    assert ran.stderr == ""


def test_the_commands_are_listed_with_what_they_do(command: Command, tmp_path: Path) -> None:
    for ran in (command("--help", cwd=tmp_path), command(cwd=tmp_path)):
        shown = ran.stdout + ran.stderr
        assert all(name in shown for name in GROUP.commands)
        assert "Grade the submissions" in shown


def test_the_version_is_shown(command: Command, tmp_path: Path) -> None:
    assert command("--version", cwd=tmp_path).stdout == f"autograde {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["--nonsense"], ["grade", "--nonsense"], ["nonsense"], ["try", "add_numbers"], ["grade"]]
)
def test_wrong_use_is_told_without_a_traceback(
    arguments: list[str], command: Command, built_course: Course
) -> None:
    ran = command(*arguments, cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    last = ran.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    assert "nonsense" in last or "Missing argument" in last


@pytest.mark.parametrize(
    "arguments", [["build"], ["verify"], ["try", "add_numbers", "a.py"], ["grade", "toy"], ["demo"]]
)
def test_outside_a_course_every_command_says_so(
    arguments: list[str], command: Command, tmp_path: Path
) -> None:
    write(tmp_path, "a.py", RIGHT)
    ran = command(*arguments, cwd=tmp_path)
    assert ran.returncode == WRONG_USE
    assert error_line(ran).startswith(
        f"{tmp_path}: not inside a course (no nbgrader_config.py here or above)"
    )


@pytest.mark.parametrize(
    "arguments", [["verify"], ["try", "add_numbers", "a.py"], ["grade", "toy"], ["demo"]]
)
def test_in_a_course_that_is_not_built_every_command_says_what_to_run(
    arguments: list[str], command: Command, toy_course: Course
) -> None:
    write(toy_course.root, "a.py", RIGHT)
    toy_course.submitted("toy", "ann").mkdir(parents=True)
    ran = command(*arguments, cwd=toy_course.root)
    assert ran.returncode == WRONG_USE
    assert error_line(ran).endswith("run `autograde build`")
    assert ".ipynb" in error_line(ran)


@pytest.mark.parametrize("arguments", [["verify", "add_numbres"], ["try", "add_numbres", "a.py"]])
def test_an_unknown_exercise_is_named_with_those_there_are(
    arguments: list[str], command: Command, built_course: Course
) -> None:
    write(built_course.root, "a.py", RIGHT)
    ran = command(*arguments, cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert error_line(ran).startswith("no exercise 'add_numbres' under ")
    assert error_line(ran).endswith("; there are add_numbers, describe")


@pytest.mark.parametrize("arguments", [["build", "tyo"], ["build", "--check", "tyo"], ["grade", "tyo"]])
def test_an_unknown_assignment_is_named_with_those_there_are(
    arguments: list[str], command: Command, built_course: Course
) -> None:
    ran = command(*arguments, cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert error_line(ran).endswith("solutions/tyo: no notebook texts; assignments here: toy")


@pytest.mark.parametrize("name", ["build", "demo"])
def test_a_course_without_assignments_is_told_of(name: str, command: Command, tmp_path: Path) -> None:
    write(tmp_path, "nbgrader_config.py", "")
    ran = command(name, cwd=tmp_path)
    assert ran.returncode == WRONG_USE
    assert error_line(ran).endswith("solutions: no assignments")


def test_a_fault_of_the_kit_is_a_failure_not_wrong_use(
    command: Command, built_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*arguments: object, **options: object) -> ClassResult:
        raise ServerError("the warm server ended with code 1 ([a]); see `autograde doctor`")

    monkeypatch.setattr(classroom, "grade_class", lost)
    ran = command("grade", "toy", cwd=built_course.root)
    assert ran.returncode == FAILED
    assert error_line(ran) == "the warm server ended with code 1 ([a]); see `autograde doctor`"


def test_a_full_disk_is_told_in_one_line(
    command: Command, built_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **options: object) -> ClassResult:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "results/toy/ann [1].json")

    monkeypatch.setattr(classroom, "grade_class", full)
    ran = command("grade", "toy", cwd=built_course.root)
    assert ran.returncode == FAILED
    assert error_line(ran) == "results/toy/ann [1].json: No space left on device"


def test_an_error_is_one_line_however_long_it_is(
    command: Command, built_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    name = "very_long_name_of_an_exercise_that_there_is_not"
    assert name in error_line(command("verify", name, cwd=built_course.root))


def test_the_installed_command_and_the_module_are_the_same(built_course: Course) -> None:
    script = str(Path(sys.executable).with_name("autograde"))
    for start in ([script], [sys.executable, "-m", "autograde"]):
        ran = subprocess.run(
            [*start, "verify", "nonsense"], cwd=built_course.root, capture_output=True, text=True, check=False
        )
        assert ran.returncode == WRONG_USE
        assert error_line(ran).startswith("no exercise 'nonsense'")


# build and adopt


def test_build_writes_and_then_finds_all_up_to_date(command: Command, toy_course: Course) -> None:
    first = command("build", cwd=toy_course.root)
    assert first.returncode == FINE
    assert first.stdout.splitlines() == [
        "wrote source/toy/1_numbers.ipynb",
        "wrote release/toy/1_numbers.ipynb",
        "toy: 0 files were up to date",
    ]
    assert command("build", "toy", cwd=toy_course.root).stdout == "toy: 2 files were up to date\n"
    check = command("build", "--check", cwd=toy_course.root / "solutions")
    assert (check.returncode, check.stdout, check.stderr) == (FINE, "", "")


def test_build_check_tells_what_is_stale_and_writes_nothing(
    command: Command, built_course: Course, change: Change
) -> None:
    change(built_course.text("toy", "1_numbers"), "Two small exercises", "Two exercises")
    before = built_course.release("toy", "1_numbers").read_bytes()
    ran = command("build", "--check", cwd=built_course.root)
    assert ran.returncode == FAILED
    assert ran.stdout == ""
    assert ran.stderr.splitlines() == [
        f"{folder}/toy/1_numbers.ipynb: not what is built from solutions/ now; run `autograde build`"
        for folder in ("source", "release")
    ]
    assert built_course.release("toy", "1_numbers").read_bytes() == before


def test_build_does_not_overwrite_an_edit_unless_forced_to(
    command: Command, built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    source = built_course.source("toy", "1_numbers")
    save_in_jupyter(source, lambda nb: nb["cells"][0].update(source=["# Other numbers"]))
    edited = source.read_bytes()
    ran = command("build", cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert "`autograde adopt source/toy/1_numbers.ipynb`" in error_line(ran)
    assert source.read_bytes() == edited
    assert command("build", "--force", cwd=built_course.root).returncode == FINE
    assert source.read_bytes() != edited


def test_adopt_takes_an_edit_into_the_text(
    command: Command, built_course: Course, save_in_jupyter: SaveInJupyter, tmp_path: Path
) -> None:
    source = built_course.source("toy", "1_numbers")
    save_in_jupyter(source, lambda nb: nb["cells"][0].update(source=["# Other numbers"]))
    ran = command("adopt", str(source), cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (FINE, "")
    assert ran.stdout == "wrote solutions/toy/1_numbers.py; now run `autograde build`\n"
    assert "# # Other numbers" in built_course.text("toy", "1_numbers").read_text("utf-8")


def test_adopt_of_a_missing_notebook_is_told_of(command: Command, built_course: Course) -> None:
    ran = command("adopt", "source/toy/2_more.ipynb", cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert "2_more" in error_line(ran)


# try


def test_try_grades_answers_of_any_kind_and_prints_them_as_json(
    command: Command, built_course: Course
) -> None:
    right = write(built_course.root, "right.py", RIGHT)
    wrong = write(built_course.root, "wrong.py", WRONG)
    ran = command("try", "add_numbers", right, wrong, "--json", cwd=built_course.root)
    assert ran.returncode == FAILED
    assert ran.stderr == ""
    passes, fails = json.loads(ran.stdout)
    assert {
        "file": "right.py",
        "exercise": "add_numbers",
        "score": 3,
        "max_score": 3,
    }.items() <= passes.items()
    assert [check["outcome"] for check in passes["checks"]] == ["passed"] * 3
    assert {"file": "wrong.py", "score": 0, "max_score": 3}.items() <= fails.items()
    assert fails["checks"][1] == {
        "name": "test_fractions",
        "outcome": "failed",
        "message": "Your result: at [0]: 0.25 is not the right number.",
        "hint": "Do not round the result or turn it into an int.",
    }


def test_try_is_fine_only_with_full_marks(command: Command, built_course: Course, quick: None) -> None:
    right = write(built_course.root, "right.py", RIGHT)
    wrong = write(built_course.root, "wrong.py", WRONG)
    assert command("try", "add_numbers", right, cwd=built_course.root).returncode == FINE
    assert command("try", "add_numbers", wrong, cwd=built_course.root).returncode == FAILED
    assert command("try", "add_numbers", right, wrong, cwd=built_course.root).returncode == FAILED


def test_try_tells_verdicts_messages_and_hints(command: Command, built_course: Course, quick: None) -> None:
    wrong = write(built_course.root, "wrong [1].py", WRONG)
    shown = command("try", "add_numbers", wrong, cwd=built_course.root).stdout
    for text in (
        "wrong [1].py: 0 of 3",
        "The second number is subtracted instead of added.",
        "failed",
        "test_fractions Fractions are kept.",
        "0.25 is not the right number.",
        "Do not round the result or turn it into an int.",
    ):
        assert text in " ".join(shown.split())


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("missing.py", None, "missing.py: No such file or directory"),
        ("folder", "", "folder: Is a directory"),
        ("picture.py", b"\x89PNG", "picture.py: not UTF-8 text"),
    ],
)
def test_try_of_what_is_no_answer_is_told_before_anything_is_started(
    name: str, content: bytes | str | None, problem: str, command: Command, built_course: Course
) -> None:
    path = built_course.root / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.mkdir()
    ran = command("try", "add_numbers", name, cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert error_line(ran) == problem


def test_try_of_code_that_is_no_python_is_a_failed_answer(
    command: Command, built_course: Course, quick: None
) -> None:
    broken = write(built_course.root, "broken.py", "def add_numbers(:\n")
    ran = command("try", "add_numbers", broken, "--json", cwd=built_course.root)
    assert ran.returncode == FAILED
    assert json.loads(ran.stdout)[0]["score"] == 0


# verify


def test_verify_prints_its_proof_as_json(command: Command, built_course: Course) -> None:
    ran = command("verify", "add_numbers", "--json", cwd=built_course.root)
    assert ran.returncode == FINE
    assert ran.stderr == ""
    assert json.loads(ran.stdout) == {
        "ok": True,
        "exercises": [
            {
                "exercise": "add_numbers",
                "reference_passes": True,
                "stub_fails": True,
                "right": {"count": 2, "rejected": []},
                "wrong": {"count": 3, "accepted": [], "unexpected": []},
                "toothless_checks": [],
            }
        ],
    }


def test_verify_repeats_right_answers_with_many_seeds(command: Command, built_course: Course) -> None:
    fine = command("verify", "--repeat", "2", "add_numbers", cwd=built_course.root)
    assert fine.returncode == FINE
    head, row = (" ".join(line.split()) for line in fine.stdout.splitlines())
    assert (head, row) == ("exercise right answers seeds failures", "add_numbers 3 0 to 1 none")
    write(built_course.exercise("add_numbers").folder, "right_not.py", WRONG)
    ran = command("verify", "add_numbers", "--repeat", "2", "--json", cwd=built_course.root)
    assert ran.returncode == FAILED
    document = json.loads(ran.stdout)
    (found,) = document["exercises"]
    assert not document["ok"]
    assert (found["exercise"], found["answers"], found["seeds"]) == ("add_numbers", 4, [0, 1])
    assert [(one["answer"], one["seed"]) for one in found["failures"]] == [
        ("right_not.py", 0),
        ("right_not.py", 1),
    ]
    assert found["failures"][0]["checks"][0][0] == "test_whole_numbers"


def test_verify_repeats_at_least_once(command: Command, built_course: Course) -> None:
    assert command("verify", "--repeat", "0", cwd=built_course.root).returncode == WRONG_USE


def test_verify_fails_if_anything_is_to_mend(
    command: Command, built_course: Course, change: Change, quick_verify: None
) -> None:
    folder = built_course.exercise("add_numbers").folder
    change(folder / "wrong_ignores_signs.py", "test_negative_numbers", "test_fractions")
    write(folder, "right_not.py", WRONG)
    ran = command("verify", "add_numbers", "describe", cwd=built_course.root)
    assert ran.returncode == FAILED
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert "describe passes fails 2 of 2 pass 5 of 5 fail proven" in lines
    assert "add_numbers passes fails 2 of 3 pass 3 of 3 fail to mend" in lines
    assert "add_numbers: right_not.py is right, but loses points" in lines
    as_json = command("verify", "add_numbers", "--json", cwd=built_course.root)
    assert as_json.returncode == FAILED
    proof = json.loads(as_json.stdout)
    assert proof["ok"] is False
    assert proof["exercises"][0]["right"] == {"count": 3, "rejected": ["right_not.py"]}
    assert proof["exercises"][0]["wrong"]["unexpected"] == [
        {
            "file": "wrong_ignores_signs.py",
            "declared": ["test_fractions"],
            "failed": ["test_negative_numbers"],
        }
    ]


@pytest.fixture
def quick_verify(toy_grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `verify` prove with a grader that is warm already."""
    monkeypatch.setattr(sys.modules[verify.__module__], "Grader", Shared(toy_grader))


# grade


def test_grade_prints_results_as_json_and_records_them(command: Command, built_course: Course) -> None:
    hand_in(built_course, "ann", {"add_numbers": RIGHT})
    hand_in(built_course, "bob", {})
    ran = command("grade", "toy", "--json", cwd=built_course.root)
    assert ran.returncode == FINE
    printed = json.loads(ran.stdout)
    assert (printed["assignment"], printed["faults"]) == ("toy", {})
    for result in printed["results"]:
        path = built_course.results("toy", result["student"])
        assert json.loads(path.read_text("utf-8")) == result
    scores = {
        result["student"]: [one["score"] for one in result["notebooks"][0]["exercises"]]
        for result in printed["results"]
    }
    assert scores == {"ann": [3, 0], "bob": [0, 0]}
    assert (built_course.root / "gradebook.db").is_file()
    assert not ran.stderr.strip()


def test_grade_passes_on_whom_to_grade_and_fails_if_somebody_was_not(
    command: Command, built_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def nobody(course: Course, assignment: str, students: Any, options: Options) -> ClassResult:
        asked.append((assignment, students))
        return ClassResult((), {"bob": Fault("bob", "the warm server ended [twice]")})

    monkeypatch.setattr(classroom, "grade_class", nobody)
    ran = command("grade", "toy", "--student", "ann", "--student", "bob", "--json", cwd=built_course.root)
    assert ran.returncode == FAILED
    assert ran.stderr.strip() == "bob: not graded: the warm server ended [twice]"
    assert json.loads(ran.stdout)["faults"] == {"bob": "the warm server ended [twice]"}
    command("grade", "toy", "--json", cwd=built_course.root)
    assert asked == [("toy", ["ann", "bob"]), ("toy", None)]


def test_grade_of_a_student_who_did_not_submit_is_wrong_use(command: Command, built_course: Course) -> None:
    hand_in(built_course, "ann", {})
    ran = command("grade", "toy", "--student", "anna", cwd=built_course.root)
    assert ran.returncode == WRONG_USE
    assert error_line(ran).endswith("submitted/anna/toy: no submission of anna")


# doctor


@pytest.mark.parametrize(("problems", "status"), [((), FINE), (("torch is not installed",), FAILED)])
def test_doctor_prints_what_it_found(
    problems: tuple[str, ...],
    status: int,
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Diagnosis(HEALTHY.isolation, HEALTHY.versions, problems)
    monkeypatch.setattr(doctor, "examine", lambda course: found)
    as_json = command("doctor", "--json", cwd=tmp_path)
    assert (as_json.returncode, as_json.stderr) == (status, "")
    assert json.loads(as_json.stdout) == {
        "isolation": {
            "level": "confined",
            "landlock": 7,
            "seccomp": True,
            "holds": {"own session": True},
            "refused": ["flying"],
            "allowed": [],
        },
        "versions": {"python": "3.13.1", "torch": "2.9"},
        "problems": list(problems),
    }
    as_text = command("doctor", cwd=tmp_path)
    assert as_text.returncode == status
    assert ("This machine can grade." in as_text.stdout) is not bool(problems)
    assert all(problem in as_text.stdout for problem in problems)
