"""The warm server forks from one thread, keeps nothing of a student's, and ends when the grader does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograde.checks.probe import request_for
from autograde.errors import ServerError
from autograde.sandbox.answers import Value
from autograde.sandbox.channel import Channel
from autograde.sandbox.confine import Limits
from autograde.sandbox.session import Session
from autograde.sandbox.warm import Branch, Forked, ForkServer, WarmServer, font_cache

Open = Callable[..., Session]
LIMITS = Limits(2**30)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


def value(session: Session, probe: Callable[..., Any], **inputs: Any) -> Any:
    """Return what a probe finds."""
    answer = session.probe(request_for(probe, inputs), inputs)
    assert isinstance(answer, Value), answer
    return answer.value


def numbers(session: Session) -> tuple[int, int]:
    """Return the numbers of a session's process and of the server that forked it."""

    def probe():
        import os

        return os.getpid(), os.getppid()

    found = value(session, probe)
    return found[0], found[1]


def children(pid: int) -> list[int]:
    """Return the numbers of a process's children, dead but unreaped ones included."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = path.read_text().rpartition(")")[2].split()[1]
        except OSError:  # it ended just now
            continue
        if int(parent) == pid:
            found.append(int(path.parent.name))
    return found


def running(pid: int) -> bool:
    """Whether a process is there and not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def threads(pid: int) -> int:
    """Return how many threads a process has."""
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())


def ends(*pids: int) -> bool:
    """Whether processes end within a time that is long for that."""
    deadline = time.monotonic() + 20
    while any(map(running, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(running, pids))


@pytest.fixture
def branch(warm_server: WarmServer, tmp_path: Path) -> Iterator[Branch]:
    """A server of this test alone: a branch of the warm one serves as that one does."""
    found = warm_server.branch([], tmp_path, 0, LIMITS)
    yield found
    found.close()


# One thread


def test_the_server_has_one_thread_whenever_it_forks(open_session: Open) -> None:
    for _ in range(3):
        session = open_session()
        _, server = numbers(session)
        assert threads(server) == 1
        assert session.run_cell(
            "import torch\ntorch.set_num_threads(2)\nx = torch.rand(600, 600) @ torch.rand(600, 600)\n"
            "torch.nn.Conv2d(3, 8, 3)(torch.rand(8, 3, 64, 64)).sum().backward()"
        ).fine
    assert threads(server) == 1


BARE = """
import os, socket, sys, threading
from autograde.sandbox import server
{before}
server.Server(socket.socket(fileno=int(sys.argv[1])), None, "confined", practice=False).serve()
"""


@pytest.fixture
def bare_server() -> Iterator[Callable[[str], ForkServer]]:
    """`bare_server(code)`: a server that has loaded nothing and run `code`; it can refuse to fork."""
    started: list[tuple[subprocess.Popen[bytes], socket.socket]] = []

    def start(before: str) -> ForkServer:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", BARE.format(before=before), str(theirs.fileno())]
            started.append((subprocess.Popen(command, pass_fds=[theirs.fileno()]), ours))
        return ForkServer(ours)

    yield start
    for process, ours in started:
        ours.close()
        process.wait(20)


def test_a_server_with_a_second_thread_refuses_to_fork(
    bare_server: Callable[[str], ForkServer], tmp_path: Path
) -> None:
    server = bare_server("threading.Thread(target=threading.Event().wait, daemon=True).start()")
    with pytest.raises(ServerError, match="has 2 threads instead of one"):
        server.fork(tmp_path, Limits(2**30), 0)


def test_a_fork_that_fails_is_a_fault_of_the_server(
    bare_server: Callable[[str], ForkServer], tmp_path: Path
) -> None:
    server = bare_server(
        "def fork(): raise BlockingIOError(11, 'Resource temporarily unavailable')\nos.fork = fork"
    )
    for _ in range(2):  # and it goes on
        with pytest.raises(ServerError, match=r"cannot start another process: .*temporarily unavailable"):
            server.fork(tmp_path, Limits(2**30), 0)


def test_a_process_that_cannot_be_confined_is_a_fault_of_the_server(branch: Branch, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="could not be confined: FileNotFoundError"):
        branch.fork(tmp_path / "nowhere", Limits(2**30), 0)
    forked = branch.fork(tmp_path, Limits(2**30), 0)
    server = int(Path(f"/proc/{forked.pid}/stat").read_text().rpartition(")")[2].split()[1])
    assert children(server) == [forked.pid]
    branch.end(forked)


# Nothing is left over


@pytest.mark.parametrize(
    "end",
    [
        "1",
        "while True: pass",
        "import os\nos._exit(3)",
        "import ctypes\nctypes.string_at(0)",
        "import os\nos.kill(os.getpid(), 19)",
    ],
)
def test_an_ended_process_leaves_neither_zombie_nor_folder(
    end: str, branch: Branch, open_session: Open
) -> None:
    def probe():
        import os

        return os.getcwd()  # noqa: PTH109

    with open_session(branch, cell_seconds=1) as session:
        pid, server = numbers(session)
        folder = Path(value(session, probe))
        assert folder.is_dir()
        assert children(server) == [pid]
        session.run_cell(end)
    assert children(server) == []
    assert not running(pid)
    assert not folder.exists()


def test_a_server_ends_only_processes_of_its_own(warm_server: WarmServer, open_session: Open) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    ours, theirs = socket.socketpair()
    with theirs, pytest.raises(ServerError, match=f"no process {bystander.pid} of this server"):
        warm_server.end(Forked(bystander.pid, Channel(ours)))
    assert bystander.poll() is None
    bystander.communicate(b"\n")
    assert open_session().run_cell("1").fine


def test_a_process_is_ended_once(warm_server: WarmServer, tmp_path: Path) -> None:
    forked = warm_server.fork(tmp_path, Limits(2**30), 0)
    warm_server.end(forked)
    with pytest.raises(ServerError, match="no process"):
        warm_server.end(forked)


def test_how_a_process_ended_by_itself_is_told(warm_server: WarmServer, tmp_path: Path) -> None:
    forked = warm_server.fork(tmp_path, Limits(2**30), 0)
    assert warm_server.end(forked, grace=20) == 0
    assert warm_server.end(warm_server.fork(tmp_path, Limits(2**30), 0)) in (None, 0)


# The grader goes away


def test_a_server_ends_with_all_its_processes_when_the_grader_closes_its_line(
    warm_server: WarmServer, open_session: Open, tmp_path: Path
) -> None:
    branch = warm_server.branch([], tmp_path, 0, LIMITS)
    sessions = [open_session(branch), open_session(branch)]
    pids = {pid for session in sessions for pid in numbers(session)}
    assert len(pids) == 3
    branch._control.close()
    assert ends(*pids)
    for session in sessions:
        with pytest.raises(ServerError):
            session.run_cell("1")
    branch.close()


def test_a_closed_branch_leaves_no_zombie(
    warm_server: WarmServer, open_session: Open, tmp_path: Path
) -> None:
    branch = warm_server.branch([], tmp_path, 0, LIMITS)
    with open_session(branch) as session:
        _, server = numbers(session)
    parent = int(Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[1])
    assert server in children(parent)
    branch.close()
    assert server not in children(parent)


def test_a_server_that_is_killed_takes_its_processes_along_and_is_nobody_s_fault_but_the_kit_s(
    branch: Branch, open_session: Open
) -> None:
    session = open_session(branch)
    pid, server = numbers(session)
    os.kill(server, signal.SIGKILL)
    assert ends(pid, server)
    with pytest.raises(ServerError):
        session.run_cell("1")


GRADER = """
import json, time
from autograde.sandbox.confine import Limits
from autograde.sandbox.session import Bounds, Session
from autograde.sandbox.warm import WarmServer
with WarmServer() as server, Session(server, Bounds(60, 60, 300, Limits(2**30)), 0) as session:
    run = session.run_cell("import os\\nprint(os.getpid(), os.getppid(), sep='\\\\n')")
    print(json.dumps([run.outputs[0]["text"], server._process.pid]), flush=True)
    time.sleep(600)
"""


def test_a_killed_grader_leaves_no_process_and_its_environment_reaches_none(tmp_path: Path) -> None:
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER],
        stdout=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(tmp_path), "GRADER_TOKEN": "canary"},
    )
    assert grader.stdout is not None
    try:
        text, started = json.loads(grader.stdout.readline())
        pid, server = map(int, text.split())
        names = {each: environment(each).keys() for each in (pid, server)}
        assert environment(grader.pid)["GRADER_TOKEN"] == "canary"
    finally:
        grader.kill()
        grader.communicate()
    assert ends(pid, server)
    assert server == started
    allowed = {
        *("CUDA_VISIBLE_DEVICES", "HOME", "LANG", "MKL_NUM_THREADS", "MPLCONFIGDIR", "OMP_NUM_THREADS"),
        *("OPENBLAS_NUM_THREADS", "PATH", "PYTHONHASHSEED", "PYTHONWARNINGS"),
    }
    assert names == {pid: allowed, server: allowed}


def environment(pid: int) -> dict[str, str]:
    """Return the environment that a process was started with."""
    entries = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(entry.split("=", 1) for entry in entries if entry)


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho first >&2\necho 'no module named torch' >&2\nexit 7\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with (
        WarmServer() as server,
        pytest.raises(ServerError, match=r"code 7 \(no module named torch\); see `autograde"),
    ):
        server.wait()


# One student and the next


def test_two_sessions_at_once_do_not_see_each_other(open_session: Open, tmp_path: Path) -> None:
    (tmp_path / "given.txt").write_text("given")
    one, two = open_session(files=tmp_path), open_session(files=tmp_path)
    one.run_cell(
        "import os\nx = 'one'\nopen('note.txt', 'w').write(x)\nopen('given.txt', 'w').write('spoilt')"
    )
    run = two.run_cell("import os\nprint('x' in globals(), sorted(os.listdir()), open('given.txt').read())")
    assert run.outputs[0]["text"] == "False ['given.txt'] given\n"
    assert (
        one.run_cell("print(x, sorted(os.listdir()))").outputs[0]["text"] == "one ['given.txt', 'note.txt']\n"
    )
    assert numbers(one)[0] != numbers(two)[0]
    assert numbers(one)[1] == numbers(two)[1]


def test_what_one_student_did_is_not_there_for_the_next(open_session: Open) -> None:
    plant = """
import builtins, gc, os, sys, torch, numpy, random, matplotlib.pyplot as plt
canary = "left" + "-by-the-first"
builtins.canary = torch.canary = numpy.canary = sys.canary = sys.modules["canary"] = canary
torch.Tensor.item = lambda self: canary
os.environ["CANARY"] = canary
plt.rcParams["figure.dpi"] = 7
get_ipython().user_ns_hidden["canary"] = canary
get_ipython().input_transformers_post.append(lambda lines: ["x = 1"])
open("canary.txt", "w").write(canary)
for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith("autograde"): module.canary = canary
"""
    look = """
import builtins, gc, os, sys, torch, numpy, matplotlib.pyplot as plt
print([
    ["canary" in names for names in (globals(), sys.modules, get_ipython().user_ns_hidden)],
    [module.__name__ for module in list(sys.modules.values()) if "canary" in getattr(module, "__dict__", {})],
    torch.tensor(5).item(), "CANARY" in os.environ, plt.rcParams["figure.dpi"] == 7, os.listdir(),
    any("-by-" + "the-first" in found for found in gc.get_objects() if type(found) is str),
])
"""
    first = open_session()
    assert first.run_cell(plant).fine
    assert first.run_cell("y = 2").fine
    clean = "[[False, False, False], [], 5, False, False, [], False]\n"
    assert open_session().run_cell(look).outputs[0]["text"] == clean  # while the first still runs
    first.__exit__(None, None, None)
    assert open_session().run_cell(look).outputs[0]["text"] == clean


def test_a_process_begins_as_the_server_was_after_warming_up(open_session: Open) -> None:
    run = open_session().run_cell("[name for name in globals() if not name.startswith('_')], In")
    assert run.count == 1
    names, inputs = eval(run.outputs[0]["data"]["text/plain"])
    assert set(names) <= {"In", "Out", "get_ipython", "exit", "quit", "open", "display"}
    assert len(inputs) == 2


# Branches


def test_processes_of_a_branch_go_on_after_its_cells_and_do_not_share_what_they_do(
    warm_server: WarmServer, open_session: Open, tmp_path: Path
) -> None:
    cells = [
        "import torch, asyncio\nx = [1]",
        "await asyncio.sleep(0)\nprint('not shown')\nlayer = torch.nn.Linear(2, 2)",
    ]
    branch = warm_server.branch(cells, tmp_path, 0, LIMITS)
    for _ in range(2):
        with open_session(branch) as session:
            run = session.run_cell("await asyncio.sleep(0)\nx.append(2)\nlayer.weight.data.zero_()\nprint(x)")
            assert (run.loss, run.count) == ("", 3)
            assert run.outputs[0]["text"] == "[1, 2]\n"
            assert session.run_cell("import os\nos._exit(1)").loss
            assert session.run_cell("print(x)").outputs[0]["text"] == "[1, 2]\n"
    assert not open_session().run_cell("x").fine
    branch.close()


def test_processes_of_a_branch_draw_as_if_they_had_run_its_cells_themselves(
    warm_server: WarmServer, open_session: Open, tmp_path: Path
) -> None:
    cells = ["import random, torch", "first = torch.rand(3), random.random()"]
    draw = "print(torch.rand(3), random.random())"
    branch = warm_server.branch(cells, tmp_path, 5, LIMITS)
    with open_session(branch, seed=5) as session:
        drawn = session.run_cell(draw).outputs
    branch.close()
    plain = open_session(seed=5)
    assert [plain.run_cell(cell).fine for cell in cells] == [True, True]
    assert plain.run_cell(draw).outputs == drawn


def test_a_branch_tells_how_its_cells_ran_and_goes_on_after_one_that_fails(
    warm_server: WarmServer, open_session: Open, tmp_path: Path
) -> None:
    cells = ["x = 1\nprint(x)", "y = 1 / 0", "x + 1"]
    branch = warm_server.branch(cells, tmp_path, 0, LIMITS)
    with open_session() as plain:
        expected = [plain.run_cell(cell) for cell in cells]
    assert [replace(run, seconds=0.0) for run in branch.runs] == [
        replace(run, seconds=0.0) for run in expected
    ]
    assert branch.problem == "division by zero"
    branch.close()


@pytest.mark.parametrize(
    ("cell", "obstacle"),
    [
        ("import threading, time\nthreading.Thread(target=time.sleep, args=(9,)).start()", "a thread"),
        ("import os\nhere = os.path.abspath('data')", "path of its working folder"),
        ("import subprocess\nsubprocess.run(['true'])", "refused to a student's process"),
        ("import socket\nsocket.socket().connect_ex(('127.0.0.1', 9))", "refused to a student's process"),
        ("here = 'data'", ""),
    ],
)
def test_a_branch_tells_what_would_make_its_processes_differ_from_others(
    cell: str, obstacle: str, warm_server: WarmServer, tmp_path: Path
) -> None:
    branch = warm_server.branch([cell], tmp_path, 0, LIMITS)
    branch.close()
    assert obstacle in branch.obstacle if obstacle else not branch.obstacle


def test_a_branch_of_a_branch_goes_on_where_that_one_is(
    warm_server: WarmServer, open_session: Open, tmp_path: Path
) -> None:
    first = warm_server.branch(["import random\nx = [random.random()]"], tmp_path, 3, LIMITS)
    second = first.branch(["x.append(random.random())"], tmp_path, 3, LIMITS)
    with open_session(second, seed=3) as session:
        found = session.run_cell("x.append(random.random())\nx").outputs
    second.close()
    first.close()
    plain = open_session(seed=3)
    plain.run_cell("import random\nx = [random.random(), random.random()]")
    again = plain.run_cell("x.append(random.random())\nx").outputs
    assert found[0]["data"] == again[0]["data"]


# What the grader keeps


def test_the_versions_that_student_code_meets_are_known(warm_server: WarmServer, open_session: Open) -> None:
    warm_server.wait()
    run = open_session().run_cell("import torch, numpy\nprint(torch.__version__, numpy.__version__)")
    torch, numpy = run.outputs[0]["text"].split()
    assert torch.startswith(warm_server.versions["torch"])
    assert numpy == warm_server.versions["numpy"]
    assert set(warm_server.versions) == {"torch", "torchvision", "numpy", "matplotlib", "ipython"}
    assert warm_server.isolation


def test_the_font_cache_is_kept_for_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert font_cache() == str(tmp_path / "autograde" / "matplotlib")
    assert Path(font_cache()).is_dir()
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert font_cache() == ""
