"""The workflow files are valid, hand no secret to a step that grades, and their scripts do what they say."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from autograde import cli
from autograde.course import Course

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "docs" / "ci"
OWN = ROOT / ".github/workflows/ci.yml"
GITHUB = sorted(TEMPLATES.glob("github-*.yml"))
GITLAB = sorted(TEMPLATES.glob("gitlab-*.yml"))
NUMBERS = "1_numbers.ipynb"


def name_of(path: object) -> str:
    return path.name if isinstance(path, Path) else str(path)


def document(path: Path) -> dict[Any, Any]:
    loaded = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in document(path)["jobs"].values() for step in job["steps"]]


def commands(path: Path) -> Iterator[str]:
    """Yield the shell commands of a workflow file."""
    if path in GITLAB:
        for job in document(path).values():
            if isinstance(job, dict):
                yield from (*job.get("script", ()), *job.get("after_script", ()))
    else:
        yield from (step["run"] for step in steps(path) if "run" in step)


def grades(command: str) -> bool:
    return re.search(r"\bautograde (ci|grade|report)\b", command) is not None


# The files


@pytest.mark.parametrize(
    ("files", "schema"),
    [
        ([OWN, *GITHUB], ["vendor.github-workflows"]),
        (GITLAB, ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
    ],
)
def test_workflow_files_follow_the_schema_of_their_system(files: list[Path], schema: list[str]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *schema, *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert len(files) >= 2


def test_the_project_s_own_workflow_runs_what_is_run_by_hand() -> None:
    job = document(OWN)["jobs"]["test"]
    assert job["steps"][-1] == {"run": ".ci/run"}
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert oldest is not None
    assert job["strategy"]["matrix"]["python"][0] == oldest[1]


@pytest.mark.parametrize("path", [OWN, *GITHUB], ids=name_of)
def test_a_job_s_token_may_only_read_and_is_not_left_in_a_checkout(path: Path) -> None:
    assert document(path)["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in document(path)["jobs"].values())
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("path", GITHUB, ids=name_of)
def test_no_secret_is_in_the_environment_of_a_step_that_grades(path: Path) -> None:
    assert "secrets." not in str({key: value for key, value in document(path).items() if key != "jobs"})
    for job in document(path)["jobs"].values():
        assert "secrets." not in str({key: value for key, value in job.items() if key != "steps"})
    secret = [step["name"] for step in steps(path) if "secrets." in str(step)]
    assert secret == [
        {"github-course.yml": "Collect", "github-student.yml": "Check out the course"}[path.name]
    ]
    assert any(grades(step.get("run", "")) for step in steps(path))
    assert not [step for step in steps(path) if grades(step.get("run", "")) and "secrets." in str(step)]


@pytest.mark.parametrize("path", [OWN, *GITHUB], ids=name_of)
def test_nothing_that_a_student_names_is_put_into_a_command(path: Path) -> None:
    assert not [command for command in commands(path) if "${{" in command]


def test_a_student_s_branch_does_not_bring_the_workflow_that_grades_it() -> None:
    triggers = document(TEMPLATES / "github-student.yml")[True]  # YAML 1.1 reads `on` as true
    assert triggers == {"pull_request_target": {"branches": ["main"]}}
    (job,) = document(TEMPLATES / "github-student.yml")["jobs"].values()
    assert job["environment"] == "grading"
    paths = [
        step["with"]["path"]
        for step in steps(TEMPLATES / "github-student.yml")
        if "checkout" in str(step.get("uses"))
    ]
    assert paths == ["course", "submission"]


@pytest.mark.parametrize("path", GITLAB, ids=name_of)
def test_a_gitlab_job_grades_in_an_environment_without_tokens(path: Path) -> None:
    grading = [command for command in commands(path) if grades(command)]
    assert grading
    for command in grading:
        assert command.startswith('env --ignore-environment PATH="$PATH" HOME=/tmp ')
        assert "TOKEN" not in command


@pytest.mark.parametrize(
    "path", [TEMPLATES / "github-student.yml", TEMPLATES / "gitlab-student.yml"], ids=name_of
)
def test_students_are_not_told_what_is_for_instructors(path: Path) -> None:
    assert not [command for command in commands(path) if "--instructor" in command]


FILES_WITH_COMMANDS = [*GITHUB, *GITLAB, TEMPLATES / "gradescope/run_autograder", ROOT / "docs/ci.md"]


@pytest.mark.parametrize("path", FILES_WITH_COMMANDS, ids=name_of)
def test_commands_have_the_options_that_are_used(path: Path) -> None:
    group = typer.main.get_command(cli.app)
    text = path.read_text("utf-8").replace("\\\n", " ")
    text = "\n".join(commands(path)) if path.suffix == ".yml" else text
    used = re.findall(r"(?<![`/\w])autograde ([a-z]+)([^\n`|]*)", text)
    assert used
    for name, arguments in used:
        if name not in group.commands:  # type: ignore[attr-defined]
            continue
        options = {option for one in group.commands[name].params for option in one.opts}  # type: ignore[attr-defined]
        assert set(re.findall(r"--[a-z-]+", arguments)) <= options, name


# The scripts


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


def repository(folder: Path, files: dict[str, str], links: dict[str, str] | None = None) -> str:
    """Make a student's repository, and return its address."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    for name, target in (links or {}).items():
        (folder / name).symlink_to(target)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Hand in")
    return folder.as_uri()


def collect(course: Course, table: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (course.root / "students.tsv").write_text(table, "utf-8")
    return subprocess.run(
        [TEMPLATES / "collect", "students.tsv", "toy"],
        cwd=course.root,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_collecting_takes_the_notebooks_that_the_course_knows(built_course: Course, tmp_path: Path) -> None:
    ann = repository(tmp_path / "a", {NUMBERS: "of ann", "evil.py": "", "timestamp.txt": "1999-01-01"})
    bob = repository(tmp_path / "b", {f"toy/{NUMBERS}": "of bob", NUMBERS: "older"})
    table = f"# students\n\nann\t{ann}\nbob@x.org\t{bob}"
    ran = collect(built_course, table, COLLECT_TOKEN="very-secret")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == ["collect: ann: 1 notebooks", "collect: bob@x.org: 1 notebooks"]
    submitted = built_course.root / "submitted"
    files = {
        str(path.relative_to(submitted)): path.read_text() for path in submitted.rglob("*") if path.is_file()
    }
    assert files == {f"ann/toy/{NUMBERS}": "of ann", f"bob@x.org/toy/{NUMBERS}": "of bob"}


def test_collecting_follows_no_link(built_course: Course, tmp_path: Path) -> None:
    solved = str(built_course.source("toy", "1_numbers"))
    eve = repository(tmp_path / "e", {"readme": ""}, {NUMBERS: solved, "toy": str(Path(solved).parent)})
    assert "eve: 0 notebooks" in collect(built_course, f"eve\t{eve}\n").stdout
    assert not list((built_course.root / "submitted").rglob("*.ipynb"))


def test_collecting_goes_on_after_a_line_that_is_wrong(built_course: Course, tmp_path: Path) -> None:
    ann = repository(tmp_path / "a", {NUMBERS: "of ann"})
    lines = (
        f"../../up\t{ann}",
        f"x\x1b[31m\t{ann}",
        f"gone\t{(tmp_path / 'gone').as_uri()}",
        "odd\text::sh -c id",
        f"ann\t{ann}",
    )
    ran = collect(built_course, "\n".join(lines))
    assert ran.returncode == 1
    assert ran.stdout == "collect: ann: 1 notebooks\n"
    told = ran.stderr.splitlines()
    assert [line.split(":")[1] for line in told[2:]] == [" gone", " odd"]
    assert told[0] == "collect: '..?..?up' in students.tsv is no student's id"
    assert "\x1b" not in ran.stderr
    assert sorted(path.name for path in (built_course.root / "submitted").iterdir()) == ["ann"]


def test_the_token_for_collecting_goes_to_its_own_host_alone(built_course: Course, tmp_path: Path) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    spy = bin_folder / "git"
    spy.write_text(
        f'#!/bin/bash\nenv >>{tmp_path}/environment; echo "$@" >>{tmp_path}/arguments; exit 1\n', "utf-8"
    )
    spy.chmod(0o755)
    given = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "COLLECT_TOKEN": "very-secret"}
    collect(
        built_course, "ann\thttps://code.example.org/ann\n", COLLECT_HOST="https://code.example.org", **given
    )
    environment = (tmp_path / "environment").read_text("utf-8")
    assert "GIT_CONFIG_KEY_0=http.https://code.example.org/.extraHeader\n" in environment
    assert "Authorization: Basic eC1hY2Nlc3MtdG9rZW46dmVyeS1zZWNyZXQ=\n" in environment
    assert "secret" not in (tmp_path / "arguments").read_text("utf-8")


def test_gradescope_s_script_grades_what_was_handed_in(tmp_path: Path) -> None:
    spy = tmp_path / "bin" / "autograde"
    spy.parent.mkdir()
    spy.write_text(f'#!/bin/bash\nprintf "%s\\n" "$@" >{tmp_path}/arguments\n', "utf-8")
    spy.chmod(0o755)
    script = (TEMPLATES / "gradescope/run_autograder").read_text("utf-8")
    assert "\nexport PATH=/opt/autograde/bin:" in script
    script = script.replace("/opt/autograde/bin", str(spy.parent))
    root = tmp_path / "auto grader"
    environment = os.environ | {"AUTOGRADER_ROOT": str(root)}
    subprocess.run(["bash", "-c", script], env=environment, check=True, timeout=60)
    given = (tmp_path / "arguments").read_text("utf-8").splitlines()
    context = typer.main.get_command(cli.app).commands["ci"].make_context("ci", given[1:])  # type: ignore[attr-defined]
    assert context.params["folder"] == root / "submission"
    assert context.params["course"] == root / "source/course"
    assert context.params["gradescope"] == root / "results/results.json"
    assert (context.params["min_score"], context.params["instructor"]) == ("0", False)
    assert (root / "results").is_dir()


@pytest.mark.parametrize("path", ["collect", "gradescope/setup.sh", "gradescope/run_autograder"])
def test_scripts_stop_at_the_first_error(path: str) -> None:
    text = (TEMPLATES / path).read_text("utf-8")
    assert text.startswith("#!/bin/bash\n")
    assert "\nset -euo pipefail\n" in text
    assert (TEMPLATES / path).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", TEMPLATES / path], check=True, timeout=60)


@pytest.mark.parametrize("path", ["Dockerfile", "gradescope/Dockerfile"])
def test_an_image_holds_no_grades_and_what_it_copies_is_there(path: str) -> None:
    lines = (TEMPLATES / path).read_text("utf-8").splitlines()
    assert "Not built where it was written" in "\n".join(lines[:3])
    copied = [name for line in lines if line.startswith("COPY ") for name in shlex.split(line)[1:-1]]
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    ignored = (TEMPLATES / f"{path}.dockerignore").read_text("utf-8").split()
    assert {"submitted", "autograded", "results", "gradebook.db", ".git"} <= set(ignored)
