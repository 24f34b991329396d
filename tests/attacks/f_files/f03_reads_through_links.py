"""F03: reads through links of its own, soft and hard, to files and to folders."""

# %% count_evens
import os

targets = [
    f"{VICTIM}/decoy.txt",
    f"{VICTIM}/folder",
    f"{COURSE}/tests",
    f"{COURSE}/solutions/targets/1_targets.py",
    "/",
]
for number, target in enumerate(targets):
    for kind, link in (("soft", os.symlink), ("hard", os.link)):
        name = f"{kind}-{number}"
        try:
            link(target, name)
            print(os.listdir(name) if os.path.isdir(name) else open(name).read())
        except OSError as error:
            print(error)
try:
    os.link(f"/proc/self/root{VICTIM}/decoy.txt", "hard", follow_symlinks=False)
    print(open("hard").read())
except OSError as error:
    print(error)


def count_evens(numbers):
    return open("soft-0").read()
