"""F13: removes, moves, cuts off and overwrites other people's files."""

# %% count_evens
import os, shutil

for path in (
    f"{VICTIM}/decoy.txt",
    f"{VICTIM}/folder/inner.txt",
    f"{COURSE}/pyproject.toml",
    f"{COURSE}/tests/exercises/targets/fit_line/test_fit_line.py",
):
    for way in (
        lambda: os.truncate(path, 0),
        lambda: open(path, "r+").write("x"),
        lambda: open(path, "a").write("x"),
        lambda: os.ftruncate(os.open(path, os.O_RDWR), 0),
        lambda: os.rename(path, path + ".moved"),
        lambda: os.rename(path, "mine"),
        lambda: os.replace("own", path),
        lambda: os.unlink(path),
        lambda: os.symlink("own", path + "-link"),
        lambda: os.open(path, os.O_RDONLY | os.O_TRUNC),
    ):
        open("own", "w").write("own")
        try:
            way()
            print("done", path)
        except OSError as error:
            print(error)
for folder in (VICTIM, COURSE):
    shutil.rmtree(folder, ignore_errors=True)


def count_evens(numbers):
    return -1
