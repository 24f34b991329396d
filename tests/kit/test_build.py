"""Notebooks are built from their texts, the same bytes each time; nothing gets lost or out on the way."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator  # type: ignore[import-untyped]

from autograde.build import build, check_built
from autograde.build.source import announcement
from autograde.course import Course
from autograde.errors import CourseError
from autograde.model import CheckInfo, Visibility
from autograde.notebook import grade_id, parse_text, read_notebook

TEXT = "solutions/toy/1_numbers.py"
SOURCE = "source/toy/1_numbers.ipynb"
RELEASE = "release/toy/1_numbers.ipynb"
SaveInJupyter = Callable[..., None]
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def rewrite(course: Course, name: str, old: str, new: str) -> None:
    """Replace a part of one of the course's files, which must be there."""
    path = course.root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def header(name: str, **fields: object) -> str:
    """Return the header of a cell as the toy text has it; `fields` differ from those of a plain cell."""
    meta = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
    return f"# %% nbgrader={json.dumps(dict(sorted({**meta, 'grade_id': name, **fields}.items())))}\n"


def change_solution(nb: dict[str, Any]) -> None:
    """Change the reference solution of the first exercise."""
    cell = next(cell for cell in nb["cells"] if cell["id"] == "add_numbers")
    assert "    return a + b\n" in cell["source"]
    cell["source"] = [line.replace("a + b", "sum((a, b))") for line in cell["source"]]


def change_solution_without_record(nb: dict[str, Any]) -> None:
    """Change the solution, and lose what was recorded about the build."""
    del nb["metadata"]["celltoolbar"]
    change_solution(nb)


def contents(course: Course) -> dict[str, bytes]:
    """Return all that is built."""
    built = [*course.root.glob("source/**/*"), *course.root.glob("release/**/*")]
    return {str(path.relative_to(course.root)): path.read_bytes() for path in built if path.is_file()}


def test_a_first_build_writes_source_and_release(toy_course: Course) -> None:
    report = build(toy_course, "toy")
    assert report.written == (toy_course.root / SOURCE, toy_course.root / RELEASE)
    assert not report.unchanged
    assert not report.removed
    assert check_built(toy_course, "toy") == []


def test_a_second_build_touches_nothing(built_course: Course) -> None:
    times = [(built_course.root / name).stat().st_mtime_ns for name in (SOURCE, RELEASE)]
    report = build(built_course, "toy")
    assert report.unchanged == (built_course.root / SOURCE, built_course.root / RELEASE)
    assert not report.written
    assert [(built_course.root / name).stat().st_mtime_ns for name in (SOURCE, RELEASE)] == times


def test_another_process_elsewhere_builds_the_same_bytes(built_course: Course, tmp_path: Path) -> None:
    elsewhere = Course(tmp_path / "elsewhere")
    ignored = shutil.ignore_patterns("source", "release")
    shutil.copytree(built_course.root, elsewhere.root, ignore=ignored)
    text = (
        "import pathlib; from autograde.build import build; from autograde.course import Course; "
        "build(Course(pathlib.Path.cwd()), 'toy')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-c", text]
    subprocess.run(command, cwd=elsewhere.root, env=environment, check=True, timeout=120)
    assert contents(elsewhere) == contents(built_course)


def test_the_source_notebook_is_complete_for_nbgrader(toy_course: Course) -> None:
    full = header("add_numbers", solution=True)
    short = (
        '# %% nbgrader={"cell_type": "code", "checksum": "0", "grade_id": "add_numbers", "solution": true}\n'
    )
    rewrite(toy_course, TEXT, full, short)
    full = header("test_add_numbers", grade=True, locked=True, points=3)
    rewrite(
        toy_course,
        TEXT,
        full,
        '# %% nbgrader={"grade_id": "test_add_numbers", "grade": true, "points": 3.0}\n',
    )
    build(toy_course, "toy")
    nb = read_notebook(toy_course.root / SOURCE)
    nbformat.validate(nb)
    MetadataValidator().validate_nb(nb)
    cells = {grade_id(cell): cell.metadata["nbgrader"] for cell in nb.cells if grade_id(cell)}
    common = {"schema_version": 3, "task": False}
    solution = {"grade": False, "grade_id": "add_numbers", "locked": False, "solution": True}
    assert cells["add_numbers"] == common | solution
    grade = {"grade": True, "grade_id": "test_add_numbers", "locked": True, "points": 3, "solution": False}
    assert cells["test_add_numbers"] == common | grade
    assert type(cells["test_add_numbers"]["points"]) is int  # as JupyterLab saves it
    assert not any("lines_to_next_cell" in cell.metadata for cell in nb.cells)
    assert nb.metadata.kernelspec.name == "python3"
    assert not any(cell.get("outputs") for cell in nb.cells)


def test_a_grade_cell_announces_its_hidden_checks(built_course: Course) -> None:
    for name in (SOURCE, RELEASE):
        cells = {grade_id(cell): cell.source for cell in read_notebook(built_course.root / name).cells}
        lines = cells["test_describe"].splitlines()
        assert lines[1:5] == [
            "# 5 hidden checks run on your answer when it is graded:",
            "# - Smallest, largest and mean of a sorted list are right.",
            "# - Both questions are answered right.",
            "# - and 3 more",
        ]
        assert lines[6].startswith("assert describe(")
        assert all(line.startswith("#") for line in lines[:6])


def test_a_long_sentence_is_announced_in_lines_that_validate_shows_whole() -> None:
    sentence = (
        "Kept values are divided by `1 - p`, so that dropout does not change the mean of what it keeps."
    )
    info = CheckInfo("test_a", sentence, 1.0, "", Visibility.ALWAYS, ())
    _, number, *lines, _ = announcement([info]).splitlines()
    assert number == "# 1 hidden check runs on your answer when it is graded:"
    assert " ".join(line.removeprefix("#").strip() for line in lines) == f"- {sentence}"
    assert [line[:4] for line in lines] == ["# - ", "#   "]
    assert max(map(len, lines)) <= 90 - 3 - 4  # nbgrader's width, without its dots and its indentation


def test_checks_that_are_not_always_visible_are_only_counted(built_course: Course) -> None:
    check_file = "tests/exercises/toy/add_numbers/test_add_numbers.py"
    path = built_course.root / check_file
    path.write_text(path.read_text("utf-8").replace("@check(", '@check(visibility="never", ', 2), "utf-8")
    build(built_course, "toy")
    release = (built_course.root / RELEASE).read_text("utf-8")
    assert "# 3 hidden checks run on your answer when it is graded." in release
    assert "Whole numbers" not in release


@pytest.mark.parametrize("stub", ["", "c.ClearSolutions.code_stub = {'python': '...  # your turn'}\n"])
def test_nbgrader_makes_the_same_release_from_the_same_source(stub: str, toy_course: Course) -> None:
    with (toy_course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(stub)
    data = toy_course.root / "solutions/toy/data/deep/numbers.csv"
    data.parent.mkdir(parents=True)
    data.write_bytes(b"\x00\xff1,2\r\n")
    hidden = "### BEGIN HIDDEN TESTS\nassert add_numbers(1, 1) == 2\n### END HIDDEN TESTS\n"
    rewrite(toy_course, TEXT, "assert add_numbers(2, 3) == 5\n", "assert add_numbers(2, 3) == 5\n" + hidden)
    build(toy_course, "toy")
    ours = contents(toy_course)
    shutil.rmtree(toy_course.root / "release")
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # nbgrader calls alembic
        "HOME": str(toy_course.root),
    }
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "toy"]
    done = subprocess.run(
        command,
        cwd=toy_course.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert contents(toy_course) == ours
    assert sorted(ours) == [
        RELEASE,
        "release/toy/data/deep/numbers.csv",
        SOURCE,
        "source/toy/data/deep/numbers.csv",
    ]
    assert (b"your turn" in ours[RELEASE]) == bool(stub)


def test_the_release_gives_no_solution_away(built_course: Course) -> None:
    release = (built_course.root / RELEASE).read_text("utf-8")
    solved = (built_course.root / TEXT).read_text("utf-8")
    for secret in (
        "return a + b",
        "min(numbers)",
        '"none", \\"b',
        "one warm day",
        "1 point for naming",
        *MARKERS,
    ):
        assert secret not in release
    assert "return a + b" in solved
    assert release.count("YOUR CODE HERE") == 3
    assert release.count("YOUR ANSWER HERE") == 1


def test_what_only_a_solution_changes_leaves_the_release_as_it_is(built_course: Course) -> None:
    """Not even a hash of it gets out."""
    before = contents(built_course)
    rewrite(built_course, TEXT, "return a + b", "return sum((a, b))")
    report = build(built_course, "toy")
    assert report.written == (built_course.root / SOURCE,)
    assert contents(built_course)[RELEASE] == before[RELEASE]


ADD = header("add_numbers", solution=True)
TEST_ADD = header("test_add_numbers", grade=True, locked=True, points=3)
REGION = "    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION\n"
EXPLAIN = '"points": 2, "schema_version": 3, "solution": true'


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (REGION, "    return a + b\n", "cell 'add_numbers' has no solution region"),
        ("    ### END SOLUTION\n", "", "cell 'add_numbers' has BEGIN SOLUTION without END SOLUTION"),
        ("    ### BEGIN SOLUTION\n", "", "cell 'add_numbers' has END SOLUTION without BEGIN SOLUTION"),
        (
            "    ### BEGIN SOLUTION\n",
            "    ### BEGIN SOLUTION\n" * 2,
            "cell 'add_numbers' has a second BEGIN SOLUTION before END SOLUTION",
        ),
        (ADD, "# %%\n", r"cell 5 \('def add_numbers\(a, b\):'\) has a solution region, but is a free cell"),
        (
            "    return a + b\n",
            "    return a + b\n    ### BEGIN HIDDEN TESTS\n    ### END HIDDEN TESTS\n",
            "cell 'add_numbers' has hidden tests, but is a solution cell",
        ),
        (
            "assert add_numbers(2, 3) == 5\n",
            "### BEGIN MARK SCHEME\n# 1\n### END MARK SCHEME\n",
            "cell 'test_add_numbers' has a mark scheme",
        ),
        (
            TEST_ADD,
            "# %%\n",
            "cell 'add_numbers' is a solution cell without a grade cell 'test_add_numbers' below it",
        ),
        (
            TEST_ADD,
            header("checks", grade=True, locked=True, points=3),
            "cell 'checks' is a grade cell without a name test_<exercise>",
        ),
        (
            ADD,
            header("add", solution=True),
            "cell 'test_add_numbers' is a grade cell without a solution cell 'add_numbers' above it",
        ),
        ('"points": 3, ', "", "cell 'test_add_numbers' is graded but has no points"),
        ('"points": 3, ', '"points": 0, ', "cell 'test_add_numbers' is graded but has no points"),
        (
            EXPLAIN,
            EXPLAIN.replace('"points": 2, ', ""),
            "cell 'explain_describe' is graded but has no points",
        ),
        (
            '"grade_id": "add_numbers", ',
            "",
            r"cell 5 \('def add_numbers\(a, b\):'\) is a solution cell without a",
        ),
        (ADD, header("describe", solution=True), "cell 'describe' is there 2 times"),
        (ADD, header("imports", solution=True), "cell 'imports' is there 2 times"),
        (
            ADD,
            ADD.replace('"schema_version": 3', '"schema_version": 2'),
            "nbgrader refuses it: Outdated schema",
        ),
        (ADD, ADD.replace('"task": false', '"task": 5'), "nbgrader refuses it: 5 is not of type 'boolean'"),
        (TEST_ADD, TEST_ADD + "%%time\n", "cell 'test_add_numbers' begins with a cell magic"),
        (
            "# ## Exercise 2\n",
            '# ## Exercise 2\n#     ### an example\n#     answers_describe = {"a": "none", "b": "mean"}\n',
            "students would see a solution: of the release notebook, cell 7 shows the solution of 'answers_d",
        ),
        ("# %%\n", "# %% nbgrader={\n", "line 22: the cell's header is malformed"),
    ],
)
def test_a_text_that_cannot_be_released_or_graded_is_refused(
    old: str, new: str, complaint: str, toy_course: Course
) -> None:
    rewrite(toy_course, TEXT, old, new)
    with pytest.raises(CourseError, match=rf"1_numbers\.py: {complaint}") as caught:
        build(toy_course, "toy")
    assert "\n" not in str(caught.value)
    assert contents(toy_course) == {}


def test_a_grade_cell_above_its_solution_cell_is_refused(toy_course: Course) -> None:
    text = toy_course.root / TEXT
    cells = text.read_text("utf-8").split(TEST_ADD)
    text.write_text(cells[0].replace(ADD, TEST_ADD + "1\n\n" + ADD) + "# %%\n" + cells[1], "utf-8")
    with pytest.raises(CourseError, match="'test_add_numbers' is a grade cell without a solution cell"):
        build(toy_course, "toy")


@pytest.mark.parametrize("first_tested", ["add_numbers", "describe"])
def test_two_exercises_may_be_solved_first_and_tested_later(first_tested: str, toy_course: Course) -> None:
    test_describe = header("test_describe", grade=True, locked=True, points=5)
    tests = {"add_numbers": TEST_ADD + "1\n\n", "describe": test_describe + "2\n\n"}
    rewrite(toy_course, TEXT, TEST_ADD, "# %%\n")
    last = tests.pop(first_tested) + tests.popitem()[1] + "# %%\n"
    rewrite(toy_course, TEXT, test_describe, last)
    build(toy_course, "toy")


def test_a_short_solution_may_occur_elsewhere_by_chance(toy_course: Course) -> None:
    rewrite(toy_course, TEXT, "temperatures = ", "def plus(a, b):\n    return a + b\n\n\ntemperatures = ")
    build(toy_course, "toy")


def test_an_exercise_without_checks_is_refused(toy_course: Course) -> None:
    shutil.rmtree(toy_course.checks("toy") / "add_numbers")
    with pytest.raises(
        CourseError, match=r"exercise 'add_numbers' has no checks; write .*test_add_numbers\.py"
    ):
        build(toy_course, "toy")


def test_a_mistake_in_a_check_file_is_named_with_its_line(toy_course: Course) -> None:
    rewrite(
        toy_course,
        "tests/exercises/toy/add_numbers/test_add_numbers.py",
        '    """Fractions are kept."""\n',
        "",
    )
    with pytest.raises(CourseError, match=r"test_add_numbers\.py:17: test_fractions has no docstring"):
        build(toy_course, "toy")


def test_exercise_names_must_be_their_own_within_an_assignment(toy_course: Course) -> None:
    shutil.copy(toy_course.root / TEXT, toy_course.text("toy", "2_again"))
    with pytest.raises(CourseError, match=r"2_again\.py: exercise 'add_numbers' is also in 1_numbers\.py"):
        build(toy_course, "toy")


def test_exercise_names_must_be_their_own_within_a_course(toy_course: Course) -> None:
    shutil.copytree(toy_course.root / "solutions/toy", toy_course.root / "solutions/again")
    shutil.copytree(toy_course.checks("toy"), toy_course.checks("again"))
    with pytest.raises(
        CourseError, match=r"1_numbers\.py: exercise 'add_numbers' is also in 'again'; rename one"
    ):
        build(toy_course, "toy")


def test_a_broken_nbgrader_configuration_is_named(toy_course: Course) -> None:
    (toy_course.root / "nbgrader_config.py").write_text("c = nothing\n", "utf-8")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: NameError"):
        build(toy_course, "toy")


def test_a_mistake_in_one_notebook_keeps_all_from_being_written(built_course: Course) -> None:
    rewrite(built_course, TEXT, "return a + b", "return b + a")
    built_course.text("toy", "2_more").write_text("# %% nbgrader={\n1\n", "utf-8")
    before = contents(built_course)
    with pytest.raises(CourseError, match=r"2_more\.py: line 1"):
        build(built_course, "toy")
    assert contents(built_course) == before


def test_a_folder_that_cannot_be_written_keeps_all_from_being_written(built_course: Course) -> None:
    before = contents(built_course)
    shutil.rmtree(built_course.root / "release")
    (built_course.root / "release").write_text("in the way", "utf-8")
    rewrite(built_course, TEXT, "return a + b", "return b + a")
    with pytest.raises(CourseError, match=r"release.*cannot be written"):
        build(built_course, "toy")
    assert contents(built_course) == {SOURCE: before[SOURCE]}


def test_checking_writes_nothing(toy_course: Course) -> None:
    assert check_built(toy_course, "toy") == [
        f"{SOURCE}: missing; run `autograde build`",
        f"{RELEASE}: missing; run `autograde build`",
    ]
    assert contents(toy_course) == {}


def test_checking_names_what_a_changed_text_makes_stale(built_course: Course) -> None:
    rewrite(built_course, TEXT, "adds two numbers", "adds 2 numbers")
    assert check_built(built_course, "toy") == [
        f"{SOURCE}: not what is built from solutions/ now; run `autograde build`",
        f"{RELEASE}: not what is built from solutions/ now; run `autograde build`",
    ]


def test_checking_names_what_a_changed_check_makes_stale(built_course: Course) -> None:
    check_file = "tests/exercises/toy/add_numbers/test_add_numbers.py"
    rewrite(built_course, check_file, "Fractions are kept.", "Fractions stay.")
    assert len(check_built(built_course, "toy")) == 2
    build(built_course, "toy")
    assert "# - Fractions stay." in (built_course.root / RELEASE).read_text("utf-8")


def test_checking_names_a_changed_release(built_course: Course) -> None:
    rewrite(built_course, RELEASE, "Two small exercises", "Three small exercises")
    assert check_built(built_course, "toy") == [
        f"{RELEASE}: not what is built from solutions/ now; run `autograde build`"
    ]


def test_checking_names_an_edit_made_in_jupyter(built_course: Course, save_in_jupyter: SaveInJupyter) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    assert check_built(built_course, "toy") == [
        f"{SOURCE}: edited since it was built; run `autograde adopt {SOURCE}`"
    ]


def test_an_edit_made_in_jupyter_is_not_overwritten(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    before = contents(built_course)
    with pytest.raises(CourseError, match=rf"`autograde adopt {SOURCE}`.*`autograde build --force`"):
        build(built_course, "toy")
    assert contents(built_course) == before


def test_an_edit_made_in_jupyter_can_be_thrown_away(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    before = contents(built_course)
    save_in_jupyter(built_course.root / SOURCE, change_solution)
    build(built_course, "toy", force=True)
    assert contents(built_course) == before


@pytest.mark.parametrize(
    "edit",
    [
        lambda nb: nb["cells"][4]["metadata"]["nbgrader"].update(points=4),
        lambda nb: nb["cells"].pop(),
        lambda nb: nb["cells"].insert(
            1, {"cell_type": "markdown", "id": "new", "metadata": {}, "source": ["Hi"]}
        ),
        lambda nb: nb["cells"].reverse(),
        lambda nb: nb["cells"][0].update(cell_type="raw"),
        lambda nb: nb["cells"][0]["metadata"].update(tags=["hard"]),
        lambda nb: nb["cells"][0].update(attachments={"a.png": {"image/png": "aa"}}),
        change_solution_without_record,
    ],
    ids=["points", "deleted", "inserted", "order", "type", "tags", "attachment", "no record"],
)
def test_any_edit_of_a_cell_is_recognised(
    edit: Callable[[dict[str, Any]], object], built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    save_in_jupyter(built_course.root / SOURCE, edit)
    with pytest.raises(CourseError, match="edited since it was built"):
        build(built_course, "toy")


def test_running_a_source_notebook_is_no_edit(built_course: Course, save_in_jupyter: SaveInJupyter) -> None:
    before = contents(built_course)
    save_in_jupyter(built_course.root / SOURCE)
    assert check_built(built_course, "toy") == [
        f"{SOURCE}: not what is built from solutions/ now; run `autograde build`"
    ]
    build(built_course, "toy")
    assert contents(built_course) == before


def test_a_broken_source_notebook_is_not_overwritten_unasked(built_course: Course) -> None:
    path = built_course.root / SOURCE
    path.write_text("<<<<<<< mine\n", "utf-8")
    with pytest.raises(CourseError, match=r"1_numbers\.ipynb: not a notebook"):
        build(built_course, "toy")
    build(built_course, "toy", force=True)
    assert check_built(built_course, "toy") == []


def test_the_notebooks_of_a_renamed_text_are_renamed_too(built_course: Course) -> None:
    text = built_course.root / TEXT
    text.rename(text.with_name("1_sums.py"))
    left = [f"{name}: left from an earlier build; run `autograde build`" for name in (SOURCE, RELEASE)]
    assert check_built(built_course, "toy")[2:] == left
    report = build(built_course, "toy")
    assert report.removed == (built_course.root / SOURCE, built_course.root / RELEASE)
    assert sorted(contents(built_course)) == ["release/toy/1_sums.ipynb", "source/toy/1_sums.ipynb"]


def test_a_notebook_made_in_jupyter_is_not_deleted(
    built_course: Course, save_in_jupyter: SaveInJupyter
) -> None:
    new = built_course.root / "source/toy/2_new.ipynb"
    shutil.copy(built_course.root / SOURCE, new)
    save_in_jupyter(new, lambda nb: nb["metadata"].pop("celltoolbar"))
    (line,) = check_built(built_course, "toy")
    assert (
        "source/toy/2_new.ipynb: has no text; make one with `autograde adopt source/toy/2_new.ipynb`" in line
    )
    with pytest.raises(CourseError, match=r"2_new\.ipynb: has no text"):
        build(built_course, "toy")
    assert build(built_course, "toy", force=True).removed == (new,)


def test_a_file_that_nbgrader_would_hand_to_students_is_refused(built_course: Course) -> None:
    stray = built_course.root / "source/toy/solutions.txt"
    stray.write_text("return a + b", "utf-8")
    (line,) = check_built(built_course, "toy")
    assert line.startswith(
        "source/toy/solutions.txt: nbgrader would hand it to students; move it to solutions/toy/data/"
    )
    with pytest.raises(CourseError, match="nbgrader would hand it to students"):
        build(built_course, "toy")
    assert build(built_course, "toy", force=True).removed == (stray,)


def test_what_jupyter_and_python_leave_behind_is_nobody_s_file(built_course: Course) -> None:
    for name in ("source/toy/.ipynb_checkpoints/1_numbers-checkpoint.ipynb", "source/toy/__pycache__/a.pyc"):
        path = built_course.root / name
        path.parent.mkdir()
        path.write_bytes(b"")
    assert check_built(built_course, "toy") == []


def test_data_that_is_no_longer_there_is_taken_back(toy_course: Course) -> None:
    data = toy_course.root / "solutions/toy/data/numbers.csv"
    data.parent.mkdir()
    data.write_text("1,2\n", "utf-8")
    report = build(toy_course, "toy")
    assert toy_course.root / "release/toy/data/numbers.csv" in report.written
    data.unlink()
    assert len(build(toy_course, "toy").removed) == 2
    assert sorted(contents(toy_course)) == [RELEASE, SOURCE]
    assert not (toy_course.root / "source/toy/data").exists()


def test_data_changed_by_hand_is_not_deleted(toy_course: Course) -> None:
    data = toy_course.root / "solutions/toy/data/numbers.csv"
    data.parent.mkdir()
    data.write_text("1,2\n", "utf-8")
    build(toy_course, "toy")
    data.unlink()
    (toy_course.root / "source/toy/data/numbers.csv").write_text("1,2,3\n", "utf-8")
    with pytest.raises(CourseError, match=r"numbers\.csv: nbgrader would hand it to students"):
        build(toy_course, "toy")


def test_a_notebook_among_the_data_is_refused(toy_course: Course) -> None:
    data = toy_course.root / "solutions/toy/data/extra.ipynb"
    data.parent.mkdir()
    data.write_text("{}", "utf-8")
    with pytest.raises(CourseError, match=r"extra\.ipynb: nbgrader hands out no notebooks as data"):
        build(toy_course, "toy")


def make_data(course: Course, text: str) -> None:
    """Let the toy course make its data with the given `make.py`."""
    maker = course.root / "solutions/toy/data/make.py"
    maker.parent.mkdir(exist_ok=True)
    maker.write_text(text, "utf-8")


def test_data_may_be_made(toy_course: Course) -> None:
    make_data(toy_course, "def files():\n    return {'deep/made.bin': bytes(range(4)), 'a.txt': b'a'}\n")
    (toy_course.root / "solutions/toy/data/lying.txt").write_bytes(b"as it lies")
    build(toy_course, "toy")
    made = {"a.txt": b"a", "deep/made.bin": b"\x00\x01\x02\x03", "lying.txt": b"as it lies"}
    built = contents(toy_course)
    assert sorted(built.keys() - {RELEASE, SOURCE}) == sorted(
        f"{folder}/toy/data/{name}" for folder in ("source", "release") for name in made
    )
    assert {name: built[f"release/toy/data/{name}"] for name in made} == made
    assert check_built(toy_course, "toy") == []


def test_data_that_would_be_made_otherwise_now_are_out_of_date(toy_course: Course) -> None:
    make_data(toy_course, "def files():\n    return {'made.txt': b'1'}\n")
    build(toy_course, "toy")
    make_data(toy_course, "def files():\n    return {'made.txt': b'2'}\n")
    assert check_built(toy_course, "toy") == [
        f"{folder}/toy/data/made.txt: not what is built from solutions/ now; run `autograde build`"
        for folder in ("source", "release")
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import no_such_package", r"make\.py: ModuleNotFoundError: No module named 'no_such_package'"),
        ("def files(", r"make\.py: SyntaxError"),
        ("def files():\n    return {}['x']", r"make\.py: KeyError: 'x'"),
        ("", r"make\.py: it must define `files\(\)`, which returns \{name: bytes\}, not NoneType"),
        ("files = 3", r"make\.py: it must define .* not int"),
        ("def files():\n    return {'a': 'text'}", r"make\.py: .*but 'a' is str"),
        ("def files():\n    return {1: b''}", r"make\.py: 1 is no name of a file in the data folder"),
        ("def files():\n    return {'../a': b''}", r"make\.py: '\.\./a' is no name"),
        ("def files():\n    return {'/a': b''}", r"make\.py: '/a' is no name"),
        ("def files():\n    return {'': b''}", r"make\.py: '' is no name"),
        ("def files():\n    return {'a.txt': b''}", r"make\.py: a\.txt is made, and lies in .*data too"),
        ("def files():\n    return {'a.ipynb': b''}", r"a\.ipynb: nbgrader hands out no notebooks as data"),
    ],
)
def test_a_maker_of_data_that_fails_is_named(text: str, complaint: str, toy_course: Course) -> None:
    make_data(toy_course, text)
    (toy_course.root / "solutions/toy/data/a.txt").write_text("a", "utf-8")
    with pytest.raises(CourseError, match=complaint):
        build(toy_course, "toy")
    assert contents(toy_course) == {}


def test_the_source_holds_the_cells_of_the_text(built_course: Course) -> None:
    text = parse_text((built_course.root / TEXT).read_text("utf-8"))
    source = read_notebook(built_course.root / SOURCE)
    assert [cell.id for cell in source.cells] == [cell.id for cell in text.cells]
    for written, built in zip(text.cells, source.cells, strict=True):
        assert built.source.endswith(written.source)
        assert (built.source == written.source) or grade_id(built).startswith("test_")
