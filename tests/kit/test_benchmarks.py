"""The benchmarks measure what they say: the same cells and probes in all ways, ratios of the same round."""

import dataclasses
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbformat import NotebookNode
from rich.console import Console

from autograde.build import build
from autograde.course import Course
from autograde.demo import fill_in
from autograde.notebook import Role, dumps, grade_id, graded_exercise, read_notebook, role
from autograde.sandbox.answers import Request, Value
from autograde.sandbox.arrays import numpy_from
from autograde.sandbox.wire import Array
from benchmarks import otter
from benchmarks.class_run import measure_class
from benchmarks.comparison import compare
from benchmarks.conversion import otter_tests, with_hidden_tests
from benchmarks.floor import replay
from benchmarks.kit import SHARED, UNSHARED
from benchmarks.literals import is_plain, literal
from benchmarks.measuring import FAST_ROUNDS, BenchmarkError, Sample, interleave, lines
from benchmarks.memory import Watch, WatchedServer, together, warm_servers
from benchmarks.recording import Cell, Probe, Recording, record, session_of
from benchmarks.report import Machine, Report, as_json, show
from benchmarks.stock import Stock
from benchmarks.targets import Target
from benchmarks.tasks import Task, hand_in, hand_in_class
from benchmarks.whole import measure_whole

TOY_COURSE = Path(__file__).parent / "toy_course"
SPECIMENS = sorted((TOY_COURSE / "tests" / "exercises").glob("*/*/*_*.py"))
RIGHT = [path for path in SPECIMENS if path.name.startswith("right_")]
WRONG = [path for path in SPECIMENS if path.name.startswith("wrong_")]


@pytest.fixture(scope="module")
def server() -> Iterator[WatchedServer]:
    with WatchedServer() as running:
        yield running


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    """The toy course's notebook, solved by the reference and by right specimens."""
    root = tmp_path_factory.mktemp("bench") / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(root)
    build(course, "toy")
    return hand_in(course, "toy", "1_numbers")


@pytest.fixture(scope="module")
def recordings(task: Task, server: WatchedServer) -> dict[str, Recording]:
    return {name: record(task, name, server) for name in task.submissions}


@pytest.fixture(scope="module")
def hidden(task: Task, recordings: dict[str, Recording]) -> NotebookNode:
    """The toy notebook with the recorded probes as its only tests."""
    source = read_notebook(task.course.source(task.assignment, task.notebook))
    for cell in source.cells:
        if graded_exercise(cell):
            cell.source = ""
    return with_hidden_tests(source, tuple(recordings.values()), seed=0)


def lost_exercises(notebook: NotebookNode) -> list[str]:
    """Run a notebook's code cells, and return the exercises whose grade cells raise."""
    names: dict[str, Any] = {}
    lost = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            try:
                exec(cell.source, names)
            except Exception:
                assert graded_exercise(cell), f"{grade_id(cell)} fails"
                lost.append(graded_exercise(cell))
    return lost


def answered(notebook: NotebookNode, specimen: Path) -> NotebookNode:
    """Return the notebook with a specimen in place of the reference; it may answer a later question too."""
    exercise, text = specimen.parent.name, specimen.read_text("utf-8")
    reference = {
        grade_id(cell): cell.source for cell in notebook.cells if role(cell) in (Role.SOLUTION, Role.WRITTEN)
    }
    choice = f"answers_{exercise}"
    taken = {choice: ""} if f"{choice} = " in text else {}
    return fill_in(notebook, reference | {exercise: text} | taken)


def test_a_recording_holds_every_cell_and_every_probe_of_a_student(
    task: Task, recordings: dict[str, Recording]
) -> None:
    submitted = read_notebook(task.path("reference")).cells
    cells = [step.source for step in recordings["reference"] if isinstance(step, Cell)]
    assert cells == [cell.source for cell in submitted if cell.cell_type == "code"]
    probes = [step.exercise for step in recordings["reference"] if isinstance(step, Probe)]
    assert probes == ["add_numbers"] * 3 + ["describe"] * 5


def test_the_second_submission_is_another_answer_that_finds_the_same(
    recordings: dict[str, Recording],
) -> None:
    reference, specimens = recordings["reference"], recordings["specimens"]
    assert [step for step in reference if isinstance(step, Cell)] != [
        step for step in specimens if isinstance(step, Cell)
    ]
    found = [[step.found for step in one if isinstance(step, Probe)] for one in (reference, specimens)]
    assert found[0] == found[1]


def test_a_submission_that_fails_a_check_is_not_recorded(task: Task, server: WatchedServer) -> None:
    wrong = next(path for path in WRONG if path.name == "wrong_subtracts.py")
    notebook = answered(read_notebook(task.path("reference")), wrong)
    other = dataclasses.replace(task, submissions=("wrong",))
    other.path("wrong").parent.mkdir(parents=True)
    other.path("wrong").write_text(dumps(notebook), "utf-8")
    with pytest.raises(BenchmarkError, match=r"of add_numbers does not pass; run `autograde verify"):
        record(other, "wrong", server)


def test_a_replay_takes_one_process_through_all_steps(
    task: Task, recordings: dict[str, Recording], server: WatchedServer
) -> None:
    steps = []
    with session_of(task, server) as session:
        replay(session, recordings["reference"], lambda: steps.append(server.student))
        assert session.own_seconds > 0
    assert len(steps) == len(recordings["reference"])
    assert len(set(steps)) == 1


def test_a_replay_that_goes_another_way_is_refused(task: Task, server: WatchedServer) -> None:
    missing = Probe("add_numbers", Request("probe", "def probe(nowhere): ...", ("nowhere",)), {}, None, None)
    with (
        session_of(task, server) as session,
        pytest.raises(BenchmarkError, match="`nowhere` is not defined"),
    ):
        replay(session, (missing,))


@pytest.mark.parametrize("specimen", RIGHT, ids=lambda path: path.stem)
def test_hidden_tests_accept_a_right_specimen(hidden: NotebookNode, specimen: Path) -> None:
    assert lost_exercises(answered(hidden, specimen)) == []


@pytest.mark.parametrize("specimen", WRONG, ids=lambda path: path.stem)
def test_hidden_tests_reject_a_wrong_specimen(hidden: NotebookNode, specimen: Path) -> None:
    assert lost_exercises(answered(hidden, specimen)) == [specimen.parent.name]


def otter_cases(notebook: NotebookNode, files: dict[str, str]) -> dict[str, list[bool]]:
    """Run a notebook's code cells, and after a grade cell otter's cases for it; return which pass."""
    names: dict[str, Any] = {}
    passed: dict[str, list[bool]] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not graded_exercise(cell):
            exec(cell.source, names)
        elif name := graded_exercise(cell):
            test = files[name].replace("from otter.test_files import test_case", STAND_IN)
            passed[name] = [runs(case, names) for case in cases_of(test)]
    return passed


STAND_IN = "def test_case(**told):\n    return lambda function: function"


def cases_of(test: str) -> list[Callable[[dict[str, Any]], None]]:
    found: dict[str, Any] = {}
    exec(test, found)
    return [value for name, value in found.items() if name.startswith("case_")]


def runs(case: Callable[[dict[str, Any]], None], names: dict[str, Any]) -> bool:
    try:
        case(names)
    except Exception:
        return False
    return True


@pytest.mark.parametrize("specimen", WRONG, ids=lambda path: path.stem)
def test_otter_s_tests_reject_a_wrong_specimen(
    hidden: NotebookNode, recordings: dict[str, Recording], specimen: Path
) -> None:
    passed = otter_cases(answered(hidden, specimen), otter_tests(tuple(recordings.values()), seed=0))
    assert [name for name, cases in passed.items() if not all(cases)] == [specimen.parent.name]


def test_otter_s_tests_have_a_case_for_each_probe_and_accept_the_reference(
    task: Task, recordings: dict[str, Recording]
) -> None:
    files = otter_tests(tuple(recordings.values()), seed=0)
    passed = otter_cases(read_notebook(task.path("reference")), files)
    assert passed == {"add_numbers": [True] * 3, "describe": [True] * 5}


def test_hidden_tests_leave_the_names_of_the_notebook_alone() -> None:
    source = "def helper():\n    return 2\n\ndef probe(double):\n    return double(helper())"
    cells = [
        notebook_cell("double", "def helper(x):\n    return 2 * x\ndef double(x):\n    return helper(x)"),
        notebook_cell("test_double", ""),
    ]
    probe = Probe("double", Request("probe", source, ("double",)), {}, 4, 4)
    converted = with_hidden_tests(NotebookNode(cells=cells), [(probe, probe)], seed=0)
    assert lost_exercises(converted) == []


def test_what_right_answers_are_free_to_choose_is_computed_but_not_compared() -> None:
    source = "def probe(seen):\n    seen.append(1)\n    return len(seen)"
    request = Request("probe", source, ("seen",))
    here, there = (Probe("list", request, {}, found, 7) for found in (7, 8))
    cells = [notebook_cell("list", "seen = []"), notebook_cell("test_list", "")]
    compared = with_hidden_tests(NotebookNode(cells=cells), [(here,)], seed=0)
    computed = with_hidden_tests(NotebookNode(cells=cells), [(here,), (there,)], seed=0)
    assert lost_exercises(compared) == ["list"]
    assert lost_exercises(computed) == []
    assert "hidden_1()(seen=seen)" in computed.cells[1].source


def notebook_cell(name: str, source: str) -> NotebookNode:
    graded = name.startswith("test_")
    meta = {"nbgrader": {"grade_id": name, "grade": graded, "solution": not graded, "locked": graded}}
    cell = {"cell_type": "code", "metadata": meta, "source": source}
    return NotebookNode({**cell, "metadata": NotebookNode(meta)})


@pytest.mark.parametrize(
    "value",
    [
        np.array([[1.5, float("nan")], [-2.0, float("inf")]], dtype=np.float32),
        np.zeros((0, 3), dtype=np.int64),
        np.float32(0.1),
        np.array([True, False]),
        numpy_from(Array("tensor", "bfloat16", (2,), b"\x80\x3f\x00\xc0")),
    ],
    ids=["float32 with NaN", "empty", "scalar", "bool", "bfloat16"],
)
def test_an_array_is_written_down_as_the_tensor_that_a_probe_gets(
    task: Task, server: WatchedServer, value: Any
) -> None:
    source = (
        "def probe(array):\n    import torch\n"
        f"    written = {literal(value)}\n"
        "    same = torch.equal(torch.nan_to_num(array), torch.nan_to_num(written))\n"
        "    return [same, array.dtype == written.dtype, array.shape == written.shape]"
    )
    with session_of(task, server) as session:
        answer = session.probe(Request("probe", source, ()), {"array": value})
    assert isinstance(answer, Value), answer
    assert answer.value == [True, True, True]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        2.5,
        1e300,
        "quote ' and \n",
        b"\0",
        (),
        (1,),
        [1, [2]],
        {1, 2},
        set(),
        {"a": (1, 2)},
    ],
    ids=repr,
)
def test_plain_data_is_written_down_as_it_is(value: object) -> None:
    assert is_plain(value)
    again = eval(literal(value), {})
    assert again == value
    assert type(again) is type(value)


def test_a_numpy_float_is_written_down_as_the_float_that_a_probe_gets() -> None:
    assert literal(np.float64(0.1)) == "0.1"
    assert eval(literal(np.complex128(2 - 1j))) == 2 - 1j


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": np.zeros(2)}], ids=repr)
def test_what_cannot_be_compared_with_equals_is_not_plain(value: object) -> None:
    assert not is_plain(value)


@dataclasses.dataclass
class Counted:
    """A contender that notes its turns."""

    way: str
    slow: bool
    turns: list[str]

    def run(self) -> Sequence[Sample]:
        self.turns.append(self.way)
        return [Sample(self.way, "reference", 1.0)]


def test_contenders_take_turns_and_a_slow_one_seldom() -> None:
    turns: list[str] = []
    rounds = interleave(
        [Counted("a", False, turns), Counted("b", False, turns), Counted("s", True, turns)], 2
    )
    assert len(rounds) == 2 * FAST_ROUNDS
    assert turns[:7] == ["a", "b", "s", "b", "a", "a", "b"]
    assert [turns.count(way) for way in "abs"] == [2 * FAST_ROUNDS, 2 * FAST_ROUNDS, 2]


def test_ratios_are_of_the_same_round_so_that_a_slow_minute_does_not_count() -> None:
    def one(factor: float, *, stock: bool) -> tuple[Sample, ...]:
        quick = (Sample("floor", "x", factor, 0.75 * factor), Sample("kit", "x", 2 * factor, 0.5 * factor))
        return (*quick, Sample("stock", "x", 50 * factor)) if stock else quick

    rounds = [one(1, stock=True), one(100, stock=False), one(10, stock=False), one(4, stock=True)]
    floor, kit, stock = lines(rounds, "floor", ["stock"])
    assert (floor.to_floor, kit.to_floor, stock.to_floor) == (1, 2, 50)
    assert [line.times for line in (floor, kit, stock)] == [{"stock": 50}, {"stock": 25}, {"stock": 1}]
    assert (floor.seconds, kit.seconds, stock.seconds) == (7, 14, 125)
    assert (floor.beyond_seconds, kit.beyond_seconds, stock.beyond_seconds) == (1.75, 10.5, None)
    assert [line.samples for line in (floor, kit, stock)] == [4, 4, 2]


def test_submissions_are_summed_up_apart() -> None:
    samples = [
        Sample(way, name, seconds) for way in ("floor", "stock") for name, seconds in (("x", 1), ("y", 3))
    ]
    found = lines([tuple(samples)], "floor", ["stock"])
    assert [(line.submission, line.way, line.seconds) for line in found] == [
        ("x", "floor", 1),
        ("x", "stock", 1),
        ("y", "floor", 3),
        ("y", "stock", 3),
    ]


def test_nbgrader_has_to_give_full_points(task: Task, hidden: NotebookNode, tmp_path: Path) -> None:
    """The one test in which nbgrader itself runs the converted notebook, with a right and a wrong answer."""
    stock = Stock(tmp_path / "stock", task, hidden)
    samples = stock.run()
    assert sorted({sample.submission for sample in samples}) == sorted(task.submissions)
    assert all(sample.seconds > 0 for sample in samples)
    assert stock.fixed_seconds > 0
    wrong = answered(read_notebook(task.path("reference")), WRONG[0])
    path = Course(tmp_path / "stock").submitted("toy", "specimens") / "1_numbers.ipynb"
    path.write_text(dumps(wrong), "utf-8")
    with pytest.raises(BenchmarkError, match="specimens has 5 of 8 points"):
        stock.run()


@pytest.mark.skipif(not otter.installed(), reason="`make bench` installs otter-grader")
def test_otter_has_to_give_full_points(task: Task, recordings: dict[str, Recording], tmp_path: Path) -> None:
    """The one test in which otter itself runs the tests, with a right and a wrong answer."""
    one = dataclasses.replace(task, submissions=("reference",))
    grader = otter.Otter(tmp_path / "otter", one, otter_tests(tuple(recordings.values()), seed=0))
    (sample,) = grader.run()
    assert sample.seconds > 0
    grader.put("reference", answered(read_notebook(task.path("reference")), WRONG[0]))
    with pytest.raises(BenchmarkError, match=r"reference has .* points of \{'add_numbers': 3"):
        grader.run()


@pytest.fixture
def only_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder for temporary files, in which nothing is left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


def shown(report: Report) -> str:
    text = io.StringIO()
    show(report, Console(file=text, width=160))
    return text.getvalue()


@pytest.mark.usefixtures("only_temporary")
def test_the_comparison_tells_of_every_way(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.comparison.installed", lambda: False)  # it has a test of its own
    report = Report(Machine.here(), notebook=compare(task.course, 1, rounds=1))
    told = json.loads(as_json(report))["notebook"]
    ways = {line["way"] for line in told["lines"]}
    assert len(told["lines"]) == 2 * len(ways) == 14
    assert {line["way"]: line["samples"] for line in told["lines"]} == {
        way: 1 if "nbgrader" in way else FAST_ROUNDS for way in ways
    }
    assert (told["cells"], told["probes"]) == (7, 8)
    assert told["memory"]["ways"].keys() == {"floor", "autograde", "nbgrader"}
    assert all(size > 2**20 for size in told["memory"]["ways"].values())
    text = shown(report)
    assert all(way in text for way in ways)


@pytest.mark.usefixtures("only_temporary")
def test_a_whole_submission_is_the_sum_of_its_notebooks(task: Task) -> None:
    whole = measure_whole(task.course)
    assert whole.costs.keys() == {UNSHARED, SHARED}
    for costs in whole.costs.values():
        assert costs.keys() == {"1_numbers"}
        assert all(0 <= cost.own < cost.seconds and cost.processor > 0 for cost in costs.values())
    assert whole.costs[UNSHARED]["1_numbers"].own > 0
    assert whole.total(SHARED) == whole.costs[SHARED]["1_numbers"]


def test_every_student_of_a_class_hands_in_something_of_their_own(task: Task, tmp_path: Path) -> None:
    crowd = hand_in_class(task.course, "toy", ["1_numbers"], tmp_path / "course", 5)
    texts = {
        (crowd.course.submitted("toy", student) / "1_numbers.ipynb").read_text("utf-8")
        for student in crowd.students
    }
    assert crowd.course.students("toy") == crowd.students
    assert len(texts) == 5


@pytest.mark.usefixtures("only_temporary")
def test_a_class_is_graded_in_every_way_that_is_told_of(task: Task) -> None:
    report = Report(Machine.here(), class_=measure_class(task.course, 1, submissions=4, rounds=1, lasting=2))
    told = json.loads(as_json(report))["class"]
    assert {workers: len(runs) for workers, runs in told["full"].items()} == {"1": 1, "2": 1}
    assert told["servers"]["1"] == 1
    assert told["servers"]["2"] in (1, 2)  # a quick worker may leave nothing for the other one
    assert told["edited"].keys() == {"add_numbers", "describe"}
    assert told["unchanged"] < told["full"]["1"][0]
    assert told["endurance"]["server"]["first"] > 2**20
    assert "speed-up by the second worker" in shown(report)


def test_the_memory_of_a_process_is_that_of_all_that_it_started() -> None:
    child = "import sys; block = b'x' * 50_000_000; print(flush=True); sys.stdin.read()"
    parent = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {child!r}]).returncode)"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", parent], **pipes) as process:  # type: ignore[call-overload]
        process.stdout.readline()
        assert together(process.pid) > 50_000_000
        with Watch(process.pid) as watch:
            while watch.peak is None:
                pass
        process.stdin.close()
    assert watch.peak > 50_000_000


def test_a_server_s_forks_are_no_servers_of_their_own(task: Task, server: WatchedServer) -> None:
    with session_of(task, server) as session:
        session.run_cell("")
        assert Path(f"/proc/{server.student}").exists()
        assert server.pid in {one.pid for one in warm_servers()}
        assert server.student not in {one.pid for one in warm_servers()}


def test_a_target_is_reached_on_its_own_side_of_the_bound() -> None:
    assert Target("at most", 2, 1.9).reached
    assert not Target("at most", 2, 2.1).reached
    assert Target("at least", 2, 2.1, least=True).reached
    assert not Target("at least", 2, 1.9, least=True).reached


def test_outside_a_course_the_command_says_so_in_one_line(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("benchmarks: ")
    assert len(run.stderr.splitlines()) == 1
