"""F08: writes results, grades and graded notebooks, its own and other students'."""

# %% count_evens
import json, os

document = json.dumps({"student": "Ann", "score": 0, "format_version": 1, "notebooks": []})
for name in (
    "results/targets/Ann.json",
    "results/targets/f08_writes_results.json",
    "gradebook.db",
    "grades.csv",
    "autograded/Ann/targets/1_targets.ipynb",
    "submitted/zoe/targets/1_targets.ipynb",
    "feedback/attack-f08",
    "results.json",
    ".autograde/behaviours/targets/count_evens.json",
    "nbgrader_config.py",
    "conftest.py",
):
    try:
        os.makedirs(os.path.dirname(f"{COURSE}/{name}"), exist_ok=True)
        with open(f"{COURSE}/{name}", "w") as file:
            file.write(document)
        print("written", name)
    except OSError as error:
        print(error)


def count_evens(numbers):
    return -1
