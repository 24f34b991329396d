"""The working folder is bounded while student code runs, and gone afterwards, whatever lies in it."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograde.sandbox.folder import Allowance, Overfull, WorkFolder
from autograde.sandbox.session import Session

MEGABYTE = 2**20
ROOMY = Allowance(2**30, 10_000)

Open = Callable[..., Session]


@pytest.fixture
def make_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., WorkFolder]]:
    """`make_folder(size, files)`: a working folder that is due to be looked at."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def make(size: int = 2**30, files: int = 10_000) -> WorkFolder:
        folder = WorkFolder(None, Allowance(size, files))
        folder.next_look = 0
        return folder

    yield make
    assert list(tmp_path.iterdir()) == []


def test_the_files_that_students_get_are_there_and_notebooks_are_not(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "digits").write_text("1")
    (tmp_path / "1.ipynb").write_text("{}")
    folder = WorkFolder(tmp_path, ROOMY)
    assert [path.name for path in sorted(folder.path.rglob("*"))] == ["data", "digits"]
    folder.remove()
    assert not folder.path.exists()


def test_little_is_fine_and_looked_at_only_now_and_then(make_folder: Callable[..., WorkFolder]) -> None:
    folder = make_folder(size=MEGABYTE, files=10)
    (folder.path / "small").write_text("x")
    folder.watch(os.getpid())
    assert 0 < folder.next_look - time.monotonic() < 1
    (folder.path / "large").write_bytes(bytes(2 * MEGABYTE))
    folder.watch(os.getpid())  # not yet due
    folder.next_look = 0
    with pytest.raises(Overfull, match="its files took more than 1 MB"):
        folder.watch(os.getpid())
    folder.remove()


def test_a_hole_in_a_file_takes_no_room(make_folder: Callable[..., WorkFolder]) -> None:
    folder = make_folder(size=MEGABYTE)
    with (folder.path / "sparse").open("wb") as file:
        file.truncate(100 * MEGABYTE)
    folder.watch(os.getpid())
    folder.remove()


def test_too_many_files_are_counted_in_all_folders(make_folder: Callable[..., WorkFolder]) -> None:
    folder = make_folder(files=20)
    for number in range(11):
        (folder.path / f"{number}").mkdir()
        (folder.path / f"{number}" / "file").touch()
    with pytest.raises(Overfull, match="it made more than 20 files"):
        folder.watch(os.getpid())
    folder.remove()


def test_links_are_counted_and_not_followed(make_folder: Callable[..., WorkFolder], tmp_path: Path) -> None:
    folder = make_folder(size=MEGABYTE, files=10)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "large").write_bytes(bytes(2 * MEGABYTE))
    (folder.path / "folder").symlink_to(outside)
    (folder.path / "file").symlink_to(outside / "large")
    (folder.path / "loop").symlink_to(folder.path)
    folder.watch(os.getpid())
    folder.remove()
    assert (outside / "large").stat().st_size == 2 * MEGABYTE
    (outside / "large").unlink()
    outside.rmdir()


def test_files_that_were_removed_and_are_still_open_or_mapped_count(open_session: Open) -> None:
    tight = {"folder": Allowance(8 * MEGABYTE, 100), "file_size": 6 * MEGABYTE}
    writes = "file.write(bytes(5 * 2**20)); file.flush()"
    held = f"""
import tempfile, time
files = [tempfile.TemporaryFile() for _ in range(2)]
for file in files: {writes}
"""
    mapped = f"""
import mmap, os, time
maps = []
for name in "ab":
    with open(name, "wb+") as file:
        {writes}
        maps.append(mmap.mmap(file.fileno(), 0))
    os.remove(name)
"""
    for source in (held, mapped):
        run = open_session(**tight).run_cell(f"{source}\ntime.sleep(5)")
        assert run.loss == "it was stopped: its files took more than 8 MB"
        assert run.seconds < 5


def test_many_files_stop_a_cell_and_the_next_one_runs_in_a_clean_folder(open_session: Open) -> None:
    session = open_session(folder=Allowance(MEGABYTE, 50))
    session.run_cell("kept = 1")
    run = session.run_cell("import time\nfor n in range(60): open(f'{n}', 'w').close()\ntime.sleep(5)")
    assert run.loss == "it was stopped: it made more than 50 files"
    after = session.run_cell("import os\nprint(kept, os.listdir())")
    assert after.outputs[0]["text"] == "1 []\n"


def test_folders_thousands_deep_are_told_of_and_removed(open_session: Open) -> None:
    session = open_session(folder=Allowance(2**30, 10_000))
    source = "import os, time\nfor _ in range(4000):\n    os.mkdir('d')\n    os.chdir('d')\ntime.sleep(5)"
    assert session.run_cell(source).loss == "it was stopped: it made folders too deep"


def test_a_tree_of_any_depth_and_mode_is_removed(make_folder: Callable[..., WorkFolder]) -> None:
    folder = make_folder()
    home = Path.cwd()
    os.chdir(folder.path)
    try:
        for _ in range(3000):
            os.mkdir("deep")  # noqa: PTH102 # paths would be too long
            os.chdir("deep")
        Path("file").touch()
    finally:
        os.chdir(home)
    (folder.path / "closed").mkdir()
    (folder.path / "closed" / "inner").touch()
    (folder.path / "closed").chmod(0)
    os.mkfifo(folder.path / "pipe")
    folder.remove()
    assert not folder.path.exists()


def test_names_that_are_no_text_are_removed_too(make_folder: Callable[..., WorkFolder]) -> None:
    folder = make_folder()
    os.mkdir(os.fsencode(folder.path) + b"/\xff\n")  # noqa: PTH102 # no text
    with open(os.fsencode(folder.path) + b"/\xff\n/\xfe", "w"):  # noqa: PTH123 # likewise
        pass
    folder.watch(os.getpid())
    folder.remove()
    assert not folder.path.exists()
