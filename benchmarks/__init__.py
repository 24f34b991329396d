"""What it costs to grade a notebook, next to its alternatives: `python -m benchmarks`.

`measuring` lets contenders take turns. A contender is a class with `run`: `floor` (the least that is
possible), `kit` (this package) and `stock` (nbgrader on its own). `comparison` puts them together, `report`
shows the result. Another contender is another module, and one more item in `comparison`'s list.
"""
