"""Grading a class: what has to be graded is handed out, and what comes back is written."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

from autograde.classroom.job import Fault, Graded, Job, Submitted, Terms
from autograde.classroom.kept import Stamp, Store
from autograde.classroom.pool import Open, cluster, grade_all, local
from autograde.classroom.staging import Change, Stage
from autograde.classroom.writing import clean_up, stored_result, writer
from autograde.course import Course
from autograde.errors import AutogradeError, CourseError
from autograde.files import write_atomically
from autograde.intake import receive
from autograde.model import SubmissionResult
from autograde.notebook import read_notebook
from autograde.settled import key_of, seal, submission_digests, unseal
from autograde.state import state_of

FAULTS = ".autograde/faults"
"""Where in a course it is kept what went wrong in this package itself."""


@dataclass(frozen=True)
class Tick:
    """How far a run is: who is done ("" at the beginning), how many are, of how many, and faults so far."""

    student: str
    done: int
    total: int
    faults: int = 0


Progress = Callable[[Tick], None]
Announce = Callable[[Sequence[Change]], None]


@dataclass(frozen=True)
class Options:
    """How to grade a class.

    With `practice`, student code is run even where it cannot be confined, and the gradebook is left alone.
    With `force` nothing of earlier runs is used; with `dry_run` only `announce` hears what would change.
    `scheduler` is the address of a Dask cluster that grades in place of `workers` processes here.
    """

    practice: bool = False
    force: bool = False
    dry_run: bool = False
    workers: int = 1
    scheduler: str = ""
    progress: Progress = field(default=lambda tick: None, repr=False)
    announce: Announce = field(default=lambda changes: None, repr=False)


@dataclass(frozen=True)
class ClassResult:
    """What grading a class gave: results by student, and why some students have none.

    `changes` are those of scores that an earlier run had given to the same submissions; `graded` counts the
    submissions of which something was run.
    """

    results: tuple[SubmissionResult, ...]
    faults: Mapping[str, Fault]
    changes: tuple[Change, ...] = ()
    graded: int = 0


def grade_class(
    course: Course, assignment: str, students: Sequence[str] | None = None, options: Options = Options()
) -> ClassResult:
    """Grade the submissions of some students (default: of all who submitted) and record them.

    A notebook that cannot be graded costs its own student. If the kit itself fails, or a submission cannot be
    recorded, nothing new is kept of that student, and it is reported. What an earlier run found and still
    holds is not run again.

    Raises:
        CourseError: there is nothing to grade, or the course is not built.
        IsolationError: students' processes cannot be confined as the course demands.
        AutogradeError: the gradebook cannot be used, or somebody else is grading this assignment.

    """
    chosen = chosen_students(course, assignment, students)
    with _alone(course, assignment):
        clean_up(course, assignment, iter(chosen))
        if options.practice or options.dry_run:
            return _Run(course, assignment, options).of(chosen)
        from autograde.gradebook import register_assignment  # takes seconds to load, and no worker needs it

        unseal(course, assignment)
        register_assignment(course, assignment)
        run = _Run(course, assignment, options)
        result = run.of(chosen)
        if students is None and not result.faults:
            run.settle()
        return result


def chosen_students(course: Course, assignment: str, students: Sequence[str] | None) -> tuple[str, ...]:
    """Return the students to grade.

    Raises:
        CourseError: nobody submitted, or somebody asked for did not.

    """
    course.notebooks(assignment)  # a wrong name of the assignment is the likelier mistake: told first
    present = course.students(assignment)
    if not present:
        raise CourseError(f"{course.submitted(assignment, '<student>')}: no submissions; collect them first")
    absent = sorted(set(students or ()) - set(present))
    if absent:
        raise CourseError(f"{course.submitted(assignment, absent[0])}: no submission of {absent[0]}")
    return present if students is None else tuple(sorted(set(students)))


class _Run:
    """One run over a class."""

    def __init__(self, course: Course, assignment: str, options: Options) -> None:
        self._course, self._assignment, self._options = course, assignment, options
        self._store = Store(course, assignment)
        self._stage = Stage.of(course, assignment)
        state = state_of(course, assignment)
        self._terms = Terms(course.root, assignment, state, options.practice, options.force)
        self._stamps: dict[str, Stamp] = {}
        self._earlier: dict[str, SubmissionResult] = {}  # of the same submissions, by an earlier run
        self._results: dict[str, SubmissionResult] = {}
        self._faults: dict[str, Fault] = {}
        self._changes: list[Change] = []
        self._graded = 0

    def of(self, students: Sequence[str]) -> ClassResult:
        """Grade the students' submissions."""
        options = self._options
        unrecorded = options.practice or options.dry_run
        with ExitStack() as stack:
            written = writer(self._course, self._assignment, self._store, unrecorded=unrecorded)
            self._writer = stack.enter_context(written)
            self._stamps = self._stamp(students)
            waiting = [student for student in students if not self._is_done(student)]
            if waiting:
                open_executor, workers = stack.enter_context(self._executor(len(waiting)))
                self._tick("", len(students))
                self._writer.enrol(waiting)
                for outcome in grade_all(self._jobs(waiting), open_executor, workers):
                    self._tick(self._receive(outcome), len(students))
            self._finish()
        results = tuple(self._results[student] for student in students if student in self._results)
        faults = {student: self._faults[student] for student in students if student in self._faults}
        return ClassResult(results, faults, tuple(self._changes), self._graded)

    def settle(self) -> None:
        """Seal what was written for everybody, unless something of it has changed in the meantime."""
        course, assignment = self._course, self._assignment
        submissions = {student: stamp.submission for student, stamp in self._stamps.items()}
        try:
            key = key_of(course, assignment, self._terms.state, submissions)
        except OSError:
            return
        # What somebody changes in the gradebook from now on no longer fits the key; the rest is seen here.
        with writer(course, assignment, self._store, unrecorded=False) as now:
            lateness = now.lateness()
            same = all(lateness(student) == stamp.times for student, stamp in self._stamps.items())
        if key and same:
            from autograde.gradebook import scores

            seal(course, assignment, key, scores(course, assignment))

    def _stamp(self, students: Sequence[str]) -> dict[str, Stamp]:
        """Return what is to be written for: of each student the submission as it is now."""
        lateness = self._writer.lateness()
        digests = submission_digests(self._course, self._assignment, students)
        return {
            student: Stamp(submission, self._terms.state, lateness(student))
            for student, submission in digests.items()
        }

    def _is_done(self, student: str) -> bool:
        """Whether everything of a submission has been written, as it would be now."""
        course, assignment, stamp = self._course, self._assignment, self._stamps[student]
        earlier = None if self._options.practice else stored_result(course.results(assignment, student))
        if earlier is None:
            return False
        sealed = self._store.stamp(student)
        if self._options.dry_run:  # penalties are not looked at
            stamp = replace(stamp, times=sealed.times)
        if sealed.submission == stamp.submission:
            self._earlier[student] = earlier
        folder = course.autograded(assignment, student)
        there = all((folder / f"{name}.ipynb").is_file() for name in course.notebooks(assignment))
        if self._options.force or sealed != stamp or not there or not self._writer.has(earlier):
            return False
        self._results[student] = earlier
        return True

    def _jobs(self, students: Sequence[str]) -> Iterator[Job]:
        names = self._course.notebooks(self._assignment)
        released = {name: read_notebook(self._course.release(self._assignment, name)) for name in names}
        for student in students:
            folder = self._course.submitted(self._assignment, student)
            if not folder.is_dir():
                self._faults[student] = Fault(student, f"{folder}: it went away; collect it again")
                continue
            received = receive(folder, released)
            notebooks = {name: Submitted.of(one) for name, one in received.items()}
            kept = b"" if self._options.practice else self._store.kept(student)
            yield Job(self._terms, student, notebooks, kept)

    def _receive(self, outcome: Graded | Fault) -> str:
        """Write what came of a submission, or let it wait; return whose it is."""
        if isinstance(outcome, Fault):
            self._faults[outcome.student] = self._logged(outcome)
            return outcome.student
        student = outcome.result.student
        self._graded += outcome.ran
        try:
            if not self._options.practice:
                self._store.keep(student, outcome.kept)
            earlier = self._earlier.get(student)
            change = None if earlier is None else Change.between(earlier, outcome.result)
            if change is not None and change.scores:
                self._changes.append(change)
                self._stage.put(outcome, self._stamps[student])
            else:
                self._write(outcome, self._stamps[student])
            self._results[student] = outcome.result
        except (AutogradeError, OSError) as error:
            self._faults[student] = Fault(student, _told(error))
        return student

    def _write(self, graded: Graded, stamp: Stamp) -> None:
        if not self._options.dry_run:
            self._writer.write(graded, stamp)

    def _finish(self) -> None:
        """Tell what changes for the class, then write it."""
        self._changes.sort(key=lambda change: change.student)
        if self._changes:
            self._options.announce(self._changes)
        try:
            for graded, stamp in self._stage.take():
                try:
                    self._write(graded, stamp)
                except (AutogradeError, OSError) as error:
                    student = graded.result.student
                    self._faults[student] = Fault(student, _told(error))
                    del self._results[student]
        finally:
            self._stage.clear()

    def _logged(self, fault: Fault) -> Fault:
        """Put where a fault of ours came from into a file, and its name into the reason."""
        if not fault.trace:
            return fault
        path = self._course.root / FAULTS / self._assignment / f"{fault.student}.txt"
        try:
            write_atomically(path, fault.trace)
        except OSError:
            return fault
        return Fault(fault.student, f"{fault.reason}; see {path}")

    def _tick(self, student: str, total: int) -> None:
        done = len(self._results) + len(self._faults)
        self._options.progress(Tick(student, done, total, len(self._faults)))

    @contextmanager
    def _executor(self, jobs: int) -> Iterator[tuple[Open, int]]:
        if self._options.scheduler:
            with cluster(self._options.scheduler) as found:
                yield found
        else:
            workers = max(1, min(self._options.workers, jobs))
            yield local(workers), workers


def _told(error: AutogradeError | OSError) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'the disk'}: {error.strerror}; mend that, then run the command again"
    return str(error)


@contextmanager
def _alone(course: Course, assignment: str) -> Iterator[None]:
    """Hold the assignment for this run alone; the system lets go of it however the process ends."""
    path = course.root / ".autograde" / f"{assignment}.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AutogradeError(
                f"{path}: another `autograde grade` is at this assignment; wait for it or end it"
            ) from error
        yield
