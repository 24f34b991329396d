"""Exceptions with a message for a person: what is wrong, in which file, and what to run next."""


class AutogradeError(Exception):
    """Base of all errors the command line shows as one line."""


class CourseError(AutogradeError):
    """Something in the instructor's own tree is missing or contradictory."""


class SubmissionError(AutogradeError):
    """What one student handed in cannot be graded; everybody else's can."""


class IsolationError(AutogradeError):
    """The student's process cannot be confined as the course demands."""


class ServerError(AutogradeError):
    """The warm server died or did not answer: a fault of the kit or the machine, never a student's."""
