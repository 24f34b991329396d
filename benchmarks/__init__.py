"""What grading a notebook costs, next to its alternatives: `python -m benchmarks`.

`measuring` lets contenders take turns. A contender is a class with `run`: `floor` (the least that is possible),
`kit` (this package) and `stock` (nbgrader on its own). `comparison` puts them together, `report` shows it.
"""
