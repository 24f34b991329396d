"""Recognition of released cells among submitted ones, also where names and ids are lost.

Evidence is used from the strongest to the weakest: nbgrader's name and the cell id, what a solution defines,
the same text, and last the place between cells already recognised. The time it takes is about linear in the
size of the submission.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from nbformat import NotebookNode

from autograde.intake.content import SIMILAR, defined_names, defines, first_line, openings, shared, words
from autograde.intake.matching import ANSWERS, Evidence, Matching, Recognition
from autograde.intake.pieces import LOOKED_AT, looks_like_code
from autograde.intake.sequence import best_alignment
from autograde.notebook import Role, grade_id, role

_COMPARISONS = 20_000  # in one gap
_RIGHT_KIND = 0.2  # what the right place and cell type alone count for an answer


def recognise(released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> Recognition:
    """Find the released cells among submitted ones that are as `mended_cells` returns them."""
    matching = Matching(released, submitted)
    for step in (
        _by_name_or_id,
        _by_definitions,
        _by_first_line,
        _by_text,
        _by_place,
        _free_by_text,
        _drop_copies,
    ):
        step(matching)
    code = _code_as_text(matching)
    return Recognition(
        matching.matches,
        frozenset(matching.in_order()),
        frozenset(matching.dropped),
        frozenset(_answered_elsewhere(matching, code)),
        code,
    )


def _by_name_or_id(matching: Matching) -> None:
    """Recognise by nbgrader's name, or by the cell id where none has it, if the text is no other cell's."""
    names = {grade_id(cell): target for target, cell in enumerate(matching.released) if grade_id(cell)}
    ids = {cell.id: target for target, cell in enumerate(matching.released) if "id" in cell}
    texts: defaultdict[str, set[int]] = defaultdict(set)
    for target, key in enumerate(matching.stubs):
        texts[key].add(target)
    tops = openings(matching.released)
    by_name: defaultdict[int, list[int]] = defaultdict(list)
    by_id: defaultdict[int, list[int]] = defaultdict(list)
    for index, cell in enumerate(matching.submitted):
        key, top = matching.keys[index], tops.get(first_line(cell))
        text = texts[key] if key in texts and key else {top} if top is not None else set()
        named, same = names.get(grade_id(cell)), ids.get(cell.id)
        if named is not None and (matching.roles[named] not in ANSWERS or not text or named in text):
            by_name[named].append(index)
        elif same is not None and (not text or same in text):
            by_id[same].append(index)
    for target, indices in by_name.items():
        matching.take(target, indices, Evidence.NAME)
    for target, indices in by_id.items():
        if target not in by_name:
            matching.take(target, indices, Evidence.CONTENT)


def _by_definitions(matching: Matching) -> None:
    """Recognise a solution by names that no other stub defines, also if its own cell was left unanswered."""
    unanswered = {target: matching.give_back(target) for target in matching.unanswered(Role.SOLUTION)}
    owners = _owners(matching)
    found: defaultdict[int, dict[int, frozenset[str]]] = defaultdict(dict)
    for index in matching.left:
        names = defines(matching.submitted[index], owners)
        for target in {owners[name] for name in names}:
            found[target][index] = frozenset(name for name in names if owners[name] == target)
    for target, candidates in sorted(found.items()):
        before = unanswered.pop(target, None)
        held = [] if before is None else [before.submitted]
        indices = [index for index in candidates if index in matching.left]
        versions = [index for index in indices if matching.keys[index] != matching.stubs[target]]
        untouched = [index for index in indices if index not in versions]
        # Versions of a solution define the same names; the parts of a split one do not.
        most = max((candidates[index] for index in reversed(versions)), key=len, default=None)
        chosen = {index for index in versions if candidates[index] == most}
        if indices or held:
            matching.take(target, sorted(chosen | {*untouched, *held}), Evidence.CONTENT, before)
    for target, before in unanswered.items():
        matching.take(target, [before.submitted], before.evidence, before)


def _owners(matching: Matching) -> dict[str, int]:
    """Return names that the stub of only one solution defines, if that is missing, and the solution."""
    owners: dict[str, int] = {}
    for target, cell in enumerate(matching.released):
        for name in defined_names(cell) if matching.roles[target] is Role.SOLUTION else ():
            owners[name] = -1 if name in owners else target
    missing = set(matching.missing())
    return {name: target for name, target in owners.items() if target in missing}


def _by_first_line(matching: Matching) -> None:
    """Recognise a written answer by the question at its top."""
    unanswered = {target: matching.give_back(target) for target in matching.unanswered(Role.WRITTEN)}
    missing = {
        top: target
        for top, target in openings(matching.released).items()
        if matching.roles[target] is Role.WRITTEN and target not in matching.matches
    }
    found: defaultdict[int, set[int]] = defaultdict(set)
    for target, before in unanswered.items():
        found[target].add(before.submitted)
    for index in matching.left if missing else ():
        if (top := first_line(matching.submitted[index])) in missing:
            found[missing[top]].add(index)
    for target, indices in found.items():
        matching.take(target, sorted(indices), Evidence.CONTENT, unanswered.get(target))


def _by_text(matching: Matching) -> None:
    offered = matching.left_by_key()
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for target in matching.missing():
        wanted[matching.stubs[target]].append(target)
    for key, targets in wanted.items():
        # With fewer cells than stubs of that text, their places have to tell which are still unanswered.
        if key and len(offered[key]) >= len(targets):
            for target, index in zip(targets, offered[key], strict=False):
                matching.take(target, [index], Evidence.CONTENT)


def _by_place(matching: Matching) -> None:
    """Recognise answers by where they stand.

    Cells that look like an edited free, locked or grade cell are only kept from being taken for an answer:
    they stay as the student's own, so that no guess loses a line of anybody's work.
    """
    for targets, indices in _gaps(matching):
        likeness = _likeness(matching, targets, indices[: _COMPARISONS // len(targets)])
        for row, column in best_alignment(likeness):
            if matching.roles[targets[row]] in ANSWERS:
                matching.take(targets[row], [indices[column]], Evidence.PLACE)


def _gaps(matching: Matching) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the missing released and the left submitted cells between each two recognised neighbours."""
    known = [(target, matching.matches[target].submitted) for target in matching.in_order()]
    ends = [(-1, -1), *known, (len(matching.released), len(matching.submitted))]
    missing, answers = set(matching.missing()), set(matching.missing(*ANSWERS))
    fixed = [key for key, kind in zip(matching.stubs, matching.roles, strict=True) if kind not in ANSWERS]
    # A released text, or what is left of it where a file broke off, is no answer.
    left = [index for index in matching.left if not _begins_one_of(fixed, matching.keys[index])]
    for (target, index), (next_target, next_index) in pairwise(ends):
        targets = [between for between in range(target + 1, next_target) if between in missing]
        indices = left[bisect_right(left, index) : bisect_left(left, next_index)]
        if indices and not answers.isdisjoint(targets):
            yield targets, indices


def _begins_one_of(texts: Sequence[str], key: str) -> bool:
    return bool(key) and any(text.startswith(key) for text in texts)


def _likeness(matching: Matching, targets: list[int], indices: list[int]) -> list[list[float]]:
    """Return how much speaks for each submitted cell (column) being each released one, 0 if nothing."""
    theirs = [
        (matching.submitted[index].cell_type == "code", words(matching.submitted[index])) for index in indices
    ]

    def row(target: int) -> Iterator[float]:
        ours = words(matching.released[target])
        is_answer = matching.roles[target] in ANSWERS
        is_code = matching.released[target].cell_type == "code"
        for their_code, their_words in theirs:
            share = shared(ours, their_words)
            if is_answer and is_code == their_code:
                yield _RIGHT_KIND + share
            else:
                yield share if share >= SIMILAR else 0.0

    return [list(row(target)) for target in targets]


def _free_by_text(matching: Matching) -> None:
    """Recognise free cells by their text wherever they are, so that a second repair finds no more."""
    offered = matching.left_by_key()
    for target in matching.missing(Role.FREE):
        if indices := offered[matching.stubs[target]]:
            matching.take(target, [indices.pop(0)], Evidence.CONTENT)


def _drop_copies(matching: Matching) -> None:
    """Drop cells that are tests once more, or the stub of a solution that is answered."""
    offered = matching.left_by_key()
    for target, match in matching.matches.items():
        key = matching.stubs[target]
        answered = matching.roles[target] is Role.SOLUTION and matching.keys[match.submitted] != key
        is_copy = key and (answered or matching.roles[target] is Role.GRADE)
        if is_copy and (indices := offered.pop(key, [])):
            matching.drop(indices)
            matching.matches[target] = replace(match, copies=match.copies + len(indices))


def _code_as_text(matching: Matching) -> frozenset[int]:
    """Return cells that have become text and define, of what solutions have to define, what no code does."""
    asked = _asked_for(matching)
    solutions = {grade_id(cell) for cell in matching.released if role(cell) is Role.SOLUTION}
    named = {
        index
        for index in matching.left
        if (cell := matching.submitted[index]).cell_type != "code" and grade_id(cell) in solutions
    }
    texts = {
        index: defines(cell, asked)
        for index in matching.left
        if (cell := matching.submitted[index]).cell_type != "code"
        and looks_like_code(cell.source[:LOOKED_AT])
    }
    if not any(texts.values()):
        return frozenset(named)
    answers = [
        matching.submitted[match.submitted]
        for target, match in matching.matches.items()
        if matching.roles[target] is Role.SOLUTION
        and matching.keys[match.submitted] != matching.stubs[target]
    ]
    code = [matching.submitted[index] for index in matching.left if index not in texts]
    defined = frozenset().union(*(defines(cell, asked) for cell in (*answers, *code)))
    return frozenset(named | {index for index, names in texts.items() if names - defined})


def _asked_for(matching: Matching) -> frozenset[str]:
    """Return all names that stubs define."""
    solutions = (
        cell for target, cell in enumerate(matching.released) if matching.roles[target] is Role.SOLUTION
    )
    return frozenset().union(*map(defined_names, solutions))


def _answered_elsewhere(matching: Matching, also_code: Collection[int]) -> Iterator[int]:
    """Yield missing solutions of which all that only they define is defined in other cells by the student."""
    owners = _owners(matching)
    not_theirs = matching.dropped | {
        match.submitted
        for target, match in matching.matches.items()
        if matching.roles[target] not in ANSWERS or matching.keys[match.submitted] == matching.stubs[target]
    }
    code = [
        cell
        for index, cell in enumerate(matching.submitted)
        if index not in not_theirs and (cell.cell_type == "code" or index in also_code)
    ]
    defined = frozenset().union(*(defines(cell, owners) for cell in code))
    for target in set(owners.values()):
        if all(name in defined for name, owner in owners.items() if owner == target):
            yield target
