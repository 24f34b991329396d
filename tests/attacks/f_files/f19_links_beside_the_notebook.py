"""F19: hands in links and devices beside its notebook, that lead to secrets and to no end."""

# %% count_evens
import os

for name in sorted(os.listdir(".")):
    try:
        print(name, open(name).read(3000))
    except OSError as error:
        print(error)


def count_evens(numbers):
    return open("solution.py").read()


# %% hand_in
def hand_in(folder, notebook):
    for name, target in (
        ("solution.py", f"{COURSE}/solutions/targets/1_targets.py"),
        ("data", VICTIM),
        ("zero", "/dev/zero"),
        ("loop", "loop"),
        ("key", f"{HOME}/.ssh/id_ed25519"),
        ("timestamp.txt", f"{VICTIM}/decoy.txt"),
    ):
        (folder / name).symlink_to(target)
