"""CI's formats: their readers can parse them, they tell what the student may read, and no text does harm."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml
from junitparser import junitparser as junit
from markdown_it import MarkdownIt

from autograde.model import (
    CheckResult,
    ExerciseResult,
    NotebookResult,
    Outcome,
    SubmissionResult,
    Visibility,
)
from autograde.report.annotations import (
    LONGEST,
    SHOWN,
    code_quality,
    github_annotations,
    log_line,
    log_lines,
)
from autograde.report.feedback import NOT_GRADED, NOT_JUDGED, UNLISTED
from autograde.report.gradescope import gradescope_json
from autograde.report.junit import junit_xml
from autograde.report.markdown import LARGEST, markdown_summary
from autograde.report.told import Reader, for_student, plain, told

HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 ]]> <script>alert(1)</script> &amp; \x00 \ud800 \ufffe \u202e",
    "::error::x",
    "one\n::set-env name=PATH::/tmp\r::add-mask::0\r\n \u00a0::stop-commands::x\u2028::error::y\x85::error",
    "##[command]x and ##vso[task.complete]y and ##[group]z",
    "%0A::add-mask::0 100% %250A",
    "| a | b |\n</pre></code><img src=x onerror=y> [a](javascript:b) ![i](http://c.example/d) <a href=x>",
    "$x$ \\(y\\) @someone #1 `</code>` ``` ~~~ **bold** __init__ https://evil.example/x www.evil.example",
    "a,title=b:c::d",
)
PATHS = {"1_add": "work/1_add.ipynb", "2_more": "work/a,b:c%.ipynb"}


def check(
    name: str = "test_it",
    outcome: Outcome = Outcome.FAILED,
    visibility: Visibility = Visibility.ALWAYS,
    **more: Any,
) -> CheckResult:
    texts = {
        "sentence": f"The sentence of {name}.",
        "message": f"message of {name}" if outcome is not Outcome.PASSED else "",
        "hint": f"advice of {name}" if outcome is Outcome.FAILED else "",
    }
    given = {"points": 1.0, "seconds": 0.25, **texts, **more}
    return CheckResult(name=name, outcome=outcome, visibility=visibility, **given)


def exercise(
    *checks: CheckResult, name: str = "add", score: float | None = 2.0, diagnosis: str = ""
) -> ExerciseResult:
    return ExerciseResult(name, score, 8.0, checks, diagnosis)


def submission(
    *exercises: ExerciseResult, student: str = "ann", notebook: str = "1_add", **about: Any
) -> SubmissionResult:
    notebooks = (NotebookResult(notebook, exercises, **about),)
    return SubmissionResult("toy", student, notebooks, "confined", 0, {"torch": "2"})


def one_of_each() -> SubmissionResult:
    """Return a submission with every outcome and every visibility."""
    checks = [
        check(f"{outcome.value}_{visibility.value.replace(' ', '_')}", outcome, visibility)
        for outcome in Outcome
        for visibility in Visibility
    ]
    return submission(exercise(*checks, diagnosis="what it looks like"))


def hostile(text: str) -> SubmissionResult:
    """Return a submission in which the text stands wherever a student's text could."""
    failed = check(message=text, hint=text, sentence=text)
    about = {"problem": "", "repairs": (text,), "remarks": (text,)}
    return submission(exercise(failed, check("other", message=text), diagnosis=text), student=text, **about)


Format = Callable[[SubmissionResult], str]
FORMATS: dict[str, Format] = {
    "junit": lambda result: junit_xml(told(result)),
    "summary": lambda result: markdown_summary(told(result), 8.0),
    "log": lambda result: "\n".join(log_lines(told(result), 8.0)),
    "github": lambda result: "\n".join(github_annotations(told(result), PATHS)),
    "code quality": lambda result: code_quality(told(result), PATHS),
    "json": lambda result: for_student(result).to_json(),
}


# What the student may read


@pytest.mark.parametrize("name", FORMATS)
def test_a_student_reads_what_the_visibility_allows_and_no_more(name: str) -> None:
    text = FORMATS[name](one_of_each()).replace("&#95;", "_")
    shown = {one.name for one in one_of_each().exercises[0].checks if f"sentence of {one.name}." in text}
    if name in ("junit", "summary", "json"):
        assert len(shown) == len(Outcome) * 3
    assert not any(one.endswith("never") for one in shown)
    advised = {one.removeprefix("advice of ") for one in re.findall(r"advice of \w+", text)}
    assert advised == {"failed_always", "failed_after_grading"}
    messages = {one.removeprefix("message of ") for one in re.findall(r"message of \w+", text)}
    assert messages == advised
    assert ("what it looks like" in text) == (name != "code quality")


@pytest.mark.parametrize("name", FORMATS)
def test_a_diagnosis_of_checks_that_are_not_explained_is_not_told(name: str) -> None:
    secret = exercise(
        check(visibility=Visibility.NAME_ONLY), check("b", visibility=Visibility.NEVER), diagnosis="x-x"
    )
    assert "x-x" not in FORMATS[name](submission(secret))


@pytest.mark.parametrize("name", ["junit", "summary", "log", "github"])
def test_that_there_are_other_checks_is_told(name: str) -> None:
    one, other = check("a"), check("b", visibility=Visibility.NEVER)
    assert UNLISTED in FORMATS[name](submission(exercise(one, other)))
    assert UNLISTED not in FORMATS[name](submission(exercise(one)))


def test_an_instructor_reads_everything() -> None:
    text = junit_xml(told(one_of_each(), Reader.INSTRUCTOR))
    checks = one_of_each().exercises[0].checks
    assert all(f"The sentence of {one.name}." in text for one in checks)
    assert all(one.message in text and one.hint in text for one in checks)


def test_the_student_s_document_is_a_result_document_with_the_same_scores() -> None:
    result = one_of_each()
    again = SubmissionResult.from_json(for_student(result).to_json())
    assert (again.score, again.max_score) == (result.score, result.max_score)
    assert {one.visibility for one in again.exercises[0].checks} == set(Visibility) - {Visibility.NEVER}


@pytest.mark.parametrize("name", ["junit", "summary", "log", "github"])
def test_what_could_not_be_judged_is_told_as_that(name: str) -> None:
    text = FORMATS[name](submission(exercise(check(outcome=Outcome.ERROR), score=None)))
    assert NOT_GRADED in text
    assert NOT_JUDGED in text
    assert "message of" not in text


@pytest.mark.parametrize("name", ["junit", "summary", "log", "github", "code quality"])
def test_why_a_notebook_was_not_graded_is_told(name: str) -> None:
    text = FORMATS[name](submission(exercise(check(message="Not graded.")), problem="it is empty"))
    assert "it is empty" in text
    assert "advice" not in text


def test_commands_to_a_terminal_are_left_out_with_what_they_carry() -> None:
    text = "\x1b[1;31mred\x1b[0m \x1b]0;title\x07\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\ \x1b(B\x1bM\x1b"
    assert plain(text) == "red link "
    assert plain("one\r\ntwo\rthree\n\tfour\u202e\0") == "one\ntwo\nthree\n four\ufffd\ufffd"


# JUnit XML

CHILDREN = {  # what Jenkins' schema and GitLab allow in each element
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out"},
    "properties": {"property"},
    "testcase": {"skipped", "error", "failure"},
}
ATTRIBUTES = {  # required, and allowed besides
    "testsuites": ({"tests", "failures", "errors"}, {"name", "time"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"skipped", "time"}),
    "property": ({"name", "value"}, set[str]()),
    "testcase": ({"name", "classname"}, {"time"}),
    "failure": ({"message", "type"}, set[str]()),
    "error": ({"message", "type"}, set[str]()),
    "skipped": ({"message"}, {"type"}),
}


def assert_follows_the_schema(text: str) -> ET.Element:
    root = ET.fromstring(text.encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        required, optional = ATTRIBUTES.get(element.tag, (set(), set()))
        assert required <= element.attrib.keys() <= required | optional, element.tag
        assert re.fullmatch(r"\d*(\.\d{0,3})?", element.get("time", ""))
        if element.tag == "testcase":
            assert len(element) <= 1
    assert_counts_are_right(root)
    return root


def assert_counts_are_right(root: ET.Element) -> None:
    counted = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
    for suite in root:
        for attribute, path in {**counted, "skipped": "testcase/skipped"}.items():
            assert suite.get(attribute) == str(len(suite.findall(path)))
        names = [case.get("name") for case in suite.findall("testcase")]
        assert len(set(names)) == len(names)
    for attribute, path in counted.items():
        assert root.get(attribute) == str(len(root.findall(f"testsuite/{path}")))


def test_an_exercise_is_a_suite_and_a_check_a_case() -> None:
    outcomes = dict(zip("abcd", Outcome, strict=True))
    result = submission(
        exercise(*(check(name, outcome) for name, outcome in outcomes.items())), exercise(name="b")
    )
    root = assert_follows_the_schema(junit_xml(told(result)))
    assert [suite.get("name") for suite in root] == ["toy.1_add.add", "toy.1_add.b"]
    kinds = [case[0].tag if len(case) else "passed" for case in root.iter("testcase")]
    assert kinds == ["passed", "failure", "skipped", "error"]
    assert [case.get("name") for case in root.iter("testcase")] == [
        f"The sentence of {name}." for name in "abcd"
    ]
    assert root.find("testsuite/properties/property[@name='score']").attrib["value"] == "2"  # type: ignore[union-attr]


def test_a_parser_of_junit_xml_reads_the_same() -> None:
    read = JUnitXml.fromstring(junit_xml(told(one_of_each())).encode())
    assert (read.tests, read.failures, read.errors) == (12, 3, 3)
    (suite,) = read
    kinds = [type(case.result[0]) if case.result else None for case in suite]
    assert kinds == [None] * 3 + [junit.Failure] * 3 + [junit.Skipped] * 3 + [junit.Error] * 3
    assert suite.time == pytest.approx(12 * 0.25)
    assert "advice of failed_always" in list(suite)[3].result[0].text


def test_checks_with_the_same_sentence_are_told_apart() -> None:
    twins = [check(name, sentence="It works.") for name in ("a", "b")]
    root = assert_follows_the_schema(junit_xml(told(submission(exercise(*twins)))))
    assert [case.get("name") for case in root.iter("testcase")] == ["It works.", "It works. (2)"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_leaves_junit_xml_valid(text: str) -> None:
    document = junit_xml(told(hostile(text)))
    assert_follows_the_schema(document)
    assert JUnitXml.fromstring(document.encode()).failures == 2


@given(st.text(max_size=60))
def test_any_text_leaves_junit_xml_valid(text: str) -> None:
    assert_follows_the_schema(junit_xml(told(hostile(text))))


# The log, and GitHub's workflow commands


def obeyed(log: str) -> list[tuple[str, dict[str, str], str]]:
    """Return the commands that a runner finds in a log, as it reads them: name, properties, message."""
    found = []
    for line in re.split(r"\r\n|\r|\n", log):
        if line.lstrip().startswith("::") and "::" in line.lstrip()[2:]:
            head, _, data = line.lstrip()[2:].partition("::")
            name, _, rest = head.partition(" ")
            pairs = (pair.partition("=") for pair in rest.split(",") if pair)
            found.append((name, {key: unescaped(value) for key, _, value in pairs}, unescaped(data)))
        elif re.search(r"##(\[|vso\[)", line, re.IGNORECASE):
            found.append(("old", {}, line))
    return found


def unescaped(text: str) -> str:
    codes = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    return re.sub("|".join(codes), lambda match: codes[match[0]], text)


def test_the_runner_of_these_tests_obeys_what_is_not_escaped() -> None:
    names = [name for name, _, _ in obeyed("\n".join(HOSTILE))]
    assert {"error", "set-env", "add-mask", "stop-commands", "old"} <= set(names)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_of_the_log_is_taken_for_a_command(text: str) -> None:
    lines = log_lines(told(hostile(text)), 8.0)
    assert obeyed("\n".join(lines)) == []
    assert all(char.isprintable() for line in lines for char in line)


@given(st.text(st.sampled_from(" :#[vso]\r\n\x1b\u2028|%"), max_size=12))
def test_no_text_makes_a_command(text: str) -> None:
    assert obeyed(log_line(text)) == []
    result = hostile(text)
    commands = github_annotations(told(result), {"1_add": text})
    assert [name for name, _, _ in obeyed("\n".join(commands))] == ["error"]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_annotation_says_of_the_file_what_was_wrong(text: str) -> None:
    path = f"work/{text}"
    ((name, properties, message),) = obeyed(
        "\n".join(github_annotations(told(hostile(text)), {"1_add": path}))
    )
    assert name == "error"
    assert properties.keys() == {"file", "line", "title"}
    assert properties["title"] == "add: 2 of 8 points"
    assert properties["file"].startswith("work/")
    if text == "a,title=b:c::d":
        assert properties["file"] == path
        assert text in message


def test_an_annotation_is_read_back_as_it_was_told() -> None:
    text = "50% of %0A and %250A, a: b"
    result = submission(exercise(check(message=text, hint="")))
    ((_, _, message),) = obeyed("\n".join(github_annotations(told(result), PATHS)))
    assert message == f"✗ The sentence of test_it.\n{text}"


def test_no_older_command_is_left_in_an_annotation() -> None:
    (command,) = github_annotations(told(hostile(HOSTILE[3])), PATHS)
    assert "##[" not in command
    assert "##vso[" not in command


def test_only_exercises_that_lost_points_are_annotated() -> None:
    fine = exercise(check(outcome=Outcome.PASSED), score=8.0)
    unjudged = exercise(check(outcome=Outcome.ERROR), score=None)
    commands = github_annotations(told(submission(fine, exercise(check()), unjudged)), PATHS)
    assert [name for name, _, _ in obeyed("\n".join(commands))] == ["error", "warning"]


def test_no_more_annotations_are_made_than_are_shown() -> None:
    many = [exercise(check(message="x" * 3 * LONGEST), name=f"e{number}") for number in range(25)]
    commands = github_annotations(told(submission(*many)), PATHS)
    assert len(commands) == SHOWN
    assert commands[-1] == f"::error::{25 - SHOWN + 1} more exercises lost points: see the summary."
    assert max(map(len, commands)) < LONGEST + 200


# Markdown


class Page(HTMLParser):
    """What a browser makes of HTML: its tags, their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(markdown: str) -> Page:
    """Return what a renderer makes of Markdown that lets HTML through, and looks for links in text."""
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Page(renderer.render(markdown))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_in_the_summary_as_it_is(text: str) -> None:
    page = rendered(markdown_summary(told(hostile(text)), 8.0))
    plain_tags = {"h2", "h3", "p", "ul", "li", "pre", "code", "span", "strong"}
    assert page.tags <= plain_tags | {"table", "thead", "tbody", "tr", "th", "td"}
    assert {name for name, _ in page.attributes} <= {"style"}  # how columns are aligned
    for line in plain(text).split("\n"):
        assert " ".join(line.replace("`", "").split()) in " ".join(page.text.replace("`", "").split())


@pytest.mark.parametrize("text", HOSTILE)
def test_no_bare_address_is_left_that_could_become_a_link(text: str) -> None:
    assert not re.search(r"https?://|www\.|\w@\w|@someone", markdown_summary(told(hostile(text)), 8.0))


def test_the_summary_tells_scores_and_what_was_needed() -> None:
    page = rendered(
        markdown_summary(told(submission(exercise(check()), exercise(name="b", score=8.0))), 12.0)
    )
    assert "toy: 10 of 16 points" in page.text
    assert "Needed: 12 points, which were not reached." in page.text
    assert "2 of 8 points" in page.text
    assert "(0 of 8 points)" in page.text
    assert "table" in page.tags


def test_a_summary_too_long_to_be_shown_keeps_the_scores() -> None:
    many = [exercise(*[check(message="*" * 2_000)] * 6, name=f"e{number}") for number in range(16)]
    text = markdown_summary(told(submission(*many)))
    assert len(text.encode()) < LARGEST
    assert text.count("2 of 8 points") == 16
    assert "too long for this page" in text


# GitLab


def test_a_finding_of_code_quality_has_what_gitlab_asks_for() -> None:
    result = submission(exercise(check("a"), check("b", Outcome.ERROR), check("c", Outcome.PASSED)))
    findings = json.loads(code_quality(told(result), PATHS))
    assert [finding["severity"] for finding in findings] == ["major", "info"]
    assert {frozenset(finding) for finding in findings} == {
        frozenset({"description", "check_name", "fingerprint", "severity", "location"})
    }
    assert findings[0]["location"] == {"path": "work/1_add.ipynb", "lines": {"begin": 1}}
    assert len({finding["fingerprint"] for finding in findings}) == 2


def test_the_same_mistake_has_the_same_fingerprint_whatever_was_seen() -> None:
    reports = [
        json.loads(code_quality(told(submission(exercise(check("a"), check("b", message=seen)))), PATHS))
        for seen in ("3 is not right", "4 is not right")
    ]
    first, second = ([finding["fingerprint"] for finding in report] for report in reports)
    assert first == second


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_leaves_code_quality_valid(text: str) -> None:
    for finding in json.loads(code_quality(told(hostile(text)), PATHS)):
        assert finding["description"].isprintable()


# Gradescope


def test_gradescope_shows_a_check_as_its_visibility_says() -> None:
    document = json.loads(gradescope_json(one_of_each()))
    failed = {
        test["name"].split("failed_")[1][:-1]: test for test in document["tests"] if "failed_" in test["name"]
    }
    shown = {name: test["visibility"] for name, test in failed.items()}
    assert shown == {
        "always": "visible",
        "after_grading": "after_published",
        "name_only": "visible",
        "never": "hidden",
    }
    assert failed["name_only"]["output"] == ""
    assert "message of failed_never" in failed["never"]["output"]
    visible = json.dumps([test for test in document["tests"] if test["visibility"] != "hidden"])
    assert "never" not in visible + document["output"]


def test_gradescope_s_tests_add_up_to_the_score() -> None:
    mixed = exercise(
        check("a", Outcome.PASSED), check("b"), check("c", Outcome.ERROR), check("d"), check("e")
    )
    document = json.loads(gradescope_json(submission(mixed)))
    tests = document["tests"]
    assert sum(test["score"] for test in tests) == pytest.approx(document["score"]) == 2.0
    assert sum(test["max_score"] for test in tests) == pytest.approx(8.0)
    assert [test["status"] for test in tests] == ["passed", "failed", "failed", "failed", "failed"]
    assert {test["output_format"] for test in tests} | {test["name_format"] for test in tests} == {"text"}


@pytest.mark.parametrize(
    ("visibility", "shown"), [(Visibility.ALWAYS, "visible"), (Visibility.AFTER_GRADING, "after_published")]
)
def test_gradescope_shows_a_diagnosis_no_earlier_than_what_it_explains(
    visibility: Visibility, shown: str
) -> None:
    result = submission(exercise(check(visibility=visibility), diagnosis="rounds down"))
    document = json.loads(gradescope_json(result))
    assert [test["visibility"] for test in document["tests"] if "rounds down" in test["output"]] == [shown]
    assert "rounds down" not in document["output"]


def test_gradescope_is_told_of_what_nobody_could_judge() -> None:
    document = json.loads(gradescope_json(submission(exercise(check(outcome=Outcome.ERROR), score=None))))
    assert sum(test["max_score"] for test in document["tests"]) == 8
    assert NOT_GRADED in document["tests"][0]["output"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_leaves_gradescope_s_file_plain(text: str) -> None:
    document = json.loads(gradescope_json(hostile(text)))
    texts = [document["output"], *(test[key] for test in document["tests"] for key in ("name", "output"))]
    assert all(char.isprintable() or char == "\n" for one in texts for char in one)
