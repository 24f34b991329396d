"""Imports go only downwards, and the grader's process and the student's share no more than the wire."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import autograde

ROOT = Path(autograde.__file__).parent

# What lies directly under autograde/, low to high. Of its own layer a module or package sees only itself.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"model", "errors", "files"}),
    frozenset({"settings"}),
    frozenset({"notebook", "course"}),
    frozenset({"sandbox"}),
    frozenset({"opening", "state"}),
    frozenset({"checks", "intake", "gradebook"}),
    frozenset({"runs", "desk", "deciding"}),
    frozenset({"diagnosis", "settled"}),
    frozenset({"grading"}),
    frozenset({"verify", "build", "doctor"}),
    frozenset({"report"}),
    frozenset({"classroom"}),
    frozenset({"demo", "ci"}),
    frozenset({"cli", "nbgrader_plugin"}),
    frozenset({"__main__"}),
)
# What runs where student code runs. Only these may load what takes seconds to load.
STUDENT_SIDE = frozenset(
    f"autograde.sandbox.{name}" for name in ("server", "child", "shell", "stand_ins", "outputs")
)
SLOW = frozenset({"torch", "torchvision", "matplotlib", "IPython"})


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


def part(module: str) -> str:
    """Return what lies directly under autograde/ and holds the module; "" for autograde itself."""
    return [*module.split("."), ""][1]


def layer(module: str) -> int:
    """Return the height of a module; autograde itself, which holds only the version, lies below all."""
    return next((height for height, parts in enumerate(LAYERS) if part(module) in parts), -1)


def imported(nodes: Iterable[ast.AST], package: str) -> Iterator[str]:
    """Yield the dotted names that import statements load, as read in a module of `package`."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            outer = package.split(".")
            above = outer[: len(outer) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:  # `from package import name`: a module, or a name in the package itself
                name = f"{base}.{alias.name}"
                yield name if name in MODULES else base


def package_of(module: str) -> str:
    """Return the package that relative imports of a module start from."""
    return module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]


def imports(module: str) -> set[str]:
    """Return what a module imports of the package anywhere: in functions and under TYPE_CHECKING too."""
    found = imported(ast.walk(ast.parse(MODULES[module].read_text("utf-8"))), package_of(module))
    return {name for name in found if name in MODULES} - {module, "autograde"}


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below one that run when their module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from at_import(child)


def loaded_with(module: str) -> set[str]:
    """Return all of the package that a module may load, the packages it lies in included."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name and name not in seen:
            seen.add(name)
            waiting += [*imports(name), name.rpartition(".")[0]]
    return seen


def test_every_module_has_a_layer() -> None:
    assert {part(name) for name in MODULES} - {""} <= frozenset[str]().union(*LAYERS)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_only_downwards(module: str) -> None:
    others = {name for name in imports(module) if part(name) != part(module)}
    upwards = sorted(name for name in others if layer(name) >= layer(module))
    assert not upwards, f"{module} (layer {layer(module)}) imports {', '.join(upwards)}"


def test_imports_are_found_wherever_they_stand() -> None:
    text = """
import autograde.model
from autograde import course
from .. import errors
from ..sandbox import wire
from . import plugin
if TYPE_CHECKING:
    from autograde.sandbox.warm import WarmServer
def later():
    import autograde.notebook
"""
    found = set(imported(ast.walk(ast.parse(text)), "autograde.checks"))
    assert found == {
        "autograde.model", "autograde.course", "autograde.errors", "autograde.sandbox.wire",
        "autograde.checks.plugin", "autograde.sandbox.warm", "autograde.notebook",
    }  # fmt: skip


def test_the_student_s_process_loads_nothing_of_the_package_but_its_own_side_of_the_sandbox() -> None:
    confinement = ("confine", "landlock", "seccomp", "privileges", "syscalls")
    shared = {f"autograde.sandbox.{name}" for name in ("wire", "channel", *confinement)}
    packages = {"autograde", "autograde.sandbox"}
    assert loaded_with("autograde.sandbox.server") == STUDENT_SIDE | shared | packages


def test_the_sandbox_knows_of_the_package_nothing_but_errors() -> None:
    used = {name for module in MODULES if part(module) == "sandbox" for name in imports(module)}
    assert {part(name) for name in used} <= {"sandbox", "errors"}


@pytest.mark.parametrize("module", sorted(MODULES.keys() - STUDENT_SIDE))
def test_a_module_of_the_grader_imports_nothing_slow(module: str) -> None:
    nodes = at_import(ast.parse(MODULES[module].read_text("utf-8")))
    slow = {name for name in imported(nodes, package_of(module)) if name.partition(".")[0] in SLOW}
    assert not slow | (imports(module) & STUDENT_SIDE), "the student's process is the place to load it"


def test_the_grader_starts_without_torch() -> None:
    names = sorted(MODULES.keys() - STUDENT_SIDE - {"autograde.__main__"})
    text = f"import importlib, sys; [importlib.import_module(name) for name in {names}]; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    assert not {"torch", "torchvision"} & set(run.stdout.split())
