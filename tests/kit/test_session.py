"""However student code ends, hangs, floods or lies, the session goes on and says in words what happened."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograde.checks.probe import request_for
from autograde.sandbox import wire
from autograde.sandbox.answers import Failure, Value
from autograde.sandbox.arrays import Tensor
from autograde.sandbox.session import CellRun, Session

Open = Callable[..., Session]

SOON = 0.8  # seconds until a hang is noticed

# What student code needs to speak to the grader itself: `post` sends a value as a frame, `raw` just bytes.
FORGE = """
import os, stat, sys
wire = sys.modules["autograde.sandbox.wire"]
is_socket = lambda number: stat.S_ISSOCK(os.stat(f"/proc/self/fd/{number}").st_mode)
numbers = (number for number in range(3, 64) if os.path.exists(f"/proc/self/fd/{number}"))
line = next(filter(is_socket, numbers))
def raw(data):
    while data:
        data = data[os.write(line, data):]
def post(value):
    payload = wire.encode(value)
    raw(len(payload).to_bytes(4, "big") + payload)
"""


def ask(session: Session, probe: Callable[..., Any], **inputs: Any) -> Value | Failure:
    """Run a probe."""
    return session.probe(request_for(probe, inputs), inputs)


def value(session: Session, probe: Callable[..., Any], **inputs: Any) -> Any:
    """Return what a probe finds."""
    answer = ask(session, probe, **inputs)
    assert isinstance(answer, Value), answer
    return answer.value


def failure(session: Session, probe: Callable[..., Any], **inputs: Any) -> Failure:
    """Return why a probe finds nothing."""
    answer = ask(session, probe, **inputs)
    assert isinstance(answer, Failure), answer
    return answer


def text(run: CellRun) -> str:
    """Return all that a cell printed."""
    return "".join(output["text"] for output in run.outputs if output["output_type"] == "stream")


def goes_on(session: Session) -> bool:
    """Whether a session still runs cells and probes, which find `kept = 1` of its first cell."""

    def probe(kept):
        return kept

    return session.run_cell("kept += 0; print(kept)").fine and value(session, probe) == 1


# A process that is lost


LOSSES = {
    "an endless loop": ("while True: pass", "stopped after 0.8 s: an endless loop?"),
    "a loop that swallows everything": (
        "while True:\n    try:\n        while True: pass\n    except BaseException:\n        continue",
        "stopped after 0.8 s",
    ),
    "signals ignored, then a long step": (
        "import signal\nfor number in range(1, 32):\n    try: signal.signal(number, signal.SIG_IGN)\n"
        "    except OSError: pass\nsum(range(10**12))",
        "stopped after 0.8 s",
    ),
    "a deadlock": (
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        "stopped after 0.8 s",
    ),
    "a stop": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "stopped after 0.8 s"),
    "an exit with code 0": ("import os\nos._exit(0)", "it ended the Python process"),
    "an exit with code 3": ("import os\nos._exit(3)", "it ended the Python process with exit code 3"),
    "a crash": ("import ctypes\nctypes.string_at(0)", "(Segmentation fault): a crash in compiled code"),
    "an abort": ("import os\nos.abort()", "(Aborted): an abort"),
    "a kill": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "(Killed): out of memory?"),
    "a signal without a name": ("import os\nos.kill(os.getpid(), 40)", "(Real-time signal 6)"),
    "a closed line": (FORGE + "os.close(line)", "it ended the Python process"),
    "a line closed for writing": (
        FORGE + "import socket, time\nsocket.socket(fileno=line).shutdown(socket.SHUT_WR)\ntime.sleep(60)",
        "it broke off the connection to the grader",
    ),
}


@pytest.mark.parametrize("case", LOSSES)
def test_a_cell_that_loses_its_process_is_told_and_the_next_finds_the_state_before_it(
    case: str, open_session: Open
) -> None:
    source, told = LOSSES[case]
    session = open_session(**{"cell_seconds": SOON} if "after 0.8 s" in told else {})
    session.run_cell("kept = 1")
    run = session.run_cell("kept = 2\nprint('before', flush=True)\n" + source)
    assert not run.fine
    assert told in run.loss
    assert text(run) == "before\n"
    assert goes_on(session)


@pytest.mark.parametrize(
    "case", ["an endless loop", "a stop", "an exit with code 3", "a crash", "a closed line"]
)
def test_a_probe_that_loses_the_process_is_told_and_the_next_finds_the_state_before_it(
    case: str, open_session: Open
) -> None:
    source, told = LOSSES[case]
    session = open_session(**{"probe_seconds": SOON} if "after 0.8 s" in told else {})
    session.run_cell("kept = 1")
    session.run_cell(f"def f():\n    global kept\n    kept = 2\n    exec({source!r}, {{}})")

    def probe(f):
        return f()

    found = failure(session, probe)
    assert found.kind == "lost"
    assert told in found.text
    assert goes_on(session)


def test_good_cells_are_run_again_in_order_silently_and_the_killer_is_not(open_session: Open) -> None:
    session = open_session()
    session.run_cell("log = ['first']\nprint('shown once')")
    session.run_cell("log.append('second')\n1 / 0\nlog.append('never')")
    session.run_cell("import os\nlog.append('killer')\nos._exit(1)")
    run = session.run_cell("log.append('third')\nprint(log)")
    assert text(run) == "['first', 'second', 'third']\n"


def test_a_cell_that_does_not_survive_being_run_again_is_left_out(open_session: Open, tmp_path: Path) -> None:
    mood = tmp_path / "mood.txt"
    mood.write_text("fine")
    session = open_session(files=tmp_path)
    session.run_cell("log = ['first']")
    session.run_cell("import os\nlog.append('moody')\nif open('mood.txt').read() != 'fine': os._exit(1)")
    session.run_cell("log.append('last')")
    mood.write_text("bad")
    session.run_cell("import os\nos._exit(1)")
    assert text(session.run_cell("print(log)")) == "['first', 'last']\n"


def test_files_are_fresh_after_a_loss(open_session: Open, tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("as given")
    session = open_session(files=tmp_path)
    session.run_cell("print('start', file=open('made.txt', 'w'))")
    session.run_cell("import os\nopen('data.txt', 'w').write('spoilt')\nopen('more.txt', 'w')\nos._exit(1)")
    run = session.run_cell(
        "print(sorted(os.listdir()) if 'os' in globals() else None)\nprint(open('data.txt').read())"
    )
    assert text(run) == "None\nas given\n"
    assert text(session.run_cell("import os\nprint(sorted(os.listdir()))")) == "['data.txt', 'made.txt']\n"
    assert (tmp_path / "data.txt").read_text() == "as given"


def test_each_loss_is_survived_not_only_the_first(open_session: Open) -> None:
    session = open_session()
    session.run_cell("kept = 1")
    for code in range(1, 4):
        assert f"exit code {code}" in session.run_cell(f"import os\nos._exit({code})").loss
        assert goes_on(session)


def test_a_memory_bomb_is_an_error_of_its_cell_alone(open_session: Open) -> None:
    session = open_session(memory=200 * 2**20)
    session.run_cell("import torch\nkept = 1")
    plain, tensor, many = (
        session.run_cell(source)
        for source in (
            "x = bytearray(2**30)",
            "x = torch.ones(2**28)",
            "x = []\nwhile True: x.append(bytearray(2**20))",
        )
    )
    assert [run.loss for run in (plain, tensor, many)] == ["", "", ""]
    assert plain.outputs[0]["ename"] == many.outputs[0]["ename"] == "MemoryError"
    assert tensor.outputs[0]["ename"] == "RuntimeError"
    session.run_cell("del x")
    assert goes_on(session)


def test_memory_up_to_the_limit_can_be_used(open_session: Open) -> None:
    session = open_session(memory=200 * 2**20)
    assert session.run_cell("import torch\nx = torch.ones(2**25)\nfloat(x.sum())").fine


def test_a_file_that_grows_too_large_is_an_error_of_its_cell_alone(open_session: Open) -> None:
    session = open_session()
    session.run_cell("kept = 1")
    run = session.run_cell("with open('large', 'wb') as file:\n    file.truncate(2**40)")
    assert run.outputs[0]["ename"] == "OSError"
    assert goes_on(session)


# Time


def test_the_whole_run_has_a_deadline_for_cells_and_probes(open_session: Open) -> None:
    def probe():
        return 1

    session = open_session(run_seconds=SOON)
    run = session.run_cell("print('before', flush=True)\nwhile True: pass")
    assert run.loss == "the notebook had used up its 0.8 s"
    assert text(run) == "before\n"
    assert session.out_of_time
    assert session.run_cell("1").loss == "the notebook had used up its 0.8 s"
    assert failure(session, probe) == Failure("lost", "the notebook had used up its 0.8 s")


def test_a_slow_drip_of_probes_ends_with_the_run(open_session: Open) -> None:
    def probe():
        import time

        time.sleep(0.2)

    session = open_session(run_seconds=1.0)
    session.run_cell("1")
    answers = [ask(session, probe) for _ in range(8)]
    assert isinstance(answers[-1], Failure)


def test_after_a_probe_that_hung_the_next_have_less_time_until_one_answers(open_session: Open) -> None:
    def hang():
        while True:
            pass

    def sleep(seconds):
        import time

        time.sleep(seconds)
        return "awake"

    session = open_session(probe_seconds=2)
    assert "after 2 s" in failure(session, hang).text
    assert "after 0.4 s" in failure(session, hang).text
    assert value(session, sleep, seconds=0) == "awake"
    assert value(session, sleep, seconds=0.5) == "awake"


def test_the_time_that_cells_took_is_told(open_session: Open) -> None:
    session = open_session()
    run = session.run_cell("import time\ntime.sleep(0.2)")
    assert 0.2 <= run.seconds == session.own_seconds


# Output


def test_output_up_to_the_limit_is_kept_whole(open_session: Open) -> None:
    run = open_session(output=10_000).run_cell("print('x' * 9_900)")
    assert text(run) == "x" * 9_900 + "\n"


@pytest.mark.parametrize(
    "source",
    [
        "print('x' * 50_000)",
        "for _ in range(50_000): print('x')",
        "for _ in range(50_000): print('x', flush=True)",
        "import os\nfor _ in range(50): os.write(1, b'x' * 1000)",
        "import sys\nfor _ in range(2000): print('x' * 10); print('y' * 10, file=sys.stderr)",
    ],
)
def test_output_beyond_the_limit_is_cut_off_with_a_note_and_the_cell_runs_to_its_end(
    source: str, open_session: Open
) -> None:
    session = open_session(output=10 * 2**10)
    run = session.run_cell(source + "\ndone = True")
    assert run.loss == ""
    assert len(text(run)) < 11 * 2**10
    assert text(run).endswith("[The output of this cell was cut off: it is limited to 10 KB.]\n")
    assert text(session.run_cell("print(done)")) == "True\n"


def test_an_error_is_shown_even_after_too_much_output(open_session: Open) -> None:
    run = open_session(output=10_000).run_cell("print('x' * 50_000)\nraise ValueError('the reason')")
    assert run.outputs[-1]["evalue"] == "the reason"


def test_too_many_pictures_are_cut_off(open_session: Open) -> None:
    session = open_session()
    run = session.run_cell("for number in range(500): display(number)\ndone = True")
    assert 50 <= sum(output["output_type"] == "display_data" for output in run.outputs) <= 100
    assert "cut off" in text(run)
    assert session.run_cell("assert done").fine


def test_an_animation_of_many_pictures_ends_with_a_picture_and_a_note(open_session: Open) -> None:
    run = open_session().run_cell(
        "from IPython.display import clear_output\n"
        "for number in range(500):\n    clear_output(wait=True)\n    display(number)"
    )
    assert run.loss == ""
    assert [output["output_type"] for output in run.outputs] == ["display_data", "stream"]
    assert "cut off" in text(run)


def test_a_long_error_is_told_in_part(open_session: Open) -> None:
    run = open_session(output=10_000).run_cell("raise ValueError('x' * 10**6)")
    assert run.outputs[0]["ename"] == "ValueError"
    assert len(repr(run.outputs)) < 200_000


FLOODS = {
    "frames of output": "while True: post({'id': 2, 'is': 'output', 'output': {'output_type': 'clear'}})",
    "frames of other requests": "while True: post({'id': 10**6, 'is': 'output', 'output': None})",
    "frames that are nothing": "while True: post(None)",
    "a frame that never ends": "raw((2**25).to_bytes(4, 'big'))\nwhile True: raw(b'x')",
}


@pytest.mark.parametrize("case", FLOODS)
def test_a_flood_of_forged_frames_is_stopped(case: str, open_session: Open) -> None:
    session = open_session(cell_seconds=SOON, output=2**10)
    session.run_cell("kept = 1")
    run = session.run_cell(FORGE + FLOODS[case])
    assert run.loss.startswith("it was stopped")
    assert len(run.outputs) < 100
    assert goes_on(session)


# Lies


@pytest.mark.parametrize(
    "frame",
    [
        "post({'id': 99, 'is': 'ran', 'fine': True})",
        "post({'id': -1, 'is': 'value', 'value': 42})",
        "post({'id': True, 'is': 'ran'}); post({'id': None, 'is': 'ran'}); post({'is': 'ran'})",
        "post({'id': array, 'is': 'ran'})",
        "post({'id': 2, 'is': array})",
        "post({'id': 2, 'is': 'output', 'output': array})",
        "post({'id': 2, 'is': 'output', 'output': {'output_type': array, 'name': array}})",
        "post([1, 2]); post('text'); post(2**500)",
        "post({'id': 1, 'is': 'ran', 'fine': True})",
    ],
)
def test_forged_frames_that_are_not_about_the_request_are_ignored(frame: str, open_session: Open) -> None:
    session = open_session()
    session.run_cell("kept = 1")
    array = "\narray = wire.Array('array', 'int8', (2,), b'12')\n"
    run = session.run_cell(FORGE + array + frame + "\nprint('own')\n1 / 0")
    assert run.loss == ""
    assert not run.fine
    assert text(run) == "own\n"
    assert goes_on(session)


@pytest.mark.parametrize(
    "data",
    [
        "b'\\xff' * 8",
        "b'\\0\\0\\0\\1?'",
        "b'\\0\\0\\0\\0'",
        "os.urandom(64) * 100",
        "b'GET / HTTP/1.1\\r\\n\\r\\n'",
    ],
)
def test_bytes_that_are_no_frames_cost_the_cell(data: str, open_session: Open) -> None:
    session = open_session(cell_seconds=SOON)
    session.run_cell("kept = 1")
    run = session.run_cell(FORGE + f"raw({data})")
    assert run.loss.startswith("it was stopped")
    assert goes_on(session)


def test_keys_made_to_collide_cost_the_cell_and_no_time(open_session: Open) -> None:
    session = open_session()
    session.run_cell("kept = 1")
    forged = "item = lambda n: wire.encode(n * (2**61 - 1)) + b'N'\nbody = b''.join(map(item, range(9000)))\n"
    run = session.run_cell(
        FORGE + forged + "raw((len(body) + 5).to_bytes(4, 'big') + b'd' + (9000).to_bytes(4, 'big') + body)"
    )
    assert "could not be read (too many keys that collide)" in run.loss
    assert goes_on(session)


def test_a_forged_answer_is_an_answer_and_the_next_request_is_in_step_again(open_session: Open) -> None:
    def probe(f):
        return f()

    session = open_session()
    session.run_cell(
        FORGE + "def f():\n    post({'id': 3, 'is': 'value', 'value': 'forged'})\n    return 'true'"
    )
    session.run_cell("kept = 1")
    assert value(session, probe) == "forged"
    assert value(session, probe) == "true"


def test_an_answer_given_before_the_question_is_ignored(open_session: Open) -> None:
    def probe(kept):
        return kept

    session = open_session()
    session.run_cell(FORGE + "kept = 1\npost({'id': 2, 'is': 'value', 'value': 'early'})")
    assert value(session, probe) == 1


def test_a_thread_that_answers_for_its_cell_gains_an_answer_and_nothing_more(open_session: Open) -> None:
    def probe(kept):
        import time

        time.sleep(0.1)
        return kept

    session = open_session()
    session.run_cell(
        FORGE + "kept = 1\nimport threading, time\ndef answer():\n    time.sleep(0.05)\n"
        "    post({'id': 2, 'is': 'value', 'value': 'forged'})\nthreading.Thread(target=answer).start()"
    )
    assert value(session, probe) in ("forged", 1)
    assert [value(session, probe) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    "answer",
    [
        {"is": "value"},
        {"is": "ran"},
        {"is": "value", "value": 1, "seconds": "long"},
        {"is": "missing", "names": 5},
        {"is": "raised", "text": 5, "line": 6},
        {"is": "anything"},
    ],
)
def test_a_forged_answer_of_the_wrong_form_is_no_answer(
    answer: Mapping[str, Any], open_session: Open
) -> None:
    def probe(f):
        return f()

    session = open_session()
    session.run_cell(FORGE + f"def f():\n    post({{'id': 2}} | {answer!r})\nkept = 1")
    found = ask(session, probe)
    assert found in (Failure("unsendable", "its result cannot be read"), Value(1))
    assert goes_on(session)


# Probes


def test_a_probe_sees_the_notebook_s_names_and_its_inputs(open_session: Open) -> None:
    def probe(double, offset, numbers):
        return [double(number) + offset for number in numbers]

    session = open_session()
    session.run_cell("offset = 1\ndef double(x): return 2 * x")
    assert value(session, probe, numbers=[1, 2.5]) == [3, 6.0]
    session.run_cell("def double(x): return -x")
    assert value(session, probe, numbers=[1, 2.5], offset=10) == [9, 7.5]


def test_values_of_torch_and_numpy_arrive_with_their_dtypes(open_session: Open) -> None:
    def probe():
        import numpy as np
        import torch

        model = torch.nn.Linear(2, 1)
        half = torch.tensor([1.5, -2.0], dtype=torch.bfloat16)
        return {
            "parameter": model.weight * 0 + 1,
            "half": half,
            "numpy": np.arange(3, dtype=">i2")[::-1],
            "scalars": [np.float32(0.5), np.int64(3), np.bool_(True), torch.tensor(2).item()],
            "dim 0": torch.tensor(2.0),
            "empty": torch.empty(0, 3),
            "transposed": torch.tensor([[1, 2], [3, 4]]).T,
            "complex": torch.tensor([1 + 2j]).conj(),
            "shape": torch.zeros(2, 3).shape,
            "module": model,
            "sparse": torch.eye(2).to_sparse(),
            "set": {1, 2},
        }

    found = value(open_session(), probe)
    assert isinstance(found["parameter"], Tensor)
    assert found["parameter"].tolist() == [[1.0, 1.0]]
    assert found["half"].torch_dtype == "bfloat16"
    assert found["half"].tolist() == [1.5, -2.0]
    assert not isinstance(found["numpy"], Tensor)
    assert (found["numpy"].dtype, found["numpy"].tolist()) == (np.int16, [2, 1, 0])
    assert found["scalars"] == [0.5, 3, True, 2]
    assert [type(item) for item in found["scalars"]] == [float, int, bool, int]
    assert found["dim 0"].shape == ()
    assert found["empty"].shape == (0, 3)
    assert found["transposed"].tolist() == [[1, 3], [2, 4]]
    assert found["complex"].tolist() == [1 - 2j]
    assert found["shape"] == (2, 3)
    assert found["module"] == wire.Opaque("Linear")
    assert found["sparse"] == wire.Opaque("Tensor of float32")
    assert found["set"] == {1, 2}


def test_inputs_arrive_as_tensors_of_their_dtype(open_session: Open) -> None:
    def probe(x):
        import torch

        assert isinstance(x, torch.Tensor)
        x.copy_(x.clone())  # it can be written to
        return str(x.dtype), tuple(x.shape), x.tolist(), x.clone()

    session = open_session()
    for dtype in sorted(set(wire.ITEM_SIZES) - {"bfloat16"}):
        for array in (np.ones((2, 1), dtype), np.ones((), dtype), np.ones((0, 2), dtype)):
            name, shape, items, back = value(session, probe, x=array)
            assert (name, shape, items) == (f"torch.{dtype}", array.shape, array.tolist())
            assert back.torch_dtype == dtype


def test_a_bfloat16_tensor_that_came_back_can_be_an_input(open_session: Open) -> None:
    def make():
        import torch

        return torch.tensor([1.5, -2.0], dtype=torch.bfloat16)

    def show(x):
        return str(x.dtype), x.tolist()

    session = open_session()
    half = value(session, make)
    assert value(session, show, x=half) == ("torch.bfloat16", [1.5, -2.0])
    assert value(session, show, x=half * 2) == ("torch.bfloat16", [3.0, -4.0])
    assert value(session, show, x=half > 0) == ("torch.bool", [True, False])


def test_an_input_that_student_code_changes_is_given_as_it_was_to_the_next_probe(open_session: Open) -> None:
    def probe(x, items):
        x.zero_()
        items.clear()

    def show(x, items):
        return x, items

    session, x, items = open_session(), np.ones(2), [1]
    value(session, probe, x=x, items=items)
    found = value(session, show, x=x, items=items)
    assert (found[0].tolist(), found[1]) == ([1, 1], [1])


def test_an_input_that_cannot_be_sent_is_the_author_s_mistake_and_costs_nothing(open_session: Open) -> None:
    def probe(kept, x):
        return kept

    session = open_session()
    session.run_cell("kept = 1")
    with pytest.raises(TypeError, match="cannot be a object"):
        ask(session, probe, x=object())
    with pytest.raises(wire.WireError, match="too large"):
        ask(session, probe, x=np.zeros(wire.MAX_FRAME // 8 + 1))
    assert goes_on(session)


def test_a_missing_name_is_named(open_session: Open) -> None:
    def probe(here, nowhere, elsewhere):
        return here

    session = open_session()
    session.run_cell("here = 1")
    assert failure(session, probe) == Failure(
        "missing", "`nowhere` is not defined: is its cell missing, or did it fail?"
    )


def test_an_error_is_told_with_the_student_s_own_line(open_session: Open) -> None:
    def probe(f):
        return f([])

    session = open_session()
    session.run_cell(
        "import torch\ndef f(items):\n    return helper(items)\n"
        "def helper(items):\n    return torch.stack(items)"
    )
    found = failure(session, probe)
    assert (found.kind, found.line) == ("raised", "return torch.stack(items)")
    assert found.text.startswith("RuntimeError: ")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise NotImplementedError", "NotImplementedError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class Bad(Exception):\n        def __str__(self): raise ValueError\n    raise Bad", "Bad"),
        ("return f()", "RecursionError: maximum recursion depth exceeded"),
        ("raise ValueError('a\\nb  c' + 'x' * 10**6)", "ValueError: a b c"),
        ("return input()", "StdinNotImplementedError"),
        ("return bytearray(2**40)", "MemoryError"),
    ],
)
def test_however_a_probe_fails_it_is_told_in_a_line(body: str, told: str, open_session: Open) -> None:
    def probe(f):
        return f()

    session = open_session()
    session.run_cell(f"kept = 1\ndef f():\n    {body}")
    found = failure(session, probe)
    assert found.kind == "raised"
    assert told in found.text
    assert len(found.text) <= 500
    assert "\n" not in found.text
    assert goes_on(session)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("x = []; x.append(x); return x", "nested too deeply"),
        ("return [0] * 10**6", "too large"),
        ("return 10**1000", "too large"),
        ("return torch.zeros(2**24, dtype=torch.float64)", "too large"),
        ("return torch.zeros([1] * 9)", "dimensions"),
        ("return dict.fromkeys(range(20_000))", "too many keys"),
        (
            "layer = torch.nn.Linear(1, 1); return {p: p.numel() for p in layer.parameters()}",
            "as the key of a dict",
        ),
        ("return {torch.nn.ReLU(): 1, torch.nn.ReLU(): 2}", "a ReLU as the key of a dict"),
        ("return torch.zeros(2, device='meta')", "NotImplementedError"),
    ],
)
def test_a_result_that_cannot_be_sent_is_told_and_costs_no_process(
    body: str, told: str, open_session: Open
) -> None:
    def probe(f):
        return f()

    session = open_session()
    session.run_cell(f"import torch, os\nkept, first = 1, os.getpid()\ndef f():\n    {body}")
    found = failure(session, probe)
    assert found.kind == "unsendable"
    assert found.text.startswith("its result cannot be read: ")
    assert told in found.text
    assert goes_on(session)
    assert text(session.run_cell("print(os.getpid() == first)")) == "True\n"


def test_objects_that_answer_with_errors_or_lies_are_just_wrong(open_session: Open) -> None:
    def probe(values):
        return values

    session = open_session()
    session.run_cell(
        "import torch\n"
        "class Odd:\n    def __getattribute__(self, name): raise ValueError(name)\n"
        "class Equal:\n    def __eq__(self, other): return True\n    def __float__(self): return 1.0\n"
        "class Liar(float):\n    def __float__(self): return 1.0\n    def __eq__(self, other): return True\n"
        "class Yes(torch.Tensor):\n    @classmethod\n"
        "    def __torch_function__(cls, function, types, args=(), kwargs=None): return True\n"
        "values = [Equal(), Liar(0.5)]"
    )
    assert value(session, probe) == [wire.Opaque("Equal"), 0.5]
    session.run_cell("values = torch.tensor([0.5]).as_subclass(Yes)")
    assert value(session, probe).tolist() == [0.5]
    session.run_cell("values = Odd()")
    assert failure(session, probe).kind == "unsendable"


def test_what_probes_print_and_plot_is_dropped(open_session: Open) -> None:
    def probe(shout):
        shout()
        print("probe")  # noqa: T201 # runs in the student's process
        return 1

    session = open_session()
    session.run_cell(
        "import os, sys, warnings\nimport matplotlib.pyplot as plt\ndef shout():\n"
        "    print('out'); print('err', file=sys.stderr); os.write(1, b'descriptor')\n"
        "    warnings.warn('careful')\n"
        "    plt.plot([1]); plt.show(); plt.plot([2]); display('shown')"
    )
    assert value(session, probe) == 1
    assert session.run_cell("print('own')").outputs == (
        {"output_type": "stream", "name": "stdout", "text": "own\n"},
    )


def test_before_each_probe_the_process_is_put_back_as_it_was(open_session: Open) -> None:
    def probe():
        import os
        import sys

        import matplotlib.pyplot as plt
        import torch

        return [
            torch.is_grad_enabled(),
            str(torch.get_default_dtype()),
            torch.get_num_threads(),
            torch.are_deterministic_algorithms_enabled(),
            torch.is_anomaly_enabled(),
            plt.get_fignums(),
            os.path.samefile(".", os.environ["HOME"]),  # noqa: PTH121
            sys.gettrace() is sys.getprofile() is None,
        ]

    session = open_session()
    start = value(session, probe)
    assert start == [True, "torch.float32", 1, False, False, [], True, True]
    session.run_cell(
        "import os, sys, torch\nimport matplotlib.pyplot as plt\n%matplotlib agg\n"
        "def spoil():\n"
        "    torch.set_grad_enabled(False); torch.set_default_dtype(torch.float64)\n"
        "    torch.set_num_threads(2)\n"
        "    torch.use_deterministic_algorithms(True); torch.autograd.set_detect_anomaly(True)\n"
        "    plt.figure(); os.chdir('/'); sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)\n"
        "spoil()"
    )
    assert value(session, probe) == start

    def spoil(spoil):
        spoil()

    value(session, spoil)
    assert value(session, probe) == start


def test_every_probe_starts_from_the_same_seed_whatever_was_drawn_before(open_session: Open) -> None:
    def draw():
        import random

        import numpy as np
        import torch

        return random.random(), np.random.random(), torch.rand(2)

    def same(left: Any, right: Any) -> bool:
        return repr(left) == repr(right)

    session, other = open_session(seed=1), open_session(seed=2)
    first = value(session, draw)
    assert same(value(session, draw), first)
    session.run_cell(
        "import random, torch\nrandom.seed(99); torch.rand(5); torch.manual_seed = random.seed = print"
    )
    assert same(value(session, draw), first)
    assert not same(value(other, draw), first)


def test_cells_draw_the_same_in_each_run_of_a_seed(open_session: Open) -> None:
    source = (
        "import random, torch\nimport numpy as np\nprint(random.random(), np.random.random(), torch.rand(2))"
    )
    one, again, other = (text(open_session(seed=seed).run_cell(source)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_a_thousand_cells_may_each_end_their_process_when_they_are_run_again(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session()
    runs: list[str] = []

    def run(source: str, *, muted: bool = False, images: bool = True) -> CellRun:
        runs.append(source)
        if not muted and source != "last":
            return CellRun(True, ())
        session._lose()
        return CellRun(False, (), loss="it ended the Python process")

    process = SimpleNamespace(pid=os.getpid())
    server = SimpleNamespace(fork=lambda *request: process, end=lambda *process: 0)
    monkeypatch.setattr(session, "_server", server)
    monkeypatch.setattr(session, "_run", run)
    cells = [f"{number}" for number in range(1100)]
    for source in (*cells, "last", "again"):
        session.run_cell(source)
    session._lose()
    assert runs == [*cells, "last", *cells, "again"]


# What no limit of the system counts


def test_memory_that_was_filled_and_made_read_only_is_counted(open_session: Open) -> None:
    source = """
import ctypes, mmap, time
libc, held = ctypes.CDLL(None), []
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 4]
for _ in range(8):
    address = libc.mmap(None, 64 << 20, 3, 0x22, -1, 0)
    ctypes.memset(address, 1, 64 << 20)
    assert libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(64 << 20), 1) == 0
time.sleep(20)
"""
    run = open_session(memory=128 * 2**20).run_cell(source)
    assert run.loss == "it was stopped: it used more than 128 MB of memory"


def test_threads_are_counted(open_session: Open) -> None:
    source = """
import threading, time
threading.stack_size(65536)
for _ in range(600): threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
time.sleep(20)
"""
    assert open_session().run_cell(source).loss == "it was stopped: it started more than 500 threads"


def test_threads_left_behind_do_nothing_between_requests(open_session: Open) -> None:
    session = open_session()
    session.run_cell("""
import threading
def count():
    global steps
    while True:
        steps += 1
steps = 0
threading.Thread(target=count, daemon=True).start()
""")
    first = int(session.run_cell("print(steps)").outputs[0]["text"])
    time.sleep(1)
    second = int(session.run_cell("print(steps)").outputs[0]["text"])
    session.run_cell("import time; time.sleep(1)")
    third = int(session.run_cell("print(steps)").outputs[0]["text"])
    assert second - first < (third - second) / 5


def test_outputs_of_all_cells_together_are_bounded(open_session: Open) -> None:
    session = open_session(output=2048)
    runs = [session.run_cell("print('x' * 2000)") for _ in range(60)]
    assert all(run.fine for run in runs)
    kept = [len(run.outputs) for run in runs]
    assert kept[:30] == [1] * 30
    assert kept[-10:] == [0] * 10
