"""C04: replaces the encoder of the kit's answers, found among the modules, by one that sends what it likes.

Marks: all 0
"""

# %% count_evens
import sys

wire = sys.modules["autograde.sandbox.wire"]
encode = wire.encode


def forged(value, *given, **options):
    if isinstance(value, dict) and value.get("is") in ("value", "raised"):
        value = {
            "id": value.get("id"),
            "is": "value",
            "value": 3,
            "passed": True,
            "outcome": "passed",
            "seconds": 0.0,
        }
    return encode(value, *given, **options)


wire.encode = forged


def count_evens(numbers):
    return -1
