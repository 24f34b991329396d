"""K05: poisons what later jobs take from caches: compiled files, downloaded weights, the kit's own memory."""

# %% count_evens
import os, sys

for path in (
    f"{COURSE}/.autograde/behaviours/attack.json",
    f"{COURSE}/tests/exercises/targets/count_evens/__pycache__/test_count_evens.cpython-311.pyc",
    f"{HOME}/.cache/torch/hub/attack",
    f"{HOME}/.cache/pip/attack",
    f"{HOME}/.cache/uv/attack",
    f"{SITE}/torch/__pycache__/attack-k05.pyc",
    f"{SITE}/attack-k05.pth",
    os.path.join(sys.prefix, "pyvenv.cfg"),
):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "a").write("attack")
        print("written", path)
    except OSError as error:
        print(error)


def count_evens(numbers):
    return -1
