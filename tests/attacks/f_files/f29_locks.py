"""F29: locks, leases and watches files that all processes share, to stall others or to tell them something."""

# %% count_evens
import fcntl, os, struct

held = []
for path in (
    f"{SITE}/torch/__init__.py",
    os.__file__,
    f"{VICTIM}/decoy.txt",
    f"{COURSE}/gradebook.db",
    "/dev/null",
):
    try:
        held.append(open(path))
    except OSError as error:
        print(error)
        continue
    for way in (
        lambda: fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB),
        lambda: fcntl.fcntl(held[-1], 1024, 1),
        lambda: fcntl.fcntl(held[-1], 1026, 2),
    ):
        try:
            print(path, way())
        except OSError as error:
            print(error)


def count_evens(numbers):
    return -1
