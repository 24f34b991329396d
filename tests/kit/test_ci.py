"""`autograde ci` grades one folder against a course elsewhere, as a job of a CI system would have it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml

from autograde import ci
from autograde.build import build
from autograde.ci import grade_folder, open_folder
from autograde.cli.ci import least_points
from autograde.course import Course
from autograde.demo import fill_in, hand_in, make_course
from autograde.diagnosis import BEHAVIOURS, Diagnoses
from autograde.errors import CourseError, ServerError
from autograde.grading import Grader
from autograde.model import SubmissionResult, Visibility
from autograde.notebook import dumps, read_notebook

Command = Callable[..., subprocess.CompletedProcess[str]]
FINE, FAILED, WRONG_USE = 0, 1, 2
TOY_COURSE = Path(__file__).parent / "toy_course"
NUMBERS = "1_numbers"
SECRETS = ("The list is not changed.", "list.sort")  # of a check that is never shown

COMMANDS = "\\n::error::forged\\n::set-env name=PATH::/tmp\\n##[command]forged\\x1b[31m</pre><img src=x>\\x00"
HOSTILE = f"""import sys
print("{COMMANDS}")
print("{COMMANDS}", file=sys.stderr)

def add_numbers(a, b):
    raise ValueError("{COMMANDS}")
"""


class Shared:
    """A grader that stays open when it is left: for tests that need any grader, not a new one."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        self.opened = 0

    def __call__(self, *given: object, **options: object) -> "Shared":
        self.opened += 1
        return self

    def __enter__(self) -> Grader:
        return self._grader

    def __exit__(self, *failure: object) -> None:
        """Leave it open."""


@pytest.fixture
def shared(toy_grader: Grader, monkeypatch: pytest.MonkeyPatch) -> Shared:
    """Grade with a grader that is warm already."""
    one = Shared(toy_grader)
    monkeypatch.setattr(ci, "Grader", one)
    return one


@pytest.fixture(autouse=True)
def _no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing of the CI system that runs these tests reach them."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITLAB_CI", "AUTOGRADE_COURSE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module", name="demo")
def fixture_demo(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the submissions of the demo's class."""
    root = tmp_path_factory.mktemp("ci") / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    build(Course(root), "toy")
    demo = make_course(Course(root), root.parent / "demo")
    hand_in(demo, "toy")
    return demo


@pytest.fixture(name="checkout")
def fixture_checkout(demo: Course, tmp_path: Path) -> Callable[[str], Path]:
    """`checkout(student)`: a student's repository, as CI checks it out."""

    def make(student: str) -> Path:
        folder = tmp_path / student
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(demo.submitted("toy", student), folder / "work")
        (folder / ".git").mkdir()
        return folder / "work"

    return make


def write_answers(demo: Course, folder: Path, answers: dict[str, str]) -> None:
    submission = fill_in(read_notebook(demo.release("toy", NUMBERS)), answers)
    (folder / f"{NUMBERS}.ipynb").write_text(dumps(submission), "utf-8")


def error_line(ran: subprocess.CompletedProcess[str]) -> str:
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    return line.removeprefix("autograde: ")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# A whole job, in a process of its own


def hostile_repository(demo: Course, folder: Path) -> Path:
    """Make a repository that tries to run in the grader's process, and to speak in its log."""
    folder.mkdir()
    write_answers(demo, folder, {"add_numbers": HOSTILE})
    caught = f"open({str(folder / 'caught')!r}, 'w').close()\n"
    for name in (
        "conftest",
        "sitecustomize",
        "usercustomize",
        "numpy",
        "torch",
        "pytest",
        "autograde",
        "typing",
    ):
        (folder / f"{name}.py").write_text(caught, "utf-8")
    for name in ("pytest.ini", "tox.ini", "setup.cfg"):
        (folder / name).write_text(
            "[pytest]\naddopts = -p conftest\n[tool:pytest]\naddopts = -p conftest\n", "utf-8"
        )
    (folder / "pyproject.toml").write_text("[tool.autograde]\nnonsense = 1\n", "utf-8")
    (folder / "matplotlibrc").write_text("nonsense", "utf-8")
    return folder


@pytest.fixture(scope="module", name="job")
def fixture_job(
    demo: Course, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str], bool]:
    """What a job in GitHub Actions gave for a hostile repository, and whether the course was left alone."""
    folder = tmp_path_factory.mktemp("job")
    repository = hostile_repository(demo, folder / "student::error::x")
    (folder / "summary.md").write_text("of the step before\n", "utf-8")
    environment = os.environ | {
        "AUTOGRADE_COURSE": str(demo.root),
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_TOKEN": "secret-token",
        "PYTHONDONTWRITEBYTECODE": "",  # as on most machines: what is compiled is kept
    }
    before = contents(demo.root)
    files = ("--junit", "../out/junit.xml", "--json", "../out/results.json", "--gradescope", "../out/gs.json")
    ran = subprocess.run(
        [Path(sys.executable).with_name("autograde"), "ci", ".", *files],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return folder, ran, contents(demo.root) == before


def test_a_job_fails_for_a_submission_that_lost_points(
    job: tuple[Path, subprocess.CompletedProcess[str], bool],
) -> None:
    folder, ran, _ = job
    assert (ran.returncode, ran.stderr) == (FAILED, "")
    result = SubmissionResult.from_json((folder / "out/results.json").read_text("utf-8"))
    assert [one.score for one in result.exercises] == [0, 0]
    assert "student::error::x, toy: 0 of 8 points, needed: 8" in ran.stdout


def test_known_mistakes_are_recognised_by_what_the_course_remembers(
    demo: Course, checkout: Callable[[str], Path], toy_grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Diagnoses] = []

    def open_grader(*given: object, diagnoses: Callable[..., Diagnoses], **options: object) -> Shared:
        opened.append(diagnoses(toy_grader.course, partial(toy_grader.grade_answer, diagnose=False)))
        monkeypatch.setattr(toy_grader, "_diagnoses", opened[-1])
        return Shared(toy_grader)

    def told(folder: Path, *, diagnose: bool) -> str:
        result = grade_folder(open_folder(demo, folder), diagnose=diagnose)
        return result.exercises[0].diagnosis

    monkeypatch.setattr(ci, "Grader", open_grader)
    behaviours = toy_grader.course.root / BEHAVIOURS
    shutil.rmtree(behaviours, ignore_errors=True)
    assert told(checkout("donald"), diagnose=False) == ""
    assert told(checkout("donald"), diagnose=True)
    assert not behaviours.exists()
    exercise = toy_grader.course.exercise("add_numbers")
    result = toy_grader.grade_answer(exercise, exercise.wrong[0].read_text("utf-8"), diagnose=False)
    Diagnoses(toy_grader.course, partial(toy_grader.grade_answer, diagnose=False)).explain(exercise, result)
    assert told(checkout("donald"), diagnose=False)


def test_nothing_is_written_into_the_course(
    job: tuple[Path, subprocess.CompletedProcess[str], bool],
) -> None:
    assert job[2]


def test_nothing_of_a_repository_runs_in_the_grader_s_process(
    job: tuple[Path, subprocess.CompletedProcess[str], bool],
) -> None:
    assert not list(job[0].rglob("caught"))
    assert not list(job[0].rglob("__pycache__"))


def test_what_a_student_prints_and_raises_is_no_command_in_the_log(
    job: tuple[Path, subprocess.CompletedProcess[str], bool],
) -> None:
    lines = job[1].stdout.splitlines()
    assert any("set-env" in line for line in lines)
    commands = [line for line in lines if line.lstrip().startswith("::") or "##[" in line]
    assert [command.partition("::forged")[0][:13] for command in commands] == ["::error file="] * 2
    assert all(f"file={NUMBERS}.ipynb,line=1,title=" in command for command in commands)
    assert "\x1b" not in job[1].stdout
    assert "\0" not in job[1].stdout


def test_the_summary_of_a_job_is_added_to_that_of_the_step(
    job: tuple[Path, subprocess.CompletedProcess[str], bool],
) -> None:
    text = (job[0] / "summary.md").read_text("utf-8")
    assert text.startswith("of the step before\n## toy: 0 of 8 points\n")
    assert "<img" not in text


def test_the_reports_of_a_job_can_be_parsed(
    job: tuple[Path, subprocess.CompletedProcess[str], bool],
) -> None:
    assert JUnitXml.fromfile(str(job[0] / "out/junit.xml")).tests == 7
    assert json.loads((job[0] / "out/gs.json").read_text("utf-8"))["score"] == 0
    shown = [
        (job[0] / name).read_text("utf-8") for name in ("out/junit.xml", "out/results.json", "summary.md")
    ]
    assert not [
        secret for secret in (*SECRETS, "secret-token") for text in (*shown, job[1].stdout) if secret in text
    ]


# Scores and exit statuses


@pytest.mark.parametrize(
    ("student", "score", "status"), [("ada", 8, FINE), ("frances", None, FAILED), ("leonhard", 0, FAILED)]
)
@pytest.mark.usefixtures("shared")
def test_the_demo_s_students_get_what_they_deserve(
    student: str,
    score: float | None,
    status: int,
    command: Command,
    checkout: Callable[[str], Path],
    demo: Course,
) -> None:
    folder = checkout(student)
    report = folder.parent / "junit.xml"
    ran = command("ci", str(folder), "--course", str(demo.root), "--junit", str(report), cwd=folder)
    assert (ran.returncode, ran.stderr) == (status, "")
    parsed = JUnitXml.fromfile(str(report))
    assert (parsed.failures == 0) == (status == FINE)
    scores = ET.parse(report).iterfind("testsuite/properties/property[@name='score']")
    reached = sum(float(one.get("value", "")) for one in scores)
    assert reached == score if score is not None else 0 < reached < 8


@pytest.mark.parametrize(
    ("least", "status"),
    [("0", FINE), ("3", FINE), ("37.5%", FINE), ("3.1", FAILED), ("38%", FAILED), ("8", FAILED)],
)
@pytest.mark.usefixtures("shared")
def test_the_least_score_decides_on_the_status(
    least: str, status: int, command: Command, checkout: Callable[[str], Path], demo: Course
) -> None:
    folder = checkout("katherine")  # 3 of 8 points
    ran = command("ci", str(folder), "--min-score", least, cwd=demo.root)
    assert ran.returncode == status


@pytest.mark.parametrize(
    ("text", "points"), [("100%", 8), ("50%", 4), ("0%", 0), ("0", 0), ("7.5", 7.5), (" 8 ", 8), ("12.5%", 1)]
)
def test_the_least_score_is_points_or_a_share_of_them(text: str, points: float) -> None:
    assert least_points(text, 8) == points


@pytest.mark.parametrize("text", ["", "%", "-1", "many", "1e3", "nan", "inf", "8.1", "101%", "80 %%", "0,8"])
def test_any_other_least_score_is_wrong_use(text: str) -> None:
    with pytest.raises(CourseError, match=r"^--min-score "):
        least_points(text, 8)


@pytest.mark.usefixtures("shared")
def test_a_notebook_that_is_not_there_gets_no_points_and_is_told_of(
    command: Command, tmp_path: Path, demo: Course
) -> None:
    (tmp_path / "empty").mkdir()
    ran = command("ci", "empty", "--course", str(demo.root), cwd=tmp_path)
    assert ran.returncode == FAILED
    assert f"{NUMBERS}.ipynb is not there: hand it in under this name" in ran.stdout


@pytest.mark.usefixtures("shared")
def test_exercises_that_nobody_could_judge_fail_the_job(
    command: Command, checkout: Callable[[str], Path], demo: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unjudged(*given: object, **options: object) -> SubmissionResult:
        result = grade_folder(open_folder(demo, checkout("ada")))
        (notebook,) = result.notebooks
        first = replace(notebook.exercises[0], score=None)
        return replace(result, notebooks=(replace(notebook, exercises=(first,)),))

    monkeypatch.setattr("autograde.ci.grade_folder", unjudged)
    ran = command("ci", str(checkout("barbara")), "--min-score", "0", cwd=demo.root)
    assert ran.returncode == FAILED


def test_a_lost_server_is_replaced_once(
    shared: Shared, checkout: Callable[[str], Path], demo: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[bool] = []
    grade = Grader.grade_notebook

    def lose(*given: object) -> object:
        lost.append(True)
        if len(lost) == 1:
            raise ServerError("the warm server does not answer")
        return grade(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Grader, "grade_notebook", lose)
    assert grade_folder(open_folder(demo, checkout("ada"))).score == 8
    assert shared.opened == 2


@pytest.mark.usefixtures("shared")
def test_a_kit_that_fails_twice_fails_the_job_in_one_line(
    command: Command, checkout: Callable[[str], Path], demo: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*given: object) -> object:
        raise ServerError("the warm server does not answer")

    monkeypatch.setattr(Grader, "grade_notebook", lose)
    ran = command("ci", str(checkout("ada")), cwd=demo.root)
    assert ran.returncode == FAILED
    assert error_line(ran) == "the warm server does not answer"


# Where notebooks and course are


@pytest.mark.usefixtures("shared")
def test_notebooks_may_lie_in_a_subfolder_of_the_assignment_s_name(
    checkout: Callable[[str], Path], demo: Course
) -> None:
    folder = checkout("ada")
    (folder / "toy").mkdir()
    (folder / f"{NUMBERS}.ipynb").rename(folder / "toy" / f"{NUMBERS}.ipynb")
    found = open_folder(demo, folder)
    assert grade_folder(found).score == 8
    assert found.paths == {NUMBERS: f"work/toy/{NUMBERS}.ipynb"}


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("what", ["notebook", "folder", "subfolder", "missing"])
def test_a_link_to_somebody_else_s_notebook_is_not_followed(
    what: str, checkout: Callable[[str], Path], demo: Course
) -> None:
    folder = checkout("leonhard")
    solved = demo.source("toy", NUMBERS)
    own = folder / f"{NUMBERS}.ipynb"
    own.unlink()
    if what == "notebook":
        own.symlink_to(solved)
    elif what == "missing":
        own.symlink_to(folder / "nothing")
    elif what == "subfolder":
        (folder / "toy").symlink_to(solved.parent)
    if what == "folder":
        folder.rmdir()
        folder.symlink_to(solved.parent)
        with pytest.raises(CourseError, match="a link, which could lead anywhere"):
            open_folder(demo, folder)
    else:
        result = grade_folder(open_folder(demo, folder))
        assert result.score == 0
        assert result.notebooks[0].problem


@pytest.mark.parametrize("part", ["source/toy", "solutions/toy", "tests/exercises"])
def test_the_course_s_own_folders_are_no_submission(part: str, demo: Course) -> None:
    with pytest.raises(CourseError, match="lies in the course"):
        open_folder(demo, demo.root / part)


def test_what_was_collected_may_be_graded_where_it_lies(demo: Course) -> None:
    assert open_folder(demo, demo.submitted("toy", "ada")).files[NUMBERS].is_file()


def test_a_course_that_a_student_planted_around_the_submission_is_not_trusted(
    command: Command, checkout: Callable[[str], Path], demo: Course
) -> None:
    folder = checkout("leonhard")
    shutil.copytree(demo.root, folder.parent, dirs_exist_ok=True)
    ran = command("ci", "work", cwd=folder.parent)
    assert ran.returncode == WRONG_USE
    assert "with --course the course that is to judge it" in error_line(ran)


def test_a_course_inside_the_submission_is_not_trusted(command: Command, demo: Course) -> None:
    ran = command("ci", str(demo.root.parent), "--course", str(demo.root), cwd=demo.root)
    assert ran.returncode == WRONG_USE
    assert "whose student could change it; put the two side by side" in error_line(ran)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere: no such folder; give the folder that holds a student's notebooks"),
        ([".", "--course", "nowhere"], "nowhere: no such folder; --course takes the folder of a course"),
        ([".", "--assignment", "tyo"], "assignments here: toy"),
        ([".", "--notebook", "2_more"], "no notebook '2_more' in toy; there are 1_numbers"),
        ([".", "--min-score", "9"], "--min-score 9: there are only 8 automatic points to be had"),
    ],
)
def test_wrong_use_is_told_before_anything_is_graded(
    arguments: list[str],
    told: str,
    command: Command,
    demo: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOGRADE_COURSE", str(demo.root))
    ran = command("ci", *arguments, cwd=tmp_path)
    assert ran.returncode == WRONG_USE
    assert error_line(ran).endswith(told)


def test_without_a_course_it_is_said_how_to_name_one(command: Command, tmp_path: Path) -> None:
    ran = command("ci", ".", cwd=tmp_path)
    assert ran.returncode == WRONG_USE
    assert (
        error_line(ran) == f"{tmp_path}: no course here or above; name it with --course or AUTOGRADE_COURSE"
    )


def test_a_course_with_several_assignments_wants_one_named(built_course: Course, tmp_path: Path) -> None:
    shutil.copytree(built_course.root / "solutions/toy", built_course.root / "solutions/zoo")
    (tmp_path / "work").mkdir()
    with pytest.raises(CourseError, match=r"--assignment toy or zoo$"):
        open_folder(built_course, tmp_path / "work")


# What is written


@pytest.mark.usefixtures("shared")
def test_an_instructor_may_be_told_everything(
    command: Command, checkout: Callable[[str], Path], demo: Course, tmp_path: Path
) -> None:
    folder = checkout("leonhard")
    for more in ([], ["--instructor"]):
        ran = command("ci", str(folder), "--json", str(tmp_path / "all.json"), *more, cwd=demo.root)
        document = SubmissionResult.from_json((tmp_path / "all.json").read_text("utf-8"))
        seen = {check.visibility for one in document.exercises for check in one.checks}
        assert (Visibility.NEVER in seen) == (SECRETS[0] in ran.stdout) == bool(more)


@pytest.mark.usefixtures("shared")
def test_a_summary_in_a_file_of_its_own_is_written_anew(
    command: Command,
    checkout: Callable[[str], Path],
    demo: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    step, own, folder = tmp_path / "step.md", tmp_path / "own.md", checkout("ada")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    for _ in range(2):
        command("ci", str(folder), "--summary", str(own), "--student", "Ada <L>", cwd=demo.root)
    assert not step.exists()
    assert own.read_text("utf-8").count("Submission of Ada &#60;L&#62;") == 1
    for _ in range(2):
        command("ci", str(folder), "--summary", str(step), cwd=demo.root)
    assert step.read_text("utf-8").count("Submission of work") == 2


@pytest.mark.usefixtures("shared")
def test_only_some_notebooks_may_be_graded(checkout: Callable[[str], Path], demo: Course) -> None:
    found = open_folder(demo, checkout("ada"), notebooks=[NUMBERS], student="Ada")
    assert (found.possible, [one.name for one in found.exercises()]) == (8, ["add_numbers", "describe"])
    assert grade_folder(found).student == "Ada"
