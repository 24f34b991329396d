"""JUnit XML, which CI systems show as test reports: an exercise is a test suite, a check is a test case.

It keeps to what Jenkins' schema (junit-10.xsd), GitLab and pytest agree on. A check that failed is a failure,
one that was skipped is skipped, one that the kit could not carry out is an error, which is nobody's mistake
but the instructor's. Suites carry the scores as properties, for a score is more than a count of cases.
"""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

from autograde.model import Outcome
from autograde.report.told import Told, ToldCheck, ToldExercise, number, points_of

_ELEMENTS = {Outcome.FAILED: "failure", Outcome.SKIPPED: "skipped", Outcome.ERROR: "error"}


def junit_xml(submission: Told) -> str:
    """Return the document. Nothing in it varies between two runs but times."""
    root = ET.Element("testsuites", name=f"autograde: {submission.assignment}")
    suites = [_suite(submission, exercise) for exercise in submission.exercises]
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", _time(sum(_seconds(exercise) for exercise in submission.exercises)))
    root.extend(suites)
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}\n'


def _suite(submission: Told, exercise: ToldExercise) -> ET.Element:
    name = f"{submission.assignment}.{exercise.notebook}.{exercise.name}"
    outcomes = Counter(check.outcome for check in exercise.checks)
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(exercise.checks)),
        failures=str(outcomes[Outcome.FAILED]),
        errors=str(outcomes[Outcome.ERROR]),
        skipped=str(outcomes[Outcome.SKIPPED]),
        time=_time(_seconds(exercise)),
    )
    properties = ET.SubElement(suite, "properties")
    score = "" if exercise.score is None else number(exercise.score)
    for key, value in (("score", score), ("max_score", number(exercise.max_score))):
        ET.SubElement(properties, "property", name=key, value=value)
    used: Counter[str] = Counter()
    for check in exercise.checks:
        used[check.sentence] += 1
        suite.append(_case(name, check, used[check.sentence]))
    ET.SubElement(suite, "system-out").text = "\n".join(
        [points_of(exercise), *exercise.above, *exercise.below]
    )
    return suite


def _case(suite: str, check: ToldCheck, occurrence: int) -> ET.Element:
    """Return a test case; its name tells it from the others of its suite, as report viewers expect."""
    name = check.sentence if occurrence == 1 else f"{check.sentence} ({occurrence})"
    case = ET.Element("testcase", classname=suite, name=name, time=_time(check.seconds))
    if element := _ELEMENTS.get(check.outcome):
        message = check.details[0] if check.details else f"This check {_verb(check.outcome)}."
        ended = ET.SubElement(case, element, message=message)
        ended.set("type", check.outcome.value)
        ended.text = "\n".join(check.details) or message
    return case


def _verb(outcome: Outcome) -> str:
    return "was skipped" if outcome is Outcome.SKIPPED else "did not pass"


def _seconds(exercise: ToldExercise) -> float:
    return sum(check.seconds for check in exercise.checks)


def _time(seconds: float) -> str:
    return f"{seconds:.3f}"
