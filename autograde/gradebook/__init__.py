"""nbgrader's gradebook: assignments are registered in it, scores written to it and read from it.

Scores come from results, never from the outputs of a notebook. What belongs to people (manual scores and
comments, extra credit, extensions, due dates) is never changed. Loading nbgrader takes seconds: import this
package only where it is needed.
"""

from autograde.gradebook.database import opened
from autograde.gradebook.recorder import Recorder, recorder
from autograde.gradebook.register import register_assignment
from autograde.gradebook.scores import record_notebook, scores
from autograde.gradebook.standing import Standing, standing
from autograde.model import Score

__all__ = [
    "Recorder",
    "Score",
    "Standing",
    "opened",
    "record_notebook",
    "recorder",
    "register_assignment",
    "scores",
    "standing",
]
