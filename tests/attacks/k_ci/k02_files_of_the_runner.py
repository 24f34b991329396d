"""K02: writes the files by which a step of a CI job sets variables, outputs and paths of the next."""

# %% count_evens
import os

for path in (
    f"{VICTIM}/github_env",
    os.environ.get("GITHUB_ENV", f"{VICTIM}/github_env"),
    f"{COURSE}/.github/workflows/test.yml",
    f"{COURSE}/.ci/run",
    f"{COURSE}/Makefile",
):
    for mode in ("a", "w", "r+"):
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, mode) as file:
                file.write("LD_PRELOAD=/tmp/attack.so\nPATH=/tmp/attack-k02\n")
            print("written")
        except OSError as error:
            print(error)


def count_evens(numbers):
    return -1
