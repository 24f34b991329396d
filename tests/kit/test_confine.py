"""A student's process is bounded, dies with its server, and holds nothing of the grader's."""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograde.build import build
from autograde.checks.judging import Judging
from autograde.checks.probe import request_for
from autograde.checks.suite import CheckSuite
from autograde.course import Course
from autograde.grading import Grader
from autograde.intake import read_submission, repair
from autograde.model import CheckResult
from autograde.notebook import grade_id, read_notebook
from autograde.sandbox import syscalls
from autograde.sandbox.answers import Value
from autograde.sandbox.confine import LEVELS, Limits, clean_environment
from autograde.sandbox.folder import Allowance
from autograde.sandbox.session import Session

Open = Callable[..., Session]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

MEGABYTE = 2**20
EXIT = syscalls.numbers(syscalls.ALLOWED).get("exit") if syscalls.supported() else 0
LIMITS = Limits(memory=200 * MEGABYTE, file_size=MEGABYTE, open_files=64)

CONFINED = """
import ctypes, json, os, resource, sys
from pathlib import Path
from autograde.sandbox.confine import Limits, confine
report, folder = int(sys.argv[1]), Path(sys.argv[2])
confine(Limits(**{limits}), folder, frozenset({{report}}), {parent}, {level!r})
{code}
os.write(report, json.dumps(found).encode())
"""


def confined(code: str, folder: Path, parent: str = "os.getppid()", level: str = LEVELS[1]) -> Any:
    """Run code in a process that has confined itself to a folder, and return what it calls `found`."""
    ours, theirs = os.pipe()
    secret = os.open(__file__, os.O_RDONLY)  # inherited, as a server's descriptors are
    text = CONFINED.format(limits=vars(LIMITS), parent=parent, level=level, code=code)
    command = [sys.executable, "-c", text, str(theirs), str(folder)]
    process = subprocess.Popen(
        command,
        pass_fds=[theirs, secret],
        env=os.environ | {"GRADER_TOKEN": "canary"},
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    os.close(secret)
    with process, os.fdopen(ours, "rb") as report:
        told = report.read()
        assert process.stderr is not None
        problem = process.stderr.read().decode()
    if process.returncode:
        raise ChildProcessError(process.returncode, problem)
    return json.loads(told)


# What `confine` does


def test_the_environment_is_the_list_of_what_is_allowed(tmp_path: Path) -> None:
    assert confined("found = dict(os.environ)", tmp_path) == clean_environment(tmp_path)


def test_nothing_allowed_in_the_environment_comes_from_the_grader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = clean_environment(tmp_path)
    for name in before:
        monkeypatch.setenv(name, "canary")
    assert clean_environment(tmp_path) == before
    assert {before[name] for name in ("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "TORCH_HOME")} == {
        str(tmp_path)
    }


def test_inherited_descriptors_are_closed(tmp_path: Path) -> None:
    code = """
found = []
for number in range(3, 1024):
    try:
        os.fstat(number)
    except OSError:
        continue
    found.append(number == report)
"""
    assert confined(code, tmp_path) == [True]


def test_the_process_works_in_its_folder_and_keeps_its_files_to_itself(tmp_path: Path) -> None:
    found = confined("open('made', 'w').close()\nfound = os.getcwd()", tmp_path)
    assert Path(found) == tmp_path
    assert (tmp_path / "made").stat().st_mode & 0o077 == 0


def test_the_process_has_left_the_terminal_s_session(tmp_path: Path) -> None:
    assert confined("found = os.getsid(0) == os.getpid()", tmp_path)


def test_no_new_privileges_can_be_gained(tmp_path: Path) -> None:
    assert confined("found = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)", tmp_path) == 1


@pytest.mark.parametrize(
    ("kind", "bound"),
    [("CORE", 0), ("FSIZE", LIMITS.file_size), ("NOFILE", LIMITS.open_files)],
)
def test_limits_hold_and_cannot_be_raised(kind: str, bound: int, tmp_path: Path) -> None:
    code = f"""
found = [list(resource.getrlimit(resource.RLIMIT_{kind}))]
try:
    resource.setrlimit(resource.RLIMIT_{kind}, ({bound} + 1, {bound} + 1))
except (ValueError, OSError) as error:
    found.append(type(error).__name__)
"""
    limits, *refused = confined(code, tmp_path)
    assert limits == [bound, bound]
    assert refused


def test_memory_beyond_the_limit_is_an_error_and_up_to_it_is_not(tmp_path: Path) -> None:
    code = """
held = bytearray(100 * 2**20)
found = "no limit"
try:
    more = bytearray(200 * 2**20)
except MemoryError:
    found = "limit"
"""
    assert confined(code, tmp_path) == "limit"


def test_a_file_beyond_the_limit_is_an_error_and_not_the_end(tmp_path: Path) -> None:
    code = """
found = []
with open("large", "wb", buffering=0) as file:
    found.append(file.write(b"x" * 2**20))
    try:
        file.write(b"x")
    except OSError as error:
        found.append(os.strerror(error.errno))
"""
    assert confined(code, tmp_path) == [MEGABYTE, "File too large"]


def test_it_is_the_first_to_go_when_the_machine_s_memory_runs_out(tmp_path: Path) -> None:
    assert confined("found = open('/proc/self/oom_score_adj').read()", tmp_path) == "1000\n"


def test_a_process_whose_server_is_gone_already_ends_at_once(tmp_path: Path) -> None:
    with pytest.raises(ChildProcessError) as raised:
        confined("found = 1", tmp_path, parent="os.getppid() + 1")
    assert raised.value.errno == 1


def test_the_process_dies_with_its_server(tmp_path: Path) -> None:
    server = """
import os, sys, time
from pathlib import Path
from autograde.sandbox.confine import Limits, confine
parent = os.getpid()
pid = os.fork()
if pid == 0:
    confine(Limits(2**30), Path(sys.argv[1]), frozenset(), parent, "confined")
    os.write(1, b"confined\\n")
    time.sleep(600)
print(pid, flush=True)
time.sleep(600)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", server, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process:
        lines = {process.stdout.readline().strip(), process.stdout.readline().strip()}
        (pid,) = lines - {"confined"}
        process.kill()
    deadline = time.monotonic() + 20
    while running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    survived = running(pid)
    if survived:
        os.kill(int(pid), signal.SIGKILL)
    assert not survived


def running(pid: str) -> bool:
    """Whether a process is there and not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# What a student's process finds


def shown(session: Session, source: str) -> Any:
    """Return the value a cell prints as JSON."""
    run = session.run_cell(f"import json, os, sys\n{source}")
    assert run.fine, run
    return json.loads(run.outputs[0]["text"])


def test_a_student_finds_the_allowed_environment_and_no_other(open_session: Open) -> None:
    found = shown(open_session(), "print(json.dumps(dict(os.environ)))")
    assert found == clean_environment(Path(found["HOME"]))


def test_a_student_finds_an_empty_folder(open_session: Open) -> None:
    session = open_session()
    folder, inside = shown(session, "print(json.dumps([os.getcwd(), os.listdir()]))")
    assert inside == []
    assert folder == shown(session, "print(json.dumps(os.environ['HOME']))")


def test_a_student_finds_no_descriptor_but_the_line_and_what_is_its_own(open_session: Open) -> None:
    found = shown(
        open_session(),
        """
links = {}
for number in range(512):
    try:
        links[number] = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        pass
links = list(links.values())
print(json.dumps([os.getcwd(), links[:3], links[3:]]))
""",
    )
    folder, standard, others = found
    assert standard[0] == "/dev/null"
    files = {link for link in (*standard[1:], *others) if link.startswith("/")}
    assert all(link.startswith(folder) and link.endswith("(deleted)") for link in files)
    # One line to the grader, and the event loop's pair of sockets and its poll.
    assert sum(link.startswith("socket:") for link in others) == 3
    assert {link for link in others if not link.startswith(("socket:", "/"))} <= {"anon_inode:[eventpoll]"}


def test_a_student_finds_no_part_of_the_kit_but_its_own_side_of_the_line(open_session: Open) -> None:
    found = shown(open_session(), "print(json.dumps([name for name in sys.modules if 'autograde' in name]))")
    own = {"server", "child", "shell", "stand_ins", "outputs", "wire", "channel"}
    own |= {"confine", "landlock", "seccomp", "privileges", "syscalls"}
    assert set(found) <= {"autograde", "autograde.sandbox"} | {f"autograde.sandbox.{name}" for name in own}
    roots = shown(open_session(), "print(json.dumps([name.partition('.')[0] for name in sys.modules]))")
    assert not {"pytest", "_pytest", "nbgrader", "nbformat", "sqlalchemy", "jupytext", "rich"} & set(roots)


def test_a_student_cannot_import_the_rest_of_the_kit_from_beside_it(open_session: Open) -> None:
    session = open_session()
    package = shown(session, "import autograde\nprint(json.dumps([autograde.__file__, sys.path]))")
    parent = str(Path(package[0]).parents[1])
    assert parent.endswith("site-packages") or parent not in package[1]


def test_a_student_s_command_line_and_first_environment_tell_nothing(open_session: Open) -> None:
    session = open_session()
    found = shown(session, "print(json.dumps(open('/proc/self/cmdline').read().split('\\0')))")
    assert found[1:4] == ["-I", "-m", "autograde.sandbox.server"]
    assert found[4].isdigit()
    assert found[5:] == [""]


# What its memory holds


def canary(place: str) -> str:
    """Return a text that is nowhere else. It is put together here, so that no source file holds it."""
    return "-".join(["canary", place, "5f1c"])


def canaries(pid: int) -> Counter[str]:
    """Return how often each canary is in the memory of a process, wherever that can have been written to."""
    found: Counter[str] = Counter()
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps.read().splitlines():
            span, rights, _, _, inode, *name = line.split(maxsplit=5)
            if not rights.startswith("r") or name[:1] in (["[vvar]"], ["[vsyscall]"], ["[vvar_vclock]"]):
                continue
            if inode != "0" and "w" not in rights and "(deleted)" not in line:
                continue  # a library as it lies on disk
            start, end = (int(part, 16) for part in span.split("-"))
            for at in range(start, end, 8 * MEGABYTE):
                memory.seek(at)
                chunk = memory.read(min(8 * MEGABYTE + 100, end - at))
                if b"-5f1c" in chunk:
                    found.update(place.decode() for place in re.findall(rb"canary-([a-z]+)-5f1c", chunk))
    return found


@pytest.fixture
def planted_course(
    toy_course: Course,
    tmp_path: Path,
    change: Callable[[Path, str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Course:
    """The toy course with a canary in every place that students must not see."""
    root = tmp_path / canary("path")
    shutil.copytree(toy_course.root, root)
    course = Course(root)
    exercise = course.exercise("add_numbers")
    change(exercise.check_file, '"""Hidden', f'"""{canary("check")} Hidden')
    change(exercise.check_file, '"Use the', f'"{canary("hint")} Use the')
    told = f"    assert {canary('expected')!r}, {canary('message')!r}  # {canary('comment')}\n"
    change(exercise.check_file, "    agree(probe, pairs=", told + "    agree(probe, pairs=")
    for specimen in exercise.wrong:
        change(specimen, "def add_numbers", f"specimen = {canary('specimen')!r}\n\n\ndef add_numbers")
    solution = course.text("toy", "1_numbers")
    change(solution, "    return a + b\n", f"    {canary('solution')!r}\n    return a + b\n")
    build(course, "toy")
    others = (course.results("toy", "bob"), course.submitted("toy", "bob") / "x.ipynb", root / "gradebook.db")
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(canary("results"), "utf-8")
    monkeypatch.setenv("GRADER_TOKEN", canary("environment"))
    return course


def submission(course: Course, answer: str) -> Any:
    """Return a submission whose first exercise is answered so."""
    path = course.submitted("toy", "ada") / "1_numbers.ipynb"
    path.parent.mkdir(parents=True)
    notebook = read_notebook(course.release("toy", "1_numbers"))
    cell = next(cell for cell in notebook.cells if grade_id(cell) == "add_numbers")
    cell.source = answer
    path.write_text(json.dumps(notebook), "utf-8")
    return repair(read_notebook(course.release("toy", "1_numbers")), read_submission(path))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Counter[str]]:
    """The canaries that were in a student's memory, after each exercise that was judged."""
    found: list[Counter[str]] = []
    judge = CheckSuite.run

    def probe(students_own):
        import os

        return os.getpid()

    def run(self: CheckSuite, exercise: str, judging: Judging) -> tuple[CheckResult, ...]:
        results = judge(self, exercise, judging)
        answer = judging.student.probe(request_for(probe, {}), {})
        if isinstance(answer, Value):  # else it was a specimen that was tried
            found.append(canaries(answer.value))
        return results

    monkeypatch.setattr(CheckSuite, "run", run)
    return found


def test_no_secret_of_the_grader_is_in_the_memory_of_a_process_that_is_graded(
    planted_course: Course, seen: list[Counter[str]]
) -> None:
    answer = f"students_own = {canary('own')!r}\ndef add_numbers(a, b):\n    return a - b\n"
    repaired = submission(planted_course, answer)
    with Grader(planted_course) as grader:
        for _ in range(2):  # the second after specimens were tried, which explain the failure of the first
            graded = grader.grade_notebook("toy", "1_numbers", repaired)
            assert graded.result.exercises[0].diagnosis
    assert [set(found) for found in seen] == [{"own"}] * 4  # what is there is found


def test_a_probe_is_all_that_a_student_s_memory_sees_of_a_check(open_session: Open) -> None:
    def probe():
        import os

        return "canary-probe-5f1c", os.getpid()

    answer = open_session().probe(request_for(probe, {}), {})
    assert isinstance(answer, Value)
    assert answer.value[0] != canary("expected")
    assert set(canaries(answer.value[1])) == {"probe"}


def test_memory_that_counts_as_a_stack_is_refused(tmp_path: Path) -> None:
    code = """
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_ssize_t
found = [libc.mmap(None, 4096, 3, 0x122, -1, 0), ctypes.get_errno()]  # MAP_GROWSDOWN
"""
    assert confined(code, tmp_path) == [-1, errno.ENOMEM]


def test_no_thread_has_descriptors_of_its_own(tmp_path: Path) -> None:
    code = """
from autograde.sandbox import syscalls
found = []
for name, *arguments in (("close_range", 1000, 1001, 2), ("clone", 0x10900, 0, 0, 0, 0)):
    try:
        syscalls.call(name, *arguments)
    except OSError as error:
        found.append(error.errno)
os.closerange(1000, 1001)
"""
    assert confined(code, tmp_path) == [errno.EPERM] * 2


@pytest.mark.parametrize("ends", [False, True])
def test_removed_files_count_also_when_the_first_thread_has_ended(ends: bool, open_session: Open) -> None:
    code = f"""
import ctypes, os, threading, time
def keep():
    time.sleep(0.1)
    for _ in range(3):
        file = os.open("kept", os.O_CREAT | os.O_RDWR)
        os.unlink("kept")
        os.posix_fallocate(file, 0, {2 * MEGABYTE})
    time.sleep(60)
threading.Thread(target=keep).start()
ctypes.CDLL(None).syscall({EXIT} if {ends} else -1, 0)
time.sleep(60)
"""
    session = open_session(folder=Allowance(4 * MEGABYTE, 100), cell_seconds=30)
    assert session.run_cell(code).loss == "it was stopped: its files took more than 4 MB"


@pytest.mark.parametrize(
    "call", ["truncate(place, 0)", "open(place, os.O_TRUNC)", "open(place, os.O_TRUNC | 3)"]
)
def test_no_file_outside_is_cut_off_where_landlock_does_not_know_of_cutting(
    call: str, tmp_path: Path
) -> None:
    library, folder = tmp_path / "library", tmp_path / "folder"
    library.write_text("a module")
    folder.mkdir()
    code = f"""
place, found = {str(library)!r}, 0
try:
    os.{call}
except OSError as error:
    found = error.errno
"""
    older = "from autograde.sandbox import landlock; landlock.version = lambda: 2"
    more = f"from autograde.sandbox import confine as c; also = (*c.readable(), Path({str(library)!r}))"
    more += "; c.readable = lambda: also"
    # Landlock of the second version, and a file that may be read.
    parent = f"[exec({older!r}), exec({more!r}), os.getppid()][-1]"
    assert confined(code, folder, parent) == errno.EPERM
    assert library.read_text() == "a module"
