"""nbgrader's gradebook: assignments are registered in it, scores written to it and read from it.

Scores come from results, never from the outputs of a notebook. What belongs to people (manual scores and
comments, extra credit, extensions, due dates) is never changed. Loading nbgrader takes seconds: import this
package only where it is needed.
"""

from autograde.gradebook.database import opened
from autograde.gradebook.register import register_assignment
from autograde.gradebook.scores import Score, record, record_notebook, scores

__all__ = ["Score", "opened", "record", "record_notebook", "register_assignment", "scores"]
