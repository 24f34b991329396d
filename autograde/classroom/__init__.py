"""A class: every submission of an assignment from `submitted/` to `autograded/`, results and gradebook."""

from autograde.classroom.job import Fault
from autograde.classroom.pool import cores
from autograde.classroom.run import ClassResult, Options, Tick, chosen_students, grade_class
from autograde.classroom.staging import Change
from autograde.classroom.worker import grade_file, ungraded
from autograde.classroom.writing import stored_results, timestamp

__all__ = [
    "Change",
    "ClassResult",
    "Fault",
    "Options",
    "Tick",
    "chosen_students",
    "cores",
    "grade_class",
    "grade_file",
    "stored_results",
    "timestamp",
    "ungraded",
]
