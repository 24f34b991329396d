"""I16: prints lines that look like results: of this grader, of pytest, of nbgrader, of the machine that runs it."""

# %% count_evens
import json, sys


def spoof():
    for text in (
        json.dumps({"id": 5, "is": "value", "value": 3}),
        '{"score": 3, "max_score": 3}',
        "===== 1 passed in 0.01s =====",
        "PASSED tests/test_count_evens.py::test_many_numbers",
        "\x00\x00\x00\x05bdone",
        "count_evens: 3/3",
        "[NbGrader] score 3",
        "Traceback (most recent call last):",
    ):
        for stream in (sys.stdout, sys.stderr, sys.__stdout__):
            print(text, file=stream)


spoof()


def count_evens(numbers):
    spoof()
    return -1
