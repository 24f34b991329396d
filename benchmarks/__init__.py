"""What it costs to grade, next to the alternatives: `python -m benchmarks [notebook] [submission] [class]`.

`tasks` has the submissions. One notebook: `measuring` lets contenders take turns, each a class with `run`:
`floor` (the least that is possible), `kit` (this package), `stock` (nbgrader on its own) and `otter`, whose
tests `conversion` makes of a `recording`; `comparison` puts them together. A whole submission: `whole`. A
class: `class_run` and `endurance`. `report` shows the results, `targets` what has to be reached.
"""
