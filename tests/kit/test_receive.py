"""Which file of a submission is which notebook: what a teacher takes it for, or a line that says why not."""

import io
import os
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograde.course import Course
from autograde.errors import SubmissionError
from autograde.intake import receive, repair
from autograde.intake.decode import SIZE_LIMIT
from autograde.notebook import dumps, new_notebook, read_notebook

Receive = Callable[..., dict[str, NotebookNode | SubmissionError]]
NAMES = ("1_sums", "2_means", "10_means again")


def released(name: str, answer: str = "") -> NotebookNode:
    """Return a notebook with a cell that all have, one solution cell and its tests."""
    word = name.replace(" ", "_")
    cells = [
        new_code_cell(
            "import math", id="imports", metadata={"nbgrader": {"grade_id": "imports", "locked": True}}
        ),
        new_markdown_cell(f"# About {word}, from the beginning", id="title"),
        new_code_cell(
            answer or f"def solve_{word}():\n    raise NotImplementedError",
            id="solve",
            metadata={"nbgrader": {"grade_id": f"solve_{word}", "solution": True}},
        ),
        new_code_cell(
            f"assert solve_{word}()",
            id="test",
            metadata={"nbgrader": {"grade_id": f"test_{word}", "grade": True, "locked": True}},
        ),
    ]
    return new_notebook(cells)


RELEASED = {name: released(name) for name in NAMES}


def solved(name: str, value: int = 1) -> str:
    return dumps(released(name, f"def solve_{name.replace(' ', '_')}():\n    return {value}"))


def without_names(text: str) -> str:
    return text.replace('"nbgrader"', '"other"').replace('"solve"', '"a"').replace('"test"', '"b"')


@pytest.fixture(name="hand_in")
def fixture_hand_in(tmp_path: Path) -> Receive:
    """Return a function that hands in files by path and receives them."""

    def hand_in(contents: Mapping[str, str | bytes]) -> dict[str, NotebookNode | SubmissionError]:
        folder = tmp_path / "sam" / "numbers"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return receive(folder, RELEASED)

    return hand_in


def answer(received: NotebookNode | SubmissionError) -> str:
    assert isinstance(received, NotebookNode), received
    return str(received.cells[2].source)


def told(name: str, received: NotebookNode | SubmissionError) -> tuple[str, ...]:
    assert isinstance(received, NotebookNode), received
    return repair(RELEASED[name], received).repairs


def refused(received: NotebookNode | SubmissionError) -> str:
    assert isinstance(received, SubmissionError), received
    line = str(received)
    assert line.isprintable()
    return line


def zipped(contents: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_notebooks_with_their_names_are_received_without_a_word(hand_in: Receive) -> None:
    received = hand_in({f"{name}.ipynb": solved(name) for name in NAMES})
    assert [told(name, received[name]) for name in NAMES] == [(), (), ()]


@pytest.mark.parametrize(
    "file",
    [
        "1_sums (1).ipynb",
        "1_sums-Copy1.ipynb",
        "smith_1_sums.ipynb",
        "Smith, Ann_12345_assignsubmission_file_1_sums.ipynb",
        "1_SUMS.IPYNB",
        "1_sums.ipynb.txt",
        "1_sums.json",
        "1_sums",
        "Untitled.ipynb",
        "numbers/1_sums.ipynb",
        "a/b/c/1_sums.ipynb",
        "1_sums.ipynb/1_sums.ipynb",
        "2_means.ipynb",
    ],
)
@pytest.mark.parametrize("change", [str, without_names], ids=["named", "nameless"])
def test_a_misnamed_notebook_is_recognised_and_that_is_told(
    hand_in: Receive, file: str, change: Callable[[str], str]
) -> None:
    received = hand_in({file: change(solved("1_sums"))})
    assert "return 1" in answer(received["1_sums"])
    assert (
        told("1_sums", received["1_sums"])[0]
        == f"`{file}` holds the notebook `1_sums` and was graded as that."
    )
    assert isinstance(received["2_means"], SubmissionError)


def test_swapped_notebooks_are_swapped_back(hand_in: Receive) -> None:
    received = hand_in({"1_sums.ipynb": solved("2_means"), "2_means.ipynb": solved("1_sums")})
    assert "solve_1_sums" in answer(received["1_sums"])
    assert "solve_2_means" in answer(received["2_means"])


def test_a_cell_from_another_notebook_makes_no_other_notebook(hand_in: Receive) -> None:
    notebook = released("1_sums", "def solve_1_sums():\n    return 1")
    notebook.cells.append(NotebookNode(RELEASED["2_means"].cells[2], id="copy"))
    received = hand_in({"1_sums.ipynb": dumps(notebook)})
    assert "return 1" in answer(received["1_sums"])


@pytest.mark.parametrize("other", ["1_sums (1).ipynb", "old/1_sums.ipynb", "Untitled.ipynb"])
def test_the_file_with_the_right_name_counts_and_what_is_left_out_is_told(
    hand_in: Receive, other: str
) -> None:
    received = hand_in({"1_sums.ipynb": solved("1_sums", 1), other: solved("1_sums", 2)})
    assert "return 1" in answer(received["1_sums"])
    assert told("1_sums", received["1_sums"]) == (f"`{other}` was left out: `1_sums.ipynb` counts.",)


@pytest.mark.parametrize(
    "content", [dumps(RELEASED["1_sums"]), solved("1_sums")], ids=["untouched", "the same"]
)
def test_a_copy_that_adds_nothing_is_not_worth_a_word(hand_in: Receive, content: str) -> None:
    received = hand_in({"1_sums.ipynb": solved("1_sums"), "1_sums-Copy1.ipynb": content})
    assert told("1_sums", received["1_sums"]) == ()


@pytest.mark.parametrize(
    ("content", "why"), [(dumps(RELEASED["1_sums"]), "holds no answers"), ("", "cannot be read")]
)
def test_a_copy_counts_if_the_notebook_itself_is_untouched_or_broken(
    hand_in: Receive, content: str, why: str
) -> None:
    received = hand_in({"1_sums.ipynb": content, "1_sums-Copy1.ipynb": solved("1_sums")})
    assert "return 1" in answer(received["1_sums"])
    assert told("1_sums", received["1_sums"]) == (
        f"`1_sums.ipynb` {why}; `1_sums-Copy1.ipynb` was graded in its place.",
    )


def test_of_two_misnamed_notebooks_with_different_answers_none_is_chosen(hand_in: Receive) -> None:
    received = hand_in({f"1_sums ({number}).ipynb": solved("1_sums", number) for number in (1, 2)})
    assert refused(received["1_sums"]) == (
        "sam/numbers/1_sums.ipynb: `1_sums (1).ipynb` and `1_sums (2).ipynb` hold it with different answers; "
        "ask the student which counts"
    )


@pytest.mark.parametrize(
    "file", [".ipynb_checkpoints/1_sums-checkpoint.ipynb", "__MACOSX/1_sums.ipynb", "._1_sums.ipynb"]
)
def test_what_programs_leave_behind_is_nobody_s_work(hand_in: Receive, file: str) -> None:
    assert "there is no such notebook; ask" in refused(hand_in({file: solved("1_sums")})["1_sums"])


def test_what_is_there_in_place_of_a_notebook_is_named(hand_in: Receive) -> None:
    received = hand_in({"answers.docx": b"PK", "numbers.rar": b"Rar!", "timestamp.txt": "2024-05-01"})
    assert "no such notebook, but `answers.docx`, `numbers.rar`, `timestamp.txt`; ask" in refused(
        received["1_sums"]
    )


def test_a_folder_that_is_not_there_is_a_missing_notebook(tmp_path: Path) -> None:
    assert "there is no such notebook" in refused(receive(tmp_path / "nobody", RELEASED)["1_sums"])


def test_links_and_pipes_are_refused_and_not_followed(hand_in: Receive, tmp_path: Path) -> None:
    hand_in({})
    secret = tmp_path / "secret.ipynb"
    secret.write_text(solved("1_sums"), "utf-8")
    folder = tmp_path / "sam" / "numbers"
    (folder / "1_sums.ipynb").symlink_to(secret)
    os.mkfifo(folder / "2_means.ipynb")
    (folder / "more").symlink_to(tmp_path)
    received = receive(folder, RELEASED)
    assert {"plain file" in refused(received[name]) for name in ("1_sums", "2_means")} == {True}


def test_a_notebook_is_found_among_thousands_of_files(hand_in: Receive) -> None:
    received = hand_in({f"{number}.txt": "" for number in range(3_000)} | {"1_sums.ipynb": solved("1_sums")})
    assert "return 1" in answer(received["1_sums"])


# Archives


@pytest.mark.parametrize("folder", ["", "numbers/", "./", "../../", "/etc/", "C:\\numbers\\"])
def test_an_archive_is_read_and_nothing_unpacked(hand_in: Receive, tmp_path: Path, folder: str) -> None:
    archive = zipped(
        {f"{folder}{name}.ipynb": solved(name) for name in NAMES} | {"__MACOSX/._1_sums.ipynb": b"x"}
    )
    received = hand_in({"Smith.zip": archive})
    assert ["return 1" in answer(received[name]) for name in NAMES] == [True, True, True]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["Smith.zip"]


@pytest.mark.parametrize(
    ("archive", "problem"),
    [
        (zipped({"1_sums.ipynb": solved("1_sums")}, zipfile.ZIP_BZIP2), "packed in an unusual way"),
        (
            zipped({"1_sums.ipynb": solved("1_sums")}).replace(b"\x03", b"\x07"),
            "cannot be read from its archive",
        ),
        (zipped({"1_sums.ipynb": solved("1_sums")})[:-30], "but `Smith.zip`"),
        (b"no archive", "but `Smith.zip`"),
        (zipped({f"{number}.ipynb": b"" for number in range(25_000)}), "but `Smith.zip`"),
        (zipped({"numbers.zip": zipped({"1_sums.ipynb": solved("1_sums")})}), "but `Smith.zip/numbers.zip`"),
    ],
    ids=["bzip2", "damaged", "truncated", "none", "crowded", "nested"],
)
def test_an_archive_that_cannot_be_read_is_told(hand_in: Receive, archive: bytes, problem: str) -> None:
    assert problem in refused(hand_in({"Smith.zip": archive})["1_sums"])


def test_archives_that_nbgrader_collects_as_they_are_are_received(built_course: Course) -> None:
    """As the README advises: unpacked by nbgrader, one bad archive would end the collecting of all."""
    config = built_course.root / "nbgrader_config.py"
    with config.open("a", encoding="utf-8") as file:
        file.write(
            "c.ExtractorPlugin.zip_ext = []\n"
            'c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".zip"]\n'
            'c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>[^/_]+)_(?P<file_id>[^/]+)$"\n'
        )
    archives = built_course.root / "downloaded" / "toy" / "archive"
    archives.mkdir(parents=True)
    text = read_notebook(built_course.source("toy", "1_numbers"))
    for student in ("ann", "eve"):
        bad = {"../../evil.ipynb": "x"} if student == "eve" else {}
        (archives / f"{student}_toy.zip").write_bytes(zipped({"hw/1_numbers.ipynb": dumps(text)} | bad))
    command = [sys.executable, "-m", "nbgrader", "zip_collect", "toy"]
    subprocess.run(command, cwd=built_course.root, capture_output=True, check=True, timeout=120)
    released = {"1_numbers": read_notebook(built_course.release("toy", "1_numbers"))}
    for student in ("ann", "eve"):
        received = receive(built_course.submitted("toy", student), released)["1_numbers"]
        assert isinstance(received, NotebookNode), received
        assert "return a + b" in "".join(cell.source for cell in received.cells)
    assert not list(built_course.root.rglob("evil*"))


def test_a_zip_bomb_is_unpacked_no_further_than_the_limit(hand_in: Receive) -> None:
    archive = zipped({"1_sums.ipynb": b"0" * (2 * SIZE_LIMIT)})
    assert len(archive) < 2**20
    tracemalloc.start()
    try:
        assert "larger than 200 MB" in refused(hand_in({"Smith.zip": archive})["1_sums"])
        assert tracemalloc.get_traced_memory()[1] < 2.2 * SIZE_LIMIT
    finally:
        tracemalloc.stop()
