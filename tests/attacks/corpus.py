"""The attacks on disk, each read into what is handed in and what must come of it."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attacks.grade import LEVELS

HERE = Path(__file__).parent
_DOCSTRING = re.compile(r'\A"""(.*?)"""\n', re.DOTALL)
_SECTION = re.compile(r"^# %%[ \t]*(.*)\n", re.MULTILINE)
_LINE = re.compile(r"^\s*(Marks|Says|Student): *(.+)$", re.MULTILINE)
_HAND_IN = "hand_in"

OUTSIDE = ("f_files", "g_processes", "h_network")
"""The groups that reach out of the student's process: tried at every level of confinement."""

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    `marks` holds the points by exercise where they differ from the rule, and is None if the student is to get
    no result. `sections` are the cells by what stands behind `# %%`, in order.
    """

    path: Path
    summary: str
    student: str
    marks: Mapping[str, float] | None
    says: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    hand_in: str

    @classmethod
    def read(cls, path: Path) -> Attack:
        """Read a file in the form that this package's docstring describes.

        Raises:
            ValueError: it has not that form.

        """
        text = path.read_text("utf-8")
        docstring = _DOCSTRING.match(text)
        if not docstring:
            raise ValueError(f"{path}: it does not begin with a docstring")
        told: dict[str, list[str]] = {"Marks": [], "Says": [], "Student": []}
        for name, value in _LINE.findall(docstring[1]):
            told[name].append(value.strip())
        parts = _SECTION.split(text[docstring.end() :])
        sections = list(zip(map(str.strip, parts[1::2]), map(str.strip, parts[2::2]), strict=True))
        hand_in = "".join(code for name, code in sections if name == _HAND_IN)
        student = ast.literal_eval(told["Student"][0]) if told["Student"] else path.stem
        cells = tuple(section for section in sections if section[0] != _HAND_IN)
        summary = " ".join(_LINE.sub("", docstring[1]).split())
        return cls(path, summary, student, _marks(told["Marks"]), tuple(told["Says"]), cells, hand_in)

    @property
    def group(self) -> str:
        """The name of its folder."""
        return self.path.parent.name

    def expected(self, full: Mapping[str, float]) -> dict[str, float] | None:
        """Return the points it must get for each exercise, of which `full` holds full marks."""
        if self.marks is None:
            return None
        attacked = dict.fromkeys((name for name, _ in self.sections if name in full), 0.0)
        said = dict(self.marks)
        every = dict.fromkeys(full, said.pop("all")) if "all" in said else {}
        if unknown := said.keys() - full.keys():
            raise ValueError(f"{self.path}: no exercise {sorted(unknown)[0]}")
        return dict(full) | attacked | every | said

    def notebook(self, right: Notebook, targets: Mapping[str, Any]) -> Notebook:
        """Return the notebook that the student wrote, made from one with right answers."""
        made = copy.deepcopy(right)
        own: list[Notebook] = []
        if told := _told(" ".join(code for _, code in self.sections), targets):
            own.append(_own_cell("told", "", told))
        for number, (name, code) in enumerate(self.sections):
            if name in ("", "[markdown]"):
                own.append(_own_cell(f"own-{number}", name, code))
                continue
            at = next(at for at, cell in enumerate(made["cells"]) if _grade_id(cell) == name)
            made["cells"][at]["source"] = code
            made["cells"][at:at] = own
            own = []
        made["cells"] += own
        return made

    def put(self, folder: Path, right: Notebook, targets: Mapping[str, Any], name: str) -> None:
        """Hand in: write the notebook `name` into a folder, and have it damaged."""
        folder.mkdir(parents=True)
        notebook = self.notebook(right, targets)
        (folder / name).write_text(json.dumps(notebook), "utf-8")
        if self.hand_in:
            space: dict[str, Any] = dict(targets)
            exec(compile(self.hand_in, str(self.path), "exec"), space)
            changed = space[_HAND_IN](folder, notebook)
            if isinstance(changed, dict):
                changed = json.dumps(changed)
            if changed is not None:
                raw = changed if isinstance(changed, bytes) else changed.encode("utf-8", "surrogatepass")
                (folder / name).write_bytes(raw)


def attacks() -> Iterator[Attack]:
    """Yield all attacks, by group and name."""
    for path in sorted(HERE.glob("[a-z]_*/*.py")):
        yield Attack.read(path)


def at_level(level: str) -> list[Attack]:
    """Return the attacks to try at a level: all at the machine's own, and else those that reach out."""
    return [attack for attack in attacks() if level == LEVELS[0] or attack.group in OUTSIDE]


def _marks(lines: list[str]) -> dict[str, float] | None:
    if lines == ["none"]:
        return None
    pairs = (part.split() for line in lines for part in line.split(","))
    return {name: float(points) for name, points in pairs}


def _told(code: str, targets: Mapping[str, Any]) -> str:
    """Return assignments of the targets that some code uses."""
    used = (name for name in targets if re.search(rf"\b{name}\b", code))
    return "\n".join(f"{name} = {targets[name]!r}" for name in used)


def _own_cell(name: str, kind: str, source: str) -> Notebook:
    cell = {"id": name, "metadata": {}, "source": source}
    if kind:
        return cell | {"cell_type": "markdown"}
    return cell | {"cell_type": "code", "execution_count": None, "outputs": []}


def _grade_id(cell: Notebook) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
