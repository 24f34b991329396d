"""Which submitted cell stands for which released cell, also where names and ids are lost.

Evidence is used from the strongest to the weakest: nbgrader's name and the cell id, what a solution defines,
the same text, and last the place between cells already recognised. The time it takes is about linear in the
size of the submission.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from nbformat import NotebookNode

from autograde.intake.content import defined_names, shared, text_key, words
from autograde.intake.match import ANSWERS, Evidence, Match, Recognition
from autograde.intake.sequence import best_alignment, heaviest_increasing
from autograde.notebook import Role, grade_id, role

_COMPARISONS = 20_000  # in one gap
_SIMILAR = 0.5  # share of words in common that makes two texts the same cell
_RIGHT_KIND = 0.2  # what the right place and cell type alone count for an answer


def recognise(released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> Recognition:
    """Find the released cells among submitted ones that are as `mended_cells` returns them."""
    recogniser = _Recogniser(released, submitted)
    recogniser.by_name_and_id()
    recogniser.by_definitions()
    recogniser.by_text()
    recogniser.by_place()
    recogniser.free_cells_by_text()
    recogniser.drop_copied_tests()
    return Recognition(
        recogniser.matches,
        frozenset(recogniser.in_order()),
        frozenset(recogniser.dropped),
        frozenset(recogniser.elsewhere()),
    )


class _Recogniser:
    """The state of one recognition; every step takes the submitted cells it recognises out of `left`."""

    def __init__(self, released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> None:
        self.released = released
        self.submitted = submitted
        self.released_keys = [text_key(cell) for cell in released]
        self.keys = [text_key(cell) for cell in submitted]
        self.words = [words(cell) for cell in released]
        self.roles = [role(cell) for cell in released]
        self.matches: dict[int, Match] = {}
        self.dropped: set[int] = set()
        self.left = dict.fromkeys(range(len(submitted)))  # a set that keeps its order

    def by_name_and_id(self) -> None:
        names = {grade_id(cell): index for index, cell in enumerate(self.released) if grade_id(cell)}
        ids = {cell.id: index for index, cell in enumerate(self.released) if "id" in cell}
        found: defaultdict[int, list[int]] = defaultdict(list)
        named: set[int] = set()
        for index, cell in enumerate(self.submitted):
            if (target := names.get(grade_id(cell))) is not None:
                named.add(target)
            else:
                target = ids.get(cell.id)
            if target is not None:
                found[target].append(index)
        for target, indices in found.items():
            self._take(target, indices, Evidence.NAME if target in named else Evidence.CONTENT)

    def by_definitions(self) -> None:
        """Recognise solutions by the names that nothing but their stub defines."""
        found: defaultdict[int, dict[int, frozenset[str]]] = defaultdict(dict)
        owners = self._owners()
        for index in self.left:
            names = defined_names(self.submitted[index]) & owners.keys()
            for target in {owners[name] for name in names}:
                found[target][index] = frozenset(name for name in names if owners[name] == target)
        for target in self._missing():
            indices = {index: names for index, names in found[target].items() if index in self.left}
            stub = self.released_keys[target]
            stubs = [index for index in indices if self.keys[index] == stub]
            versions = [index for index in indices if self.keys[index] != stub]
            # Parts of a solution that was split define different names, versions of it the same.
            most = max((indices[index] for index in reversed(versions)), key=len, default=None)
            chosen = [index for index in versions if indices[index] == most]
            if indices:
                self._take(target, sorted(stubs + chosen), Evidence.CONTENT)

    def by_text(self) -> None:
        offered = self._left_by_key()
        wanted: defaultdict[str, list[int]] = defaultdict(list)
        for target in self._missing():
            wanted[self.released_keys[target]].append(target)
        for key, targets in wanted.items():
            # With fewer cells than stubs of that text, their places have to tell which are still unanswered.
            if key and len(offered[key]) >= len(targets):
                for target, index in zip(targets, offered[key], strict=False):
                    self._take(target, [index], Evidence.CONTENT)

    def by_place(self) -> None:
        for targets, indices in self._gaps():
            if not any(grade_id(self.released[target]) for target in targets):
                continue
            indices = indices[: _COMPARISONS // len(targets)]
            bags = [words(self.submitted[index]) for index in indices]
            scores = [
                [self._likeness(target, index, theirs) for index, theirs in zip(indices, bags, strict=True)]
                for target in targets
            ]
            for row, column in best_alignment(scores):
                # A free cell is only kept from being taken for an answer: edited, it is the student's own.
                if grade_id(self.released[targets[row]]):
                    self._take(targets[row], [indices[column]], Evidence.PLACE)

    def free_cells_by_text(self) -> None:
        offered = self._left_by_key()
        for target in self._missing():
            if self.roles[target] is Role.FREE and offered[self.released_keys[target]]:
                self._take(target, [offered[self.released_keys[target]].pop(0)], Evidence.CONTENT)

    def drop_copied_tests(self) -> None:
        offered = self._left_by_key()
        for target, match in self.matches.items():
            key = self.released_keys[target]
            if key and self.roles[target] is Role.GRADE and (indices := offered.pop(key, [])):
                self._drop(indices)
                self.matches[target] = replace(match, copies=match.copies + len(indices))

    def in_order(self) -> list[int]:
        """Return the matched released cells that are not out of place; free cells give way to named ones."""
        targets = sorted(self.matches, key=lambda target: self.matches[target].submitted)
        heavy = 2 * len(self.released)
        weights = [
            1 if not grade_id(self.released[target]) else heavy + (self.roles[target] is not Role.GRADE)
            for target in targets
        ]
        return [targets[position] for position in heaviest_increasing(targets, weights)]

    def elsewhere(self) -> Iterator[int]:
        missing = [target for target in self._missing() if self.roles[target] is Role.SOLUTION]
        if not missing:
            return
        not_theirs = self.dropped | {
            match.submitted
            for target, match in self.matches.items()
            if self.roles[target] not in ANSWERS or self.keys[match.submitted] == self.released_keys[target]
        }
        theirs = [cell for index, cell in enumerate(self.submitted) if index not in not_theirs]
        names = {name for cell in theirs if cell.cell_type == "code" for name in defined_names(cell)}
        for target in missing:
            if (wanted := defined_names(self.released[target])) and wanted <= names:
                yield target

    def _take(self, target: int, indices: list[int], evidence: Evidence) -> None:
        """Match the best of several copies; others are dropped if they add nothing, else stay in `left`."""
        stub = self.released_keys[target]
        if self.roles[target] in ANSWERS:
            written = [index for index in indices if self.keys[index] not in {stub, ""}]
            used = (written or indices)[-1]
            idle = {stub, "", self.keys[used]}
        else:
            used = next((index for index in indices if self.keys[index] == stub), indices[0])
            idle = {stub} if grade_id(self.released[target]) else set()
        self.left.pop(used)
        idlers = [index for index in indices if index != used and self.keys[index] in idle]
        self._drop(idlers)
        copies = len(indices) - 1
        self.matches[target] = Match(used, evidence, copies, copies - len(idlers))

    def _drop(self, indices: Iterable[int]) -> None:
        for index in indices:
            self.dropped.add(index)
            self.left.pop(index)

    def _missing(self) -> list[int]:
        return [target for target in range(len(self.released)) if target not in self.matches]

    def _left_by_key(self) -> defaultdict[str, list[int]]:
        cells: defaultdict[str, list[int]] = defaultdict(list)
        for index in self.left:
            cells[self.keys[index]].append(index)
        return cells

    def _owners(self) -> dict[str, int]:
        """Return the solution cell that defines a name, for every name that only one of them defines."""
        owners: dict[str, int] = {}
        for target in [index for index, kind in enumerate(self.roles) if kind is Role.SOLUTION]:
            for name in defined_names(self.released[target]):
                owners[name] = target if name not in owners else -1
        missing = set(self._missing())
        return {name: target for name, target in owners.items() if target in missing}

    def _gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield the missing released and the unrecognised submitted cells between recognised neighbours."""
        known = [(target, self.matches[target].submitted) for target in self.in_order()]
        missing = set(self._missing())
        ends = [(-1, -1), *known, (len(self.released), len(self.submitted))]
        for (target, index), (next_target, next_index) in pairwise(ends):
            targets = [between for between in range(target + 1, next_target) if between in missing]
            indices = [between for between in range(index + 1, next_index) if between in self.left]
            if targets and indices:
                yield targets, indices

    def _likeness(self, target: int, index: int, theirs: Counter[str]) -> float:
        """Return how much speaks for a submitted cell being the released one, 0 where nothing does."""
        share = shared(self.words[target], theirs)
        same_kind = (self.released[target].cell_type == "code") == (self.submitted[index].cell_type == "code")
        if self.roles[target] in ANSWERS and same_kind:
            return _RIGHT_KIND + share
        return share if share >= _SIMILAR else 0.0
