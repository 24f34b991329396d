"""The class at a glance, on the terminal: who scored what, what went wrong most often, where to look next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograde.course import Course
from autograde.model import ExerciseResult, Outcome, Score, SubmissionResult

FLAG = "!"
MOST_LINES = 10  # of one kind
_SLOWEST = 3  # exercises named
LONGEST_NAME = 24
Columns = Mapping[str, Sequence[str]]
"""Short headings, and the exercises whose scores stand under each."""


@dataclass(frozen=True)
class Mistake:
    """A check that students failed, and the mistake that most of them made: empty if none is known."""

    exercise: str
    check: str
    sentence: str
    students: int
    diagnosis: str
    diagnosed: int


def print_class(
    console: Console,
    course: Course,
    assignment: str,
    results: Sequence[SubmissionResult],
    folder: Path = Path(),
    *,
    practice: bool = False,
    standing: Sequence[Score] | None = None,
) -> None:
    """Print scores, mistakes and next steps; `folder` is what the reader calls the course's folder.

    `standing` is that of the gradebook, which is read if it is not given.
    """
    if standing is None:
        from autograde.gradebook import scores  # takes seconds to load

        standing = scores(course, assignment)
    by_student = {score.student: score for score in standing}
    columns = print_scores(console, results, by_student)
    if mistakes := commonest_mistakes(results):
        console.print()
        headings = {name: heading for heading, (name,) in columns.items()}
        console.print(mistakes_table(mistakes[:MOST_LINES], headings))
    console.print()
    if told := slowest(results):
        console.print(Text(f"Slowest checks: {told}", style="dim"), soft_wrap=True)
    steps = next_steps(assignment, results, by_student, folder)
    for line in practice_steps(assignment, folder) if practice else steps:
        console.print(Text(line), soft_wrap=True)


def slowest(results: Sequence[SubmissionResult]) -> str:
    """Return the exercises whose checks take longest, with the mean time they take for a submission."""
    seconds: dict[str, list[float]] = {}
    for exercise in _judged(results):
        seconds.setdefault(exercise.exercise, []).append(sum(check.seconds for check in exercise.checks))
    means = {name: sum(each) / len(each) for name, each in seconds.items()}
    longest = sorted(means, key=lambda name: -means[name])[:_SLOWEST]
    return ", ".join(f"{shown(name)} {means[name]:.2g} s" for name in longest)


def practice_steps(assignment: str, folder: Path = Path()) -> list[str]:
    """Return lines that say where the outcome of a practice run is."""
    place = folder / "practice"
    return [
        "Practice: students' code may have run unconfined, and the gradebook was left alone.",
        f"Graded notebooks: {place / 'autograded'}/<student>/{assignment}/; results: {place / 'results'}/",
    ]


def print_scores(
    console: Console, results: Sequence[SubmissionResult], standing: Mapping[str, Score]
) -> dict[str, tuple[str]]:
    """Print the table of scores as wide as there is room for, and return the columns of its exercises."""
    columns = exercise_columns(results)
    table = class_table(results, standing, columns)
    unbounded = console.options.update(max_width=10_000)
    if console.measure(table, options=unbounded).maximum > console.width:
        table = class_table(results, standing, notebook_columns(columns))
    console.print(table)
    console.print()
    for heading, (name,) in columns.items():
        console.print(Text(f"{heading:>6}  {shown(name)}", style="dim"))
    return columns


def exercise_columns(results: Sequence[SubmissionResult]) -> dict[str, tuple[str]]:
    """Return a column for each exercise: "2.1" is the first one of the second notebook."""
    notebooks: dict[str, dict[str, None]] = {}
    for result in results:
        for notebook in result.notebooks:
            names = (exercise.exercise for exercise in notebook.exercises)
            notebooks.setdefault(notebook.notebook, {}).update(dict.fromkeys(names))
    return {
        f"{place}.{number}": (exercise,)
        for place, notebook_name in enumerate(sorted(notebooks), start=1)
        for number, exercise in enumerate(notebooks[notebook_name], start=1)
    }


def notebook_columns(columns: Columns) -> dict[str, tuple[str, ...]]:
    """Return a column for each notebook, from columns for each exercise: for narrow terminals."""
    wide: dict[str, tuple[str, ...]] = {}
    for heading, names in columns.items():
        place = heading.partition(".")[0]
        wide[place] = (*wide.get(place, ()), *names)
    return wide


def class_table(
    results: Sequence[SubmissionResult], standing: Mapping[str, Score], columns: Columns
) -> Table:
    """Return students by exercises. Totals are the gradebook's: with manual points and late penalties."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    longest = max((len(result.student) for result in results), default=0)
    table.add_column("student", overflow="fold", min_width=min(longest, LONGEST_NAME))
    for heading in columns:
        table.add_column(heading, justify="right", no_wrap=True)
    possible = max((score.max_score for score in standing.values()), default=0.0)
    table.add_column(f"of {number(possible)}", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for result in results:
        exercises = {exercise.exercise: exercise for exercise in result.exercises}
        cells = [
            _points([exercises[name] for name in names if name in exercises]) for names in columns.values()
        ]
        score = standing.get(result.student)
        table.add_row(Text(shown(result.student)), *cells, _total(score), _notes(result, score))
    return table


def commonest_mistakes(results: Sequence[SubmissionResult]) -> tuple[Mistake, ...]:
    """Return the checks that students failed, most failed first, with the commonest explanation of each."""
    failed: Counter[tuple[str, str, str]] = Counter()
    diagnoses: dict[tuple[str, str, str], Counter[str]] = {}
    for exercise in _judged(results):
        for check in exercise.checks:
            if check.outcome is Outcome.FAILED:
                key = (exercise.exercise, check.name, check.sentence)
                failed[key] += 1
                diagnoses.setdefault(key, Counter()).update(
                    [exercise.diagnosis] if exercise.diagnosis else []
                )
    commonest = {key: next(iter(diagnoses[key].most_common(1)), ("", 0)) for key in failed}
    return tuple(Mistake(*key, number, *commonest[key]) for key, number in failed.most_common())


def mistakes_table(mistakes: Sequence[Mistake], headings: Mapping[str, str] | None = None) -> Table:
    """Return mistakes as a table, with the headings of the class table in place of the exercises' names."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("students", justify="right")
    table.add_column("exercise")
    table.add_column("commonest failed checks", overflow="fold")
    told: set[tuple[str, str]] = set()
    for one in mistakes:
        text = Text(shown(one.sentence))
        if one.diagnosis and (one.exercise, one.diagnosis) not in told:
            text.append(f"\n{one.diagnosed} of them: {shown(one.diagnosis)}", style="dim")
            told.add((one.exercise, one.diagnosis))
        table.add_row(str(one.students), Text(shown((headings or {}).get(one.exercise, one.exercise))), text)
    return table


def next_steps(
    assignment: str, results: Sequence[SubmissionResult], standing: Mapping[str, Score], folder: Path = Path()
) -> list[str]:
    """Return lines that say where to look next, the most urgent first."""
    documents = folder / "results" / assignment
    flagged: dict[str, list[str]] = {}
    for result in results:
        for exercise in result.exercises:
            if exercise.flagged:
                flagged.setdefault(exercise.exercise, []).append(shown(result.student))
    faults = [
        f"{FLAG} {name}: a check of yours failed itself, for {len(students)} of {len(results)} students: "
        f"see its message in {documents / students[0]}.json"
        for name, students in flagged.items()
    ]
    problems = [
        f"{shown(result.student)}: {notebook.notebook}: {shown(notebook.problem)}"
        for result in results
        for notebook in result.notebooks
        if notebook.problem
    ]
    lines = [*_first(faults), *_first(problems)]
    if folder != Path():
        lines.append(f"The commands below are for the course in {folder}/: go there first")
    if any(score.needs_manual_grade for score in standing.values()):
        lines.append("To grade by hand: run `jupyter lab` in the course's folder, menu Nbgrader > Formgrader")
    return [
        *lines,
        f"Graded notebooks: {folder / 'autograded'}/<student>/{assignment}/; results: {documents}/",
        f"Then: `nbgrader generate_feedback {assignment}` for the students, `nbgrader export` for the marks",
    ]


def shown(text: str) -> str:
    """Return text on one line, without characters that would steer the terminal."""
    line = " ".join(text.split())
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)


def _judged(results: Sequence[SubmissionResult]) -> Iterator[ExerciseResult]:
    for result in results:
        for notebook in result.notebooks:
            if not notebook.problem:
                yield from notebook.exercises


def _points(exercises: Sequence[ExerciseResult]) -> Text:
    if not exercises:
        return Text("-", style="dim")
    reached = sum(exercise.score or 0.0 for exercise in exercises)
    possible = sum(exercise.max_score for exercise in exercises)
    style = "green" if reached >= possible else "yellow" if reached else "red"
    text = Text(number(reached), style=style)
    return (
        text.append(FLAG, style="bold magenta") if any(exercise.flagged for exercise in exercises) else text
    )


def _total(score: Score | None) -> Text:
    if score is None:
        return Text("-", style="dim")
    return Text(number(max(score.score - score.late_penalty, 0.0)))


def _notes(result: SubmissionResult, score: Score | None) -> Text:
    unread = sum(1 for notebook in result.notebooks if notebook.problem)
    told = [f"{unread} not graded"] if unread else []
    if score is not None and score.late_penalty:
        told.append(f"{number(score.late_penalty)} off: late")
    if score is not None and score.needs_manual_grade:
        told.append("by hand")
    return Text(", ".join(told))


def number(value: float) -> str:
    """Return points as people write them."""
    return f"{round(value, 1):g}"


def _first(lines: Sequence[str]) -> list[str]:
    more = [f"... and {len(lines) - MOST_LINES} more of this kind"] if len(lines) > MOST_LINES else []
    return [*lines[:MOST_LINES], *more]
