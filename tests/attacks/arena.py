"""Where the attacks take place: a course with secrets, its surroundings, its students, and a grader."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import autograde
from attacks.corpus import Notebook
from attacks.grade import ASSIGNMENT
from attacks.snapshot import State, snapshot
from autograde.build import build
from autograde.course import Course

HERE = Path(__file__).parent
NOTEBOOK = "1_targets.ipynb"
PLACEHOLDER = "CANARY"
GRADED = ("autograded", "results", "gradebook.db", ".autograde")  # what the grader itself writes in a course
_MARKS = ("BEGIN SOLUTION", "END SOLUTION")

# Right answers, a mistake, and stubs: their names stand before, between and after those of the attackers.
HONEST = {"Ann": None, "dora": {"count_evens": "def count_evens(numbers):\n    return 2\n"}, "zoe": {}}


@dataclass
class Arena:
    """The folders of one class, and the secrets that lie in them by what they are."""

    base: Path
    canaries: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.course = Course(self.base / "course")
        self.victim, self.home, self.temporary, self.listening = (
            self.base / name for name in ("victim", "home", "tmp", "listening")
        )

    def canary(self, what: str) -> str:
        """Return a new secret."""
        self.canaries[what] = f"canary-{secrets.token_hex(8)}"
        return self.canaries[what]

    def furnish(self) -> None:
        """Make the course, with a secret in every file but what is released, and what lies around it."""
        for path in sorted((HERE / "course").rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                part = path.relative_to(HERE / "course")
                text = path.read_text("utf-8").replace(PLACEHOLDER, self.canary(str(part)))
                _write(self.course.root / part, text)
        build(self.course, ASSIGNMENT)
        for name in ("decoy.txt", "github_env", "folder/inner.txt"):
            _write(self.victim / name, self.canary(f"victim/{name}"))
        with contextlib.suppress(OSError):  # a file system without attributes
            os.setxattr(self.victim / "decoy.txt", "user.attack", b"untouched")
        (self.victim / "folder/inner.txt").chmod(0o600)
        for name in (".ssh/id_ed25519", ".netrc", ".ipython/profile_default/startup/README"):
            _write(self.home / name, self.canary(f"home/{name}"))
        for folder in (self.temporary, self.listening):
            folder.mkdir()
        _write(self.course.results(ASSIGNMENT, "of_last_year"), self.canary("an earlier result"))

    def copied(self, name: str) -> Arena:
        """Return a copy of the furnished arena, beside it, with the same secrets."""
        base = self.base.parent / name
        shutil.copytree(self.base, base)
        return Arena(base, dict(self.canaries))

    def right(self) -> Notebook:
        """Return the notebook with right answers, as a student would write them."""
        source: Notebook = json.loads(self.course.source(ASSIGNMENT, "1_targets").read_text("utf-8"))
        for cell in source["cells"]:
            lines = "".join(cell["source"]).splitlines()
            hidden = (*_MARKS, "canary-")
            cell["source"] = "\n".join(line for line in lines if not any(word in line for word in hidden))
        return source

    def hand_in_honestly(self) -> None:
        """Have the honest students hand in; each wrote something that is nobody else's business."""
        for student, answers in HONEST.items():
            notebook = self.right()
            if answers is not None:
                released = json.loads(self.course.release(ASSIGNMENT, "1_targets").read_text("utf-8"))
                notebook = notebook if answers else released
                for cell in notebook["cells"]:
                    name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
                    cell["source"] = answers.get(name, cell["source"])
            note = f"# {self.canary(student)}\nprint('{student} was here')"
            cell = {"cell_type": "code", "id": "note", "metadata": {}, "source": note}
            notebook["cells"].append(cell | {"outputs": [], "execution_count": None})
            _write(self.course.submitted(ASSIGNMENT, student) / NOTEBOOK, json.dumps(notebook))

    def surroundings(self) -> dict[str, State]:
        """Return the state of everything that no student's process may change."""
        found = snapshot(self.course.root, GRADED) | snapshot(self.victim) | snapshot(self.home)
        site, package = Path(sysconfig.get_path("purelib")), Path(autograde.__file__).parent
        watched = [site / name / "__init__.py" for name in ("torch", "numpy", "IPython", "_pytest")]
        for path in (*watched, *package.rglob("*.py")):
            found[str(path)] = (path.stat().st_mode, path.stat().st_mtime_ns, path.stat().st_size)
        # Bytecode is the grader's own to write, when a package is used for the first time.
        found |= {str(path): () for path in site.iterdir() if path.name != "__pycache__"}
        caches = (site / "__pycache__", site / "torch" / "__pycache__", package / "__pycache__")
        for folder in (*map(Path, ("/tmp", "/var/tmp", "/dev/shm")), *caches):
            found |= {str(path): () for path in folder.glob("attack-*")}
        return found

    def environment(self) -> dict[str, str]:
        """Return the grader's environment, as a CI runner might set it."""
        files = {f"GITHUB_{name}": str(self.victim / "github_env") for name in ("ENV", "PATH", "OUTPUT")}
        tokens = {name: self.canary(name) for name in ("GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN")}
        cache = self.base.parent / "cache"  # of fonts: made once for all classes
        places = {"HOME": str(self.home), "TMPDIR": str(self.temporary), "XDG_CACHE_HOME": str(cache)}
        places["PYTHONDONTWRITEBYTECODE"] = "1"
        return files | tokens | places | {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
