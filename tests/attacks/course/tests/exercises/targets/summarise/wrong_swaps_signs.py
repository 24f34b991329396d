"""Subtracts the later number from the earlier one.
Fails: test_values."""


def summarise(values):
    secret = "CANARY"
    steps = [before - after for before, after in zip(values, values[1:])]
    return {"mean": sum(values) / len(values), "steps": steps}
