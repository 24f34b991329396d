"""Which file of a submission is which notebook: by its name, and where that is lost by what is in it.

An LMS adds names and numbers, a browser ` (1)` and `.txt`, a student a folder, a zip archive or a copy.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograde.errors import SubmissionError
from autograde.files import SUBMISSION_LIMIT
from autograde.intake.content import defined_names, text_key
from autograde.intake.decode import AGAIN, SIZE_LIMIT, UnusableError
from autograde.intake.files import Arrived, files_in, printable
from autograde.intake.read import READ_REPAIRS, notebook_in, shown_path
from autograde.notebook import Role, grade_id, role

FILES_LIMIT = 100  # files that may be notebooks
_OTHER_FILES_LIMIT = 20 * 2**20  # one that is not called a notebook
_SHOWN = 3
_RIGHT_NAME, _OTHER_NAME = 1, 2
_ASIDE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class _Candidate:
    """A file that holds a released notebook, or is called so; without a notebook it cannot be read."""

    file: Arrived
    rank: int  # 0: has the right name in the right place; 1, or 2:
    notebook: NotebookNode | None
    answers: frozenset[str]  # what is in no released cell
    problem: str = ""


def receive(folder: Path, released: Mapping[str, NotebookNode]) -> dict[str, NotebookNode | SubmissionError]:
    """Return what a student handed in for each released notebook, as `read_submission` does, or why nothing.

    A file with the notebook's name counts; if there is none, or it cannot be read, is untouched or holds
    another notebook, one that holds the notebook and answers, also in a subfolder or a zip archive. Of
    several with different answers none is chosen. What was decided is told as `read_submission` tells
    repairs.
    """
    kinds = _Kinds(released)
    candidates: defaultdict[str, list[_Candidate]] = defaultdict(list)
    others: dict[str, str] = {}  # files called otherwise, and what they hold
    for file, data in _read(folder, kinds):
        name, candidate = _judged(file, data, kinds)
        candidates[name].append(candidate)
        if candidate.rank == _OTHER_NAME:
            others[file.shown] = name
    return {name: _chosen(folder, name, candidates[name], others) for name in released}


class _Kinds:
    """What tells the notebooks of an assignment from each other."""

    def __init__(self, released: Mapping[str, NotebookNode]) -> None:
        self.names = tuple(released)
        self.stubs = {
            name: frozenset(text_key(cell) for cell in notebook.cells) for name, notebook in released.items()
        }
        self._owners: dict[tuple[str, str], str] = {}
        for name, notebook in released.items():
            for mark in {mark for cell in notebook.cells for mark in _marks(cell, role(cell))}:
                self._owners[mark] = "" if mark in self._owners else name

    def by_content(self, notebook: NotebookNode) -> str:
        """Return the released notebook that most of the cells come from; "" if none stands out."""
        marks = {mark for cell in notebook.cells for mark in _marks(cell, Role.SOLUTION)}
        votes = Counter(name for mark in marks if (name := self._owners.get(mark)))
        (first, most), (_, second) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
        return first if most > 2 * second else ""

    def by_name(self, file: Arrived) -> str:
        """Return the only released notebook whose name is in the file's name, or "" if there is none."""
        words = _ASIDE.sub("_", file.path.name.casefold())
        found = [name for name in self.names if _ASIDE.sub("_", name.casefold()) in words]
        longest = max(found, key=len, default="")
        return longest if all(name in longest for name in found) else ""


def _marks(cell: NotebookNode, kind: Role) -> Iterator[tuple[str, str]]:
    """Yield what a cell may be known by: its name, its text, and what a solution defines."""
    if name := grade_id(cell):
        yield "name", name
    if key := text_key(cell):
        yield "text", key
    if kind is Role.SOLUTION and cell.cell_type == "code":
        yield from (("defines", name) for name in defined_names(cell))


def _read(folder: Path, kinds: _Kinds) -> Iterator[tuple[Arrived, bytes | UnusableError]]:
    """Yield the files that may be notebooks and what is in them, as long as that is not too much."""
    files, size = 0, 0
    for file in files_in(folder, [f"{name}.ipynb" for name in kinds.names]):
        named = ".ipynb" in file.name.casefold()
        if not named and not _may_be_a_notebook(file, kinds):
            yield file, UnusableError()
            continue
        files += 1
        if files > FILES_LIMIT or size > SUBMISSION_LIMIT:
            return
        try:
            data = file.read(SIZE_LIMIT if named else _OTHER_FILES_LIMIT)
            size += len(data)
            yield file, data
        except UnusableError as problem:
            yield file, problem


def _may_be_a_notebook(file: Arrived, kinds: _Kinds) -> bool:
    suffix = file.path.suffix.casefold()
    return suffix == ".json" or (suffix in {"", ".txt"} and bool(kinds.by_name(file)))


def _judged(file: Arrived, data: bytes | UnusableError, kinds: _Kinds) -> tuple[str, _Candidate]:
    """Return which notebook a file is, "" if none, and what there is to know of it."""
    called = kinds.by_name(file)
    path = file.path
    stem = path.stem if path.suffix == ".ipynb" else ""
    place = 0 if file.shown == path.name else _RIGHT_NAME
    try:
        if isinstance(data, UnusableError):
            raise data
        notebook = notebook_in(data)
    except UnusableError as problem:
        rank = place if stem in kinds.names else _OTHER_NAME
        return called if str(problem) else "", _Candidate(file, rank, None, frozenset(), str(problem))
    name = kinds.by_content(notebook) or called
    answers = frozenset(map(text_key, notebook.cells)) - kinds.stubs.get(name, frozenset()) - {""}
    return name, _Candidate(file, place if stem == name else _OTHER_NAME, notebook, answers)


def _chosen(
    folder: Path, name: str, candidates: Sequence[_Candidate], others: Mapping[str, str]
) -> NotebookNode | SubmissionError:
    shown = shown_path(folder / f"{name}.ipynb")
    usable = [one for one in candidates if one.notebook]
    if not usable:
        misnamed = {file: held for file, held in others.items() if not held or file == f"{name}.ipynb"}
        return SubmissionError(f"{shown}: {_why_not(candidates, misnamed)}")
    best, *rest = sorted(usable, key=lambda one: (not one.answers, one.rank))
    rivals = [one for one in rest if one.answers and one.answers != best.answers]
    if rivals and rivals[0].rank == best.rank:
        both = f"`{_named(best)}` and `{_named(rivals[0])}`"
        return SubmissionError(
            f"{shown}: {both} hold it with different answers; ask the student which counts"
        )
    return _told(best, [one for one in candidates if one is not best], rivals, name)


def _named(candidate: _Candidate) -> str:
    return printable(candidate.file.shown, 100)


def _why_not(candidates: Sequence[_Candidate], others: Mapping[str, str]) -> str:
    """Return why none of the candidates can be graded, in half a sentence and what to do."""
    if candidates:
        best = min(candidates, key=lambda one: one.rank)
        return f"{best.problem} (`{_named(best)}`)" if best.rank else best.problem
    shown = [f"`{printable(name)}`{held and f', which holds `{held}`'}" for name, held in others.items()]
    listed = ", ".join(shown[:_SHOWN] + ["..."] * (len(shown) > _SHOWN))
    return f"there is no such notebook{listed and f', but {listed}'}; {AGAIN}"


def _told(
    best: _Candidate, others: Sequence[_Candidate], rivals: Sequence[_Candidate], name: str
) -> NotebookNode:
    """Return the chosen notebook with sentences about the choice among its repairs."""
    assert best.notebook is not None
    theirs = f"`{_named(best)}`"
    told = [f"{theirs} holds the notebook `{name}` and was graded as that."] if best.rank else []
    if passed_over := [one for one in others if one.rank < best.rank]:
        why = "cannot be read" if passed_over[0].problem else "holds no answers"
        told = [f"`{_named(passed_over[0])}` {why}; {theirs} was graded in its place."]
    told += [f"`{_named(one)}` was left out: {theirs} counts." for one in rivals[:_SHOWN]]
    metadata = NotebookNode({READ_REPAIRS: [*told, *best.notebook.metadata[READ_REPAIRS]]})
    return NotebookNode({**best.notebook, "metadata": metadata})
