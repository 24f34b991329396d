"""Cells run as in Jupyter: what they show, what survives an error, and what works that works there."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograde.sandbox.session import CellRun, Session

Run = Callable[..., list[CellRun]]


@pytest.fixture
def run(open_session: Callable[..., Session]) -> Run:
    """`run(*cells)`: what the cells of one notebook show, run in a fresh process."""

    def cells(*sources: str, **options: Any) -> list[CellRun]:
        session = open_session(**options)
        return [session.run_cell(source) for source in sources]

    return cells


def printed(cell: CellRun, name: str = "stdout") -> str:
    """Return what a cell wrote to a stream."""
    return "".join(
        output["text"]
        for output in cell.outputs
        if output["output_type"] == "stream" and output["name"] == name
    )


def results(cell: CellRun) -> list[str]:
    """Return the plain text of the values a cell showed."""
    return [output["data"]["text/plain"] for output in cell.outputs if "data" in output]


def error(cell: CellRun) -> tuple[str, str]:
    """Return name and text of a cell's first error."""
    found = next(output for output in cell.outputs if output["output_type"] == "error")
    return found["ename"], found["evalue"]


def pictures(cell: CellRun) -> list[bytes]:
    """Return the PNG files that a cell showed."""
    return [
        base64.b64decode(output["data"]["image/png"], validate=True)
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


def kinds(cell: CellRun) -> list[str]:
    """Return the types of a cell's outputs, in order."""
    return [output["output_type"] for output in cell.outputs]


# What a cell shows


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("1 + 1", ["2"]),
        ("x = 3", []),
        ("1\n2", ["2"]),
        ("None", []),
        ("2;", []),
        ("2;  # quiet", []),
        ("2  # not quiet;", ["2"]),
        ("if True:\n    5", []),
        ("'text'", ["'text'"]),
        ("import torch\ntorch.arange(3)", ["tensor([0, 1, 2])"]),
        ("torch = 1; (y := 5)", ["5"]),
        ("# nothing but a comment", []),
    ],
)
def test_a_cell_shows_the_value_of_its_last_expression(run: Run, source: str, shown: list[str]) -> None:
    (cell,) = run(source)
    assert cell.fine
    assert results(cell) == shown


def test_a_value_carries_the_number_of_its_cell(run: Run) -> None:
    cells = run("1", "x = 2", "3")
    assert [cell.count for cell in cells] == [1, 2, 3]
    assert cells[2].outputs == (
        {"output_type": "execute_result", "data": {"text/plain": "3"}, "execution_count": 3, "metadata": {}},
    )


def test_numbers_go_on_after_errors_and_empty_cells_have_none(run: Run) -> None:
    cells = run("1 / 0", "", "   \n", "def f(:", "# comment", "1")
    assert [cell.count for cell in cells] == [1, None, None, 2, 3, 4]


def test_prints_and_values_stand_in_their_order(run: Run) -> None:
    (cell,) = run(
        "import sys\nprint('a')\ndisplay(1)\nprint('b')\nprint('c', file=sys.stderr)\nprint('d')\n2"
    )
    assert kinds(cell) == ["stream", "display_data", "stream", "stream", "stream", "execute_result"]
    assert printed(cell) == "a\nb\nd\n"
    assert printed(cell, "stderr") == "c\n"


def test_an_object_shows_all_its_forms(run: Run) -> None:
    both = "class Both:\n    def _repr_html_(self): return '<b>2</b>'\n    def __repr__(self): return 'two'\n"
    markdown = "from IPython.display import Markdown\nMarkdown('**bold**')"
    cells = run(both + "Both()", both + "display(Both(), Both())", markdown)
    assert cells[0].outputs[0]["data"] == {"text/html": "<b>2</b>", "text/plain": "two"}
    assert [output["data"]["text/html"] for output in cells[1].outputs] == ["<b>2</b>"] * 2
    assert cells[2].outputs[0]["data"]["text/markdown"] == "**bold**"


def test_a_form_that_fails_leaves_the_others(run: Run) -> None:
    odd = "class Odd:\n    def _repr_html_(self): return 1 / 0\n    def __repr__(self): return 'odd'\nOdd()"
    (cell,) = run(odd)
    assert results(cell) == ["odd"]


def test_a_value_whose_text_fails_is_an_error_of_its_cell_alone(run: Run) -> None:
    cells = run("class Bad:\n    def __repr__(self): raise ValueError('no text')\nBad()", "1")
    assert error(cells[0]) == ("ValueError", "no text")
    assert results(cells[1]) == ["1"]


def test_every_open_figure_is_shown_as_a_picture_at_the_end_of_its_cell(run: Run) -> None:
    cells = run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "for number in (1, 2):\n    plt.figure()\n    plt.plot([number])\nprint('before')",
        "plt.plot([3])\nplt.show()\nprint('after')",
        "plt.get_fignums()",
    )
    assert [len(pictures(cell)) for cell in cells] == [1, 2, 1, 0]
    assert all(picture.startswith(b"\x89PNG\r\n\x1a\n") for cell in cells for picture in pictures(cell))
    assert kinds(cells[1]) == ["stream", "display_data", "display_data"]
    assert kinds(cells[2]) == ["display_data", "stream"]
    assert results(cells[3]) == ["[]"]


def test_clear_output_takes_back_what_was_shown(run: Run) -> None:
    start = "from IPython.display import clear_output\n"
    cells = run(
        start + "print(1); display(2); clear_output(); print(3)",
        start + "print(1); clear_output()",
        start + "for epoch in range(4):\n    clear_output(wait=True)\n    print(epoch)",
    )
    assert [printed(cell) for cell in cells] == ["3\n", "", "3\n"]
    assert [kinds(cell) for cell in cells] == [["stream"], [], ["stream"]]


def test_clear_output_that_waits_keeps_the_last_picture(run: Run) -> None:
    loop = (
        "import matplotlib.pyplot as plt\nfrom IPython.display import clear_output\n"
        "for epoch in range(3):\n    plt.plot([epoch])\n    plt.show()\n    clear_output(wait=True)"
    )
    cells = run(loop, "print('next')")
    assert len(pictures(cells[0])) == 1
    assert printed(cells[1]) == "next\n"


def test_a_display_with_an_identity_can_be_updated(run: Run) -> None:
    (cell,) = run("shown = display('first', display_id=True)\nshown.update('second')")
    assert results(cell)[-1] == "'second'"


def test_a_progress_bar_s_carriage_returns_arrive_as_they_are(run: Run) -> None:
    (cell,) = run("import sys\nfor i in range(3):\n    print(f'\\r{i}/2', end='', flush=True)")
    assert printed(cell) == "\r0/2\r1/2\r2/2"


def test_warnings_and_log_records_go_to_stderr_and_cost_nothing(run: Run) -> None:
    cells = run("import warnings\nwarnings.warn('careful')", "import logging\nlogging.warning('mind')")
    assert "UserWarning: careful" in printed(cells[0], "stderr")
    assert "WARNING:root:mind" in printed(cells[1], "stderr")
    assert all(cell.fine for cell in cells)


def test_what_threads_print_is_shown(run: Run) -> None:
    (cell,) = run(
        "import threading\nthreads = [threading.Thread(target=print, args=(n,)) for n in range(3)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads];"
    )
    assert sorted(printed(cell).split()) == ["0", "1", "2"]


def test_what_a_thread_prints_after_its_cell_does_not_disturb_the_next(run: Run) -> None:
    cells = run(
        "import threading\ngo = threading.Event()\n"
        "def late():\n    go.wait(); print('late')\nthread = threading.Thread(target=late); thread.start()",
        "go.set(); thread.join(); print('own')",
        "print('last')",
    )
    assert sorted(printed(cells[1]).split()) == ["late", "own"]
    assert printed(cells[2]) == "last\n"


def test_what_compiled_code_writes_to_descriptors_is_shown(run: Run) -> None:
    cells = run("import os\nos.write(1, b'one\\n'); os.write(2, b'two \\xff\\n');", "3")
    assert printed(cells[0]) == "one\ntwo \ufffd\n"
    assert kinds(cells[1]) == ["execute_result"]


def test_strange_text_arrives_whole(run: Run) -> None:
    (cell,) = run("print('\\x1b[31mred\\x1b[0m \\0 \\u202e \\U0001f600 \\ud800')")
    assert printed(cell) == "\x1b[31mred\x1b[0m \0 \u202e \U0001f600 \\ud800\n"


# Errors


def test_an_error_does_not_stop_the_run_and_what_came_before_it_stays(run: Run) -> None:
    cells = run("x = 1\nprint('shown')\nx = 1 / 0\nx = 2", "x")
    assert not cells[0].fine
    assert printed(cells[0]) == "shown\n"
    assert error(cells[0]) == ("ZeroDivisionError", "division by zero")
    assert "line 3" in "".join(cells[0].outputs[1]["traceback"])
    assert results(cells[1]) == ["1"]


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("def f(:", "SyntaxError", "invalid syntax"),
        ("if True:\nx = 1", "IndentationError", "expected an indented block"),
        ("import nonesuch", "ModuleNotFoundError", "No module named 'nonesuch'"),
        ("import sys\nsys.exit(3)", "SystemExit", "3"),
        ("raise SystemExit", "SystemExit", ""),
        ("raise KeyboardInterrupt('own')", "KeyboardInterrupt", "own"),
        ("raise GeneratorExit", "GeneratorExit", ""),
        ("class Odd(BaseException): pass\nraise Odd('odd')", "Odd", "odd"),
        ("await undefined", "NameError", "undefined"),
        (
            "class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad",
            "Bad",
            "cannot be printed",
        ),
        ("class Bad(Exception):\n    def __str__(self): return 5\nraise Bad", "Bad", "cannot be printed"),
    ],
)
def test_however_a_cell_fails_the_next_one_runs(run: Run, source: str, name: str, text: str) -> None:
    cells = run("x = 'before'", source, "x")
    assert not cells[1].fine
    assert error(cells[1])[0] == name
    assert text in error(cells[1])[1]
    assert cells[1].loss == ""
    assert results(cells[2]) == ["'before'"]


def test_a_group_of_exceptions_is_told_on_stderr_as_in_jupyter(run: Run) -> None:
    (cell,) = run("raise ExceptionGroup('many', [ValueError('one')])")
    assert not cell.fine
    assert "ExceptionGroup: many" in printed(cell, "stderr")


def test_of_a_runaway_recursion_the_first_and_last_calls_are_shown(run: Run) -> None:
    deep = "import sys\nsys.setrecursionlimit(3000)\ndef f(n): return g(n)\ndef g(n): return f(n + 1)\nf(0)"
    cells = run(
        deep, "try:\n    f(0)\nexcept RecursionError:\n    raise ValueError('after')", cell_seconds=20
    )
    assert [error(cell)[0] for cell in cells] == ["RecursionError", "ValueError"]
    shown = "".join(cells[0].outputs[0]["traceback"])
    assert "line 5" in shown
    assert "in \x1b[36mg" in shown


@pytest.mark.parametrize("source", ["exit()", "quit()", "exit", "quit"])
def test_exit_and_quit_do_not_end_the_run(run: Run, source: str) -> None:
    cells = run("x = 1", source, "x")
    assert cells[1].fine
    assert results(cells[2]) == ["1"]


@pytest.mark.parametrize(
    "source",
    [
        "input('Your name? ')",
        "import getpass\ngetpass.getpass()",
        "breakpoint()",
        "import pdb; pdb.set_trace()",
    ],
)
def test_asking_for_input_is_a_clear_error(run: Run, source: str) -> None:
    (cell,) = run(source)
    assert not cell.fine
    assert "input() does not work while a notebook is graded" in error(cell)[1]


def test_a_magic_that_does_not_exist_is_told(run: Run) -> None:
    (cell,) = run("%nonesuch")
    assert not cell.fine
    assert "`%nonesuch` not found" in printed(cell, "stderr")


# Magics and commands


def test_magics_work(run: Run) -> None:
    timeit, time, inline, capture, captured, where, write, history = run(
        "%timeit -n 2 -r 2 1 + 1",
        "%%time\nx = 2\nx",
        "%matplotlib inline",
        "%%capture kept\nprint('kept')",
        "kept.stdout",
        "%pwd",
        "%%writefile helper.py\nANSWER = 42",
        "import helper\nhelper.ANSWER",
    )
    assert "per loop" in printed(timeit)
    assert "Wall time" in printed(time)
    assert results(time) == ["2"]
    assert inline.fine
    assert inline.outputs == capture.outputs == ()
    assert results(captured) == ["'kept\\n'"]
    assert where.fine
    assert write.fine
    assert results(history) == ["42"]


@pytest.mark.parametrize("backend", ["widget", "notebook", "tk"])
def test_every_way_of_plotting_is_inline(backend: str, run: Run) -> None:
    cell, plot = run(
        f"%matplotlib {backend}\nprint('went on')", "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    )
    assert cell.fine
    assert printed(cell) == "went on\n"
    assert [set(output["data"]) for output in plot.outputs] == [{"image/png", "text/plain"}]


def test_the_folder_can_be_changed(run: Run) -> None:
    *_, inside, back = run("import os; os.mkdir('data')", "%cd -q data\nprint('in')", "%cd -\nprint('back')")
    assert inside.fine
    assert back.fine


def test_compiling_a_model_leaves_it_as_it_is(run: Run) -> None:
    (compiled,) = run("import torch\ntorch.compile(torch.nn.Identity())(torch.tensor(3))")
    assert results(compiled) == ["tensor(3)"]


@pytest.mark.parametrize(
    "source",
    [
        "!echo a word",
        "%%bash\necho a word",
        "words = !echo a word\nprint(*words)",
        "%sx echo a word",
    ],
)
def test_a_command_of_the_system_works_or_says_that_it_cannot(run: Run, source: str) -> None:
    cells = run(source, "1")
    told = printed(cells[0]) + printed(cells[0], "stderr") + "".join(results(cells[0]))
    assert "a word" in told or "not permitted" in told + error(cells[0])[1]
    assert results(cells[1]) == ["1"]


def test_earlier_inputs_and_outputs_are_at_hand(run: Run) -> None:
    cells = run(
        "6 * 7", "_", "x = 5", "_1, Out[1], In[1]", "get_ipython().__class__.__mro__[1].__name__", "__"
    )
    assert results(cells[1]) == ["42"]
    assert results(cells[3]) == ["(42, 42, '6 * 7')"]
    assert results(cells[4]) == ["'InteractiveShell'"]
    assert results(cells[5]) == ["(42, 42, '6 * 7')"]


# Event loops


def test_await_works_at_the_top_of_a_cell(run: Run) -> None:
    cells = run(
        "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 4",
        "await f()",
        "x = await f()\nx + 1",
    )
    assert [results(cell) for cell in cells] == [[], ["4"], ["5"]]


def test_a_loop_runs_while_a_cell_does_as_in_jupyter(run: Run) -> None:
    cells = run(
        "import asyncio\nasync def f():\n    return 4\ntask = asyncio.create_task(f())",
        "await task",
        "asyncio.get_event_loop().is_running()",
        "asyncio.run(f())",
        "asyncio.gather(f(), f());",
    )
    assert results(cells[1]) == ["4"]
    assert results(cells[2]) == ["True"]
    assert error(cells[3]) == ("RuntimeError", "asyncio.run() cannot be called from a running event loop")
    assert cells[4].fine


def test_a_cell_may_run_another(run: Run) -> None:
    cells = run("get_ipython().run_cell('y = 1 + 1; print(y)')", "y")
    assert printed(cells[0]) == "2\n"
    assert results(cells[1]) == ["2"]


# Python as it is in a notebook


def test_a_cell_is_the_main_module(run: Run) -> None:
    cells = run("__name__", "import sys\nx = 5\nsys.modules['__main__'].x", "'__file__' in globals()")
    assert [results(cell) for cell in cells] == [["'__main__'"], ["5"], ["False"]]


def test_models_of_classes_in_cells_can_be_saved_and_loaded(run: Run) -> None:
    cells = run(
        "import torch\nclass Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.layer = torch.nn.Linear(2, 3)",
        "net = Net()\ntorch.save(net, 'net.pt')\ntorch.save(net.state_dict(), 'weights.pt')",
        "again = torch.load('net.pt', weights_only=False)\nother = Net()\n"
        "other.load_state_dict(torch.load('weights.pt'))",
        "type(again) is Net and torch.equal(again.layer.weight, other.layer.weight)",
    )
    assert [cell.fine for cell in cells] == [True] * 4
    assert results(cells[3]) == ["True"]


def test_a_model_is_trained_from_a_data_loader(run: Run) -> None:
    cells = run(
        "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
        "x = torch.linspace(-1, 1, 64)[:, None]\n"
        "loader = DataLoader(TensorDataset(x, 3 * x), 16, shuffle=True)",
        "model = torch.nn.Linear(1, 1)\noptimizer = torch.optim.Adam(model.parameters(), lr=0.1)\n"
        "for epoch in range(40):\n    for a, b in loader:\n        optimizer.zero_grad()\n"
        "        torch.nn.functional.mse_loss(model(a), b).backward()\n        optimizer.step()\n"
        "abs(model.weight.item() - 3) < 0.1",
    )
    assert results(cells[1]) == ["True"]


def test_modules_can_be_imported_late(run: Run) -> None:
    (cell,) = run(
        "import colorsys, torch.fft, torchvision.transforms.v2, matplotlib.animation\n"
        "colorsys.rgb_to_hsv(1, 1, 1)"
    )
    assert results(cell) == ["(0.0, 0.0, 1)"]


def test_data_classes_generics_and_pickles_of_cells_work(run: Run) -> None:
    cells = run(
        "import pickle, dataclasses, typing\n@dataclasses.dataclass\nclass Point:\n    x: int = 1\n",
        "pickle.loads(pickle.dumps(Point(2)))",
        "typing.get_type_hints(Point)",
        "import inspect\ndef f():\n    return 1\n'return 1' in inspect.getsource(f)",
    )
    assert [results(cell) for cell in cells[1:]] == [["Point(x=2)"], ["{'x': int}"], ["True"]]


def test_files_of_students_lie_in_the_working_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "digits.csv").write_text("1,2\n")
    (tmp_path / "1_notebook.ipynb").write_text("{}")
    (cell,) = run("import pathlib\nsorted(map(str, pathlib.Path().rglob('*')))", files=tmp_path)
    assert results(cell) == ["['data', 'data/digits.csv']"]


# What students do to their own process


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nwith open('log.txt', 'w') as file:\n    sys.stdout = file\n    print('lost')",
        "import sys\nsys.stdout = sys.stderr = None",
        "import sys\nsys.stdout.close()",
        "import sys\nsys.stdout = open('log.txt', 'w')\nsys.stdout.close()",
        "import sys\ndel sys.stdout",
        "import sys\nsys.displayhook = None",
        "print = 5; len = 3; input = 2; display = 1",
        "import builtins\ndel builtins.print",
        "import torch\ntorch.manual_seed = 42",
        "import random\nrandom.seed = 42",
        "import matplotlib.pyplot as plt\nplt.close = 42",
        "import sys\nsys.setrecursionlimit(150)",
        "get_ipython().events.register('post_run_cell', lambda result: 1 / 0)",
        "%reset -f",
    ],
)
def test_a_process_that_is_bent_out_of_shape_goes_on(run: Run, source: str) -> None:
    cells = run(source, "x = 1", "assert x == 1")
    assert [cell.loss for cell in cells] == ["", "", ""]
    assert cells[2].fine


def test_prints_are_shown_again_once_stdout_is_put_back(run: Run) -> None:
    cells = run(
        "import io, sys\nkept, sys.stdout = sys.stdout, io.StringIO()\nprint('hidden')",
        "hidden = sys.stdout.getvalue()\nsys.stdout = kept\nprint('shown')",
        "hidden",
        "sys.stdout = io.StringIO()\nsys.stdout = sys.__stdout__\nprint('shown too')",
        "sys.stdout = None",
        "print('shown at last')",
    )
    assert printed(cells[1]) == "shown\n"
    assert results(cells[2]) == ["'hidden\\n'"]
    assert printed(cells[3]) == "shown too\n"
    assert printed(cells[5]) == "shown at last\n"


def test_print_writes_text_alone(run: Run) -> None:
    cells = run(
        "import sys\nsys.stdout.write(5)",
        "sys.stdout.write('five')",
        "sys.stdout.isatty(), sys.stdout.encoding",
    )
    assert error(cells[0]) == ("TypeError", "write() argument must be str, not int")
    assert results(cells[1]) == ["4"]
    assert results(cells[2]) == ["(False, 'utf-8')"]
