"""The project's files agree with each other, and hold nothing of one machine."""

import ast
import dataclasses
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer.core
import typer.main

import autograde
from autograde import cli
from autograde.course import Settings

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "autograde").rglob("*.py"))
MARKERS = re.compile(rb"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
PACKAGE_INDEX = re.compile(
    rb"pypi\.org/simple|pythonhosted\.org|pytorch\.org/whl|(index|find)[-_](url|links)|UV_(DEFAULT_)?INDEX="
)
HOME_FOLDER = re.compile(rb"/(home|Users)/\w+/")


def project_files() -> list[Path]:
    """Return the files that are committed or about to be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not in a git checkout")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="module", name="files")
def fixture_files() -> dict[str, bytes]:
    """Every file of the project, by its name."""
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in project_files()}


def test_the_readme_s_first_screen_shows_how_to_begin() -> None:
    first_screen = (ROOT / "README.md").read_text("utf-8").splitlines()[:40]
    assert {"make demo", "make test"} <= {line.partition("#")[0].strip() for line in first_screen}


def test_the_readme_lists_the_commands_that_there_are() -> None:
    listed = re.findall(r"^\| `autograde (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    commands = typer.main.get_command(cli.app)
    assert isinstance(commands, typer.core.TyperGroup)
    assert sorted(listed) == sorted(commands.commands)


def test_the_readme_lists_the_settings_that_there_are() -> None:
    block = re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert block is not None
    written = tomllib.loads(block[1])["tool"]["autograde"]
    settings = Settings.from_table(written, ROOT / "README.md")  # what it says of one notebook holds too
    assert dataclasses.replace(settings, notebooks={}) == Settings()
    assert written.keys() == {one.name for one in dataclasses.fields(Settings)}


def test_no_file_names_a_package_index(files: dict[str, bytes]) -> None:
    assert not [name for name, content in files.items() if PACKAGE_INDEX.search(content)]


def test_no_file_holds_a_path_of_this_machine(files: dict[str, bytes]) -> None:
    here = re.compile(rb"(?<![\w.-])" + re.escape(str(ROOT)).encode() + rb"(?![\w-])")
    assert not [
        name for name, content in files.items() if here.search(content) or HOME_FOLDER.search(content)
    ]


def test_no_solution_is_released(files: dict[str, bytes]) -> None:
    released = {name: content for name, content in files.items() if name.startswith("release/")}
    assert any(name.endswith(".ipynb") for name in released)
    assert not [name for name, content in released.items() if MARKERS.search(content)]


def test_the_source_folder_holds_only_what_nbgrader_may_release(files: dict[str, bytes]) -> None:
    """Nbgrader copies every file next to the notebooks into the release."""
    built = [Path(name) for name in files if name.startswith("source/")]
    assert any(path.suffix == ".ipynb" for path in built)
    assert not [path for path in built if path.suffix != ".ipynb" and "data" not in path.parts[2:3]]


def test_the_version_is_the_same_everywhere() -> None:
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert newest is not None
    assert newest[1] == declared == autograde.__version__


def test_make_installs_the_extras_that_its_targets_need() -> None:
    for target, extras in (("demo", "test"), ("test", "test"), ("bench", "test,bench")):
        dry = ["make", "--dry-run", "--always-make", target]
        run = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=True)
        assert f"--editable '.[{extras}]'" in run.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_and_fits_in_a_head(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), "it has no docstring"
    assert len(text.splitlines()) <= 300
