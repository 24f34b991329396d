"""nbgrader's own `autograde`, graded by this package: the parts that nbgrader_config.py puts into its lists.

nbgrader converts every notebook twice, from `submitted/` to `autograded/` and then in place, with new objects
of the classes in its lists each time. First the notebook is repaired, then it is graded; what the grading has
to know of the repair travels in the notebook's metadata.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException  # type: ignore[import-untyped]
from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]
from traitlets.config import Config

from autograde.classroom import ungraded
from autograde.classroom.job import Terms
from autograde.classroom.worker import Bench, close_bench
from autograde.course import Course
from autograde.errors import AutogradeError, CourseError, ServerError, SubmissionError
from autograde.gradebook import record_notebook
from autograde.grading import Grader
from autograde.intake import Repaired, read_submission, repair
from autograde.report.feedback import feedback_notebook
from autograde.runs import GradedNotebook
from autograde.state import state_of

CARRIED = "autograde"  # notebook metadata that exist only between the two conversions
Resources = dict[str, Any]


class GradingExporter(NotebookExporter):
    """The exporter of `nbgrader autograde`: reads submissions, and holds what its preprocessors need.

    nbgrader makes one for each run. What would fail for every student fails here, once and in one line.
    """

    def __init__(self, parent: Any, **traits: Any) -> None:
        super().__init__(parent=parent, **traits)  # type: ignore[no-untyped-call]
        self._directory = directory = parent.coursedir
        try:
            self._heed(parent.config)
            self.course = Course.find(Path(directory.root))
            self.bench = self._open_bench()
        except AutogradeError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from error

    def _heed(self, config: Config) -> None:
        """Tell what becomes of settings for the kernel that nbgrader would start.

        Raises:
            CourseError: notebooks are not to be run, as after `nbgrader autograde --no-execute`.

        """
        if config.Execute.get("enabled") is False:
            raise CourseError(
                "--no-execute (c.Execute.enabled): this course is graded by running notebooks; leave it out"
            )
        for name in config.Execute:
            self.log.warning("c.Execute.%s is not used: limits are set in pyproject.toml", name)

    def from_filename(
        self, filename: str, resources: Any = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a notebook. A submitted one is read as hostile; one that cannot be read is told of."""
        about, folder = resources["nbgrader"], self._directory.submitted_directory
        submitted = self._directory.format_path(folder, about["student"], about["assignment"])
        if Path(filename).parent != Path(submitted):
            return super().from_filename(filename, resources, **options)
        try:
            notebook = read_submission(Path(filename))
        except SubmissionError as error:
            notebook, about["problem"] = self.bench.released[about["notebook"]], str(error)
        converted: tuple[Any, dict[str, Any]]
        converted = self.from_notebook_node(notebook, resources, **options)  # type: ignore[no-untyped-call]
        return converted

    def graded(self, grade: Callable[[Grader], GradedNotebook]) -> GradedNotebook:
        """Grade with the warm grader; if its server was lost, once more with a new one."""
        try:
            return grade(self.bench.grader)
        except ServerError:
            close_bench()
            self.bench = self._open_bench()
            return grade(self.bench.grader)

    def _open_bench(self) -> Bench:
        """Return the process's bench: the formgrader makes a run of each student, and it stays open."""
        assignment = self._directory.assignment_id
        return Bench.of(Terms(self.course.root, assignment, state_of(self.course, assignment)))


class RepairSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """First conversion: puts a submitted notebook back into the shape of the released one."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the repaired notebook, or the released one if the submission cannot be graded."""
        about = resources["nbgrader"]
        released, problem = _exporter(self).bench.released[about["notebook"]], about.get("problem", "")
        repaired = Repaired(nb)
        if not problem:
            try:
                repaired = repair(released, nb)
            except SubmissionError as error:
                repaired, problem = Repaired(released), str(error)
        # The exporter works on a copy, and `repaired` may share its metadata with the released notebook.
        metadata = {**repaired.notebook.metadata, CARRIED: {"repairs": repaired.repairs, "problem": problem}}
        return NotebookNode({**repaired.notebook, "metadata": metadata}), resources


class GradeSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Second conversion: runs the repaired notebook, judges it and writes the verdicts into it."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the graded notebook, and its results in the resources."""
        about, carried = resources["nbgrader"], nb.metadata.pop(CARRIED)
        assignment, name = about["assignment"], about["notebook"]

        def grade(grader: Grader) -> GradedNotebook:
            if carried["problem"]:
                return ungraded(grader, assignment, name, nb, carried["problem"])
            return grader.grade_notebook(assignment, name, Repaired(nb, tuple(carried["repairs"])))

        graded = _exporter(self).graded(grade)
        about["result"] = graded.result
        return feedback_notebook(graded), resources


class SaveScores(NbGraderPreprocessor):  # type: ignore[misc]
    """Second conversion: writes the scores of the results, in place of nbgrader's reading of the outputs."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Write the scores; notebook and resources stay as they are."""
        about = resources["nbgrader"]
        record_notebook(about["db_url"], about["assignment"], about["student"], about["result"], nb)
        return nb, resources


def _exporter(preprocessor: NbGraderPreprocessor) -> GradingExporter:
    exporter = preprocessor.parent
    if not isinstance(exporter, GradingExporter):
        name = f"{GradingExporter.__module__}.{GradingExporter.__qualname__}"
        raise CourseError(f"nbgrader_config.py: set c.Autograde.exporter_class to {name!r}")
    return exporter
