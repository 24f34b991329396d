"""Honest code works inside; what cannot work says so in words, and the run goes on."""

from collections.abc import Callable
from typing import Any

import pytest

from autograde.sandbox.answers import Failure, Request
from autograde.sandbox.session import CellRun, Session

Open = Callable[..., Session]

WORKS = {
    "a forward and backward pass and every optimizer": """
import torch
from torch import nn
names = "SGD Adam AdamW RMSprop Adagrad Adadelta Adamax NAdam RAdam ASGD LBFGS"
for name in names.split():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2))
    optimizer = getattr(torch.optim, name)(model.parameters())
    def closure():
        optimizer.zero_grad()
        loss = model(torch.randn(3, 1, 4, 4)).square().mean()
        loss.backward()
        return loss
    optimizer.step(closure)
""",
    "saving and loading": """
import torch
torch.save({"a": torch.ones(3)}, "model.pt")
assert torch.load("model.pt")["a"].sum() == 3
""",
    "copying and moving files": """
import os, pathlib, shutil
pathlib.Path("a").write_text("x"); pathlib.Path("a").touch()
shutil.copy("a", "b"); shutil.copy2("a", "c")
os.makedirs("d/e"); shutil.move("c", "d/e/c"); shutil.copytree("d", "f")
shutil.make_archive("all", "zip", "f"); shutil.unpack_archive("all.zip", "g"); os.rename("d/e/c", "h")
assert open("f/e/c").read() == open("g/e/c").read() == "x"
""",
    "plots": """
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.title("$x^2$"); plt.savefig("plot.png"); plt.savefig("plot.pdf"); plt.show()
""",
    "temporary files and folders": """
import tempfile
with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryDirectory(), tempfile.TemporaryFile() as other:
    file.write(b"x"); other.write(b"y")
""",
    "threads": """
import threading, torch
from concurrent.futures import ThreadPoolExecutor
torch.set_num_threads(2)
assert (torch.randn(300, 300) @ torch.randn(300, 300)).shape == (300, 300)
with ThreadPoolExecutor(4) as pool:
    assert sum(pool.map(abs, range(-3, 0))) == 6
thread = threading.Thread(target=lambda: None); thread.start(); thread.join()
""",
    "await": """
import asyncio
async def two():
    await asyncio.sleep(0.001)
    return 2
assert await two() == 2
assert sum(await asyncio.gather(two(), two())) == 4
assert await asyncio.to_thread(abs, -2) == 2
""",
    "late imports": """
import colorsys, csv, decimal, sqlite3, torchvision.transforms.v2, xml.dom.minidom, zoneinfo
zoneinfo.ZoneInfo("Europe/Rome")
""",
    "a database in a file": """
import sqlite3
with sqlite3.connect("a.db") as base:
    base.execute("create table t (x)"); base.execute("insert into t values (1)")
""",
    "who and where": """
import getpass, os, pathlib, platform
assert getpass.getuser() == "student" and pathlib.Path.home() == pathlib.Path.cwd()
platform.platform(), platform.processor(), os.cpu_count(), os.sched_getaffinity(0), os.getloadavg()
""",
    "magics": "%timeit -n 2 -r 1 sum(range(9))\n%matplotlib inline\n%time 1 + 1",
}


def texts(run: CellRun) -> str:
    """Return all that a cell printed and raised."""
    return "".join(output.get("text", "") + output.get("evalue", "") for output in run.outputs)


@pytest.mark.parametrize("name", WORKS)
def test_it_works(name: str, open_session: Open) -> None:
    run = open_session().run_cell(WORKS[name])
    assert run.fine, run


def test_a_data_loader_runs_without_its_workers_and_says_so(open_session: Open) -> None:
    session = open_session()
    run = session.run_cell("""
import torch
from torch.utils.data import DataLoader, TensorDataset
data = TensorDataset(torch.arange(10.0))
loader = DataLoader(data, 4, num_workers=2, persistent_workers=True, prefetch_factor=3, timeout=5)
print([len(x) for (x,) in loader], len(DataLoader(data, 5, True, None, None, 2)))
""")
    assert run.fine
    assert "[4, 4, 2] 2" in texts(run)
    assert "DataLoader runs without workers while a notebook is graded" in texts(run)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("!pip install torch", "[not run: 'pip install torch': a notebook cannot start other programs"),
        ("%pip install torch", "the packages are those of the course]"),
        ("%%bash\necho hi", "[not run: 'echo hi': a notebook cannot start other programs"),
        ("%%sh\necho hi", "[not run: 'echo hi'"),
        ("%%script python\nprint(1)", "[not run: 'python print(1)'"),
        ("files = !ls\nassert files == []", "[not run: 'ls'"),
        ("%sx ls", "[not run: 'ls'"),
    ],
)
def test_programs_of_the_system_are_not_run_and_the_cell_goes_on(
    source: str, shown: str, open_session: Open
) -> None:
    session = open_session()
    run = session.run_cell(source)
    assert run.fine, run
    assert shown in texts(run)
    assert session.run_cell("!ls\nprint('goes on')").outputs[-1]["text"] == "goes on\n"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import subprocess; subprocess.run(['ls'])", "a notebook cannot start other programs or processes"),
        ("import os; os.system('ls')", "a notebook cannot start other programs or processes"),
        ("import os; os.fork()", "a notebook cannot start other programs or processes"),
        (
            "import multiprocessing; multiprocessing.Process(target=print).start()",
            "a notebook cannot start other programs or processes",
        ),
        ("import urllib.request; urllib.request.urlopen('http://example.com')", "a notebook has no network"),
        ("import socket; socket.create_connection(('127.0.0.1', 80))", "a notebook has no network"),
        ("input('name?')", "input() does not work while a notebook is graded: give the value in the code."),
        ("import getpass; getpass.getpass()", "input() does not work while a notebook is graded"),
        ("open('/etc/passwd')", "[Errno 13] Permission denied: '/etc/passwd'"),
    ],
)
def test_what_is_refused_is_an_error_in_words_and_the_run_goes_on(
    source: str, told: str, open_session: Open
) -> None:
    session = open_session()
    run = session.run_cell(source)
    assert not run.fine
    assert not run.loss
    assert told in texts(run)
    assert session.run_cell("1").fine


def trace(run: CellRun) -> str:
    return "\n".join(next(output["traceback"] for output in run.outputs if output["output_type"] == "error"))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import torch; torch.ones(2**30)", "a notebook may use 512 MB of memory"),
        ("held = bytearray(2**30)", "a notebook may use 512 MB of memory"),
        ("open('x', 'wb').truncate(2**30)", "a notebook may not write files as large as this"),
    ],
)
def test_an_error_that_a_limit_caused_says_which_in_a_cell_and_in_a_probe(
    source: str, told: str, open_session: Open
) -> None:
    session = open_session(memory=2**29)
    run = session.run_cell(source)
    assert not run.fine
    assert told in trace(run)
    answer: Any = session.probe(Request("probe", f"def probe():\n    {source}", ()), {})
    assert isinstance(answer, Failure)
    assert (answer.kind, told in answer.text) == ("raised", True)


def test_too_much_processor_time_is_told_in_words(open_session: Open) -> None:
    run = open_session(cpu_seconds=1).run_cell("while True: pass")
    assert run.loss == "its process was killed (CPU time limit exceeded): it used up its processor time"


def test_too_many_plots_are_cut_off_in_words(open_session: Open) -> None:
    run = open_session(displays=3).run_cell(
        "from IPython.display import display\nfor n in range(9): display(n)"
    )
    assert run.fine
    assert [output["output_type"] for output in run.outputs] == ["display_data"] * 3 + ["stream"]
    assert "it is limited to 3 plots and other displays" in texts(run)
