"""What people read: the graded notebook, the pages made of it, and the class on the terminal."""

import base64
import json
import struct
import time
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.filters import clean_html, markdown2html
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import determine_grade
from rich.console import Console

from autograde.model import (
    CheckResult,
    ExerciseResult,
    NotebookResult,
    Outcome,
    SubmissionResult,
    Visibility,
)
from autograde.notebook import grade_id
from autograde.report import outputs as kept
from autograde.report.feedback import NOT_GRADED, NOT_JUDGED, NOT_TRIED, UNLISTED, feedback_notebook
from autograde.report.outputs import student_outputs
from autograde.report.pages import markdown2html as own_markdown2html
from autograde.report.pages import strip_files_prefix
from autograde.report.summary import (
    class_table,
    commonest_mistakes,
    exercise_columns,
    mistakes_table,
    next_steps,
    notebook_columns,
)
from autograde.runs import GradedNotebook

HOSTILE = (
    "<b onclick=x>`a<b`</b> & $x$ \\(y\\) **bold** __init__ [a](javascript:b) ![i](http://c) | ~~d~~ # \"'{}"
)


def check(
    name: str = "test_it",
    outcome: Outcome = Outcome.FAILED,
    visibility: Visibility = Visibility.ALWAYS,
    **more: Any,
) -> CheckResult:
    texts = {
        "sentence": f"The sentence of {name}.",
        "message": f"message of {name}",
        "hint": f"advice of {name}",
    }
    return CheckResult(
        **{
            "name": name,
            "points": 1.0,
            "outcome": outcome,
            "visibility": visibility,
            "seconds": 0.0,
            **texts,
            **more,
        }
    )


def exercise(
    *checks: CheckResult, score: float | None = 2.5, name: str = "add", diagnosis: str = ""
) -> ExerciseResult:
    return ExerciseResult(name, score, 8.0, checks, diagnosis)


def cell_metadata(name: str, **flags: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "schema_version": 3, "task": False}
    return {"nbgrader": {"grade_id": name, **plain, **flags}}


def graded(
    *exercises: ExerciseResult, outputs: list[dict[str, Any]] | None = None, **told: Any
) -> GradedNotebook:
    """Return a graded notebook of exercise `add`; its solution cell and its grade cell have these outputs."""
    cells = [
        new_markdown_cell("# Adding"),
        new_code_cell("add = sum", metadata=cell_metadata("add", solution=True)),
        new_code_cell("assert add", metadata=cell_metadata("test_add", grade=True, locked=True, points=8)),
    ]
    for number, cell in enumerate(cells[1:], start=1):
        cell.outputs = [nbformat.from_dict(output) for output in outputs or []]
        cell.execution_count = number
    return GradedNotebook(NotebookResult("1_add", exercises, **told), new_notebook(cells=cells), 0.0)


def grade_cell(notebook: NotebookNode) -> NotebookNode:
    return next(cell for cell in notebook.cells if grade_id(cell) == "test_add")


def shown(one: ExerciseResult) -> dict[str, str]:
    """Return what the student is shown of an exercise's checks, as HTML and as text."""
    return dict(grade_cell(feedback_notebook(graded(one))).outputs[1].data)


def read(one: ExerciseResult) -> list[str]:
    """Return what the student reads of an exercise's checks, in a page and as text."""
    data = shown(one)
    return [Page(data["text/html"]).text, data["text/plain"]]


class Page(HTMLParser):
    """What a browser makes of HTML: its tags and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(" ".join([tag, *(f"{name}={value}" for name, value in attrs)]))

    def handle_data(self, data: str) -> None:
        self.text += data


# The score, where nbgrader reads it

STREAM = {"output_type": "stream", "name": "stderr", "text": "a warning"}
ERROR = {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["E"]}
FORGED = {"output_type": "execute_result", "data": {"text/plain": "8"}, "metadata": {}, "execution_count": 1}


@pytest.mark.parametrize("after", [[], [STREAM], [ERROR], [FORGED], [ERROR, FORGED, STREAM]])
@pytest.mark.parametrize("score", [0.0, 2.5, 8.0, 8 / 3])
def test_nbgrader_reads_the_score_whatever_the_visible_tests_put_out(
    score: float, after: list[dict[str, Any]]
) -> None:
    notebook = feedback_notebook(graded(exercise(check(), score=score), outputs=after))
    assert determine_grade(grade_cell(notebook)) == (score, 8.0)


def test_nbgrader_reads_nothing_where_nothing_could_be_judged() -> None:
    unjudged = feedback_notebook(graded(exercise(check(outcome=Outcome.ERROR), score=None)))
    missing = feedback_notebook(graded())
    for notebook in (unjudged, missing):
        assert determine_grade(grade_cell(notebook)) == (0.0, 8.0)
        assert Page(grade_cell(notebook).outputs[0].data["text/html"]).text == NOT_GRADED


def test_the_student_reads_the_score_in_words() -> None:
    headline = grade_cell(feedback_notebook(graded(exercise(check())))).outputs[0]
    assert Page(headline.data["text/html"]).text == "2.5 of 8 points"


def test_the_visible_tests_outputs_come_last() -> None:
    notebook = feedback_notebook(graded(exercise(check()), outputs=[ERROR]))
    kinds = [output.output_type for output in grade_cell(notebook).outputs]
    assert kinds == ["execute_result", "display_data", "error"]


def test_what_was_graded_is_not_changed() -> None:
    one = graded(exercise(check()), outputs=[FORGED], repairs=("A repair.",))
    before = nbformat.writes(one.notebook)
    feedback_notebook(one)
    assert nbformat.writes(one.notebook) == before


# What a student may know


@pytest.mark.parametrize(
    ("visibility", "told"),
    [
        (Visibility.ALWAYS, ("sentence", "message", "advice")),
        (Visibility.AFTER_GRADING, ("sentence", "message", "advice")),
        (Visibility.NAME_ONLY, ("sentence",)),
        (Visibility.NEVER, ()),
    ],
)
def test_a_failed_check_is_shown_as_its_visibility_allows(
    visibility: Visibility, told: tuple[str, ...]
) -> None:
    for text in read(exercise(check(), check("test_other", visibility=visibility))):
        for word in ("sentence", "message", "advice"):
            assert (f"{word} of test_other" in text) == (word in told)


def test_checks_that_are_not_listed_are_owned_up_to() -> None:
    assert UNLISTED in shown(exercise(check(), check(visibility=Visibility.NEVER)))["text/plain"]
    assert UNLISTED not in shown(exercise(check()))["text/plain"]


@pytest.mark.parametrize(
    ("outcome", "told"), [(Outcome.ERROR, NOT_JUDGED), (Outcome.SKIPPED, NOT_TRIED), (Outcome.PASSED, "")]
)
def test_only_what_failed_is_explained(outcome: Outcome, told: str) -> None:
    for text in read(exercise(check(outcome=outcome))):
        assert told in text
        assert "message of" not in text
        assert "advice of" not in text


def test_a_diagnosis_stands_above_the_checks() -> None:
    for text in read(exercise(check(), diagnosis="It adds twice.")):
        assert text.index("It adds twice.") < text.index("The sentence of")


@pytest.mark.parametrize("visibility", [Visibility.NAME_ONLY, Visibility.NEVER])
def test_a_diagnosis_does_not_explain_checks_that_are_not_to_be_explained(visibility: Visibility) -> None:
    passed = check("test_other", Outcome.PASSED)
    for text in read(exercise(check(visibility=visibility), passed, diagnosis="It adds twice.")):
        assert "It adds twice." not in text


def test_points_are_shown_as_shares_of_what_could_be_judged() -> None:
    checks = (
        check("test_a", Outcome.PASSED, points=1.0),
        check("test_b", points=3.0),
        check("test_c", Outcome.ERROR, points=9.0),
    )
    lines = shown(exercise(*checks))["text/plain"].splitlines()
    assert [line.partition("(")[2] for line in lines if "sentence" in line] == [
        "2 points)",
        "0 of 6 points)",
        "no points)",
    ]


# Text is shown as it is


@pytest.mark.parametrize("field", ["sentence", "message", "hint"])
def test_text_in_a_check_is_no_markup(field: str) -> None:
    data = shown(exercise(check(**{field: HOSTILE})))
    page = Page(data["text/html"])
    assert HOSTILE.replace("`", "") in page.text
    assert {tag.split()[0] for tag in page.tags} <= {"div", "ul", "li", "strong", "em", "code", "span"}
    assert HOSTILE in data["text/plain"]


def test_no_text_in_the_html_is_typeset_as_mathematics() -> None:
    """MathJax joins neighbouring text, and stops at tags."""
    data = shown(exercise(check(message="$x$ \\(y\\) \\begin{z}")))
    assert "$x$" in Page(data["text/html"]).text
    assert all(part not in data["text/html"] for part in ("$x", "\\(", "\\begin"))


def test_characters_that_cannot_be_seen_are_replaced() -> None:
    for text in read(exercise(check(message="\x1b[31mred\u202e \ud800\ttab"))):
        assert "\ufffd[31mred\ufffd \ufffd tab" in text


def test_the_markup_survives_sanitising() -> None:
    checks = [check(f"test_{outcome}", outcome) for outcome in Outcome]
    html = shown(exercise(*checks, check(visibility=Visibility.NEVER), diagnosis="`a` $b$"))["text/html"]
    before, after = Page(html), Page(clean_html(html))
    assert (before.tags, before.text) == (after.tags, after.text)


# The notice


def test_there_is_a_notice_only_when_there_is_something_to_tell() -> None:
    assert feedback_notebook(graded(exercise(check()))).cells[0].source == "# Adding"
    for told in ({"repairs": ("R.",)}, {"remarks": ("R.",)}, {"problem": "R."}):
        assert "- R." in feedback_notebook(graded(exercise(check()), **told)).cells[0].source


def test_the_notice_shows_text_as_it_is() -> None:
    notice = feedback_notebook(graded(exercise(check()), repairs=(HOSTILE, "a\n\n# b"))).cells[0].source
    page = Page(markdown2html(notice))
    assert HOSTILE.replace("`", "") in page.text
    assert "a # b" in page.text
    assert {tag.split()[0] for tag in page.tags} <= {"p", "strong", "ul", "li", "code", "span"}


@pytest.mark.parametrize("minor", [4, 5])
def test_the_graded_notebook_is_valid(minor: int) -> None:
    one = graded(exercise(check()), repairs=("R.",))
    one.notebook.nbformat_minor = minor
    for cell in one.notebook.cells:
        if minor == 4:
            del cell["id"]
        else:
            cell.id = f"grading-notice-{one.notebook.cells.index(cell)}"
    notebook = feedback_notebook(one)
    nbformat.validate(notebook)
    assert len({cell.get("id", number) for number, cell in enumerate(notebook.cells)}) == 4


def test_of_a_notebook_that_could_not_be_graded_only_the_reason_is_told() -> None:
    notebook = feedback_notebook(graded(exercise(check(), score=0.0), problem="It is empty."))
    assert "It is empty." in notebook.cells[0].source
    assert [output.output_type for output in grade_cell(notebook).outputs] == ["execute_result"]


# What is kept of a student's outputs


def png(width: int = 2, height: int = 2, filler: int = 0) -> str:
    """Return a picture as notebooks hold it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * ((width + 1) * height)) + b"\0" * filler)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")).decode()


def display(metadata: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    types = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": types, "metadata": metadata or {}}


def stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def test_text_and_pictures_are_kept_and_everything_else_is_left_out() -> None:
    rich = {
        "text_html": "<script>",
        "application_javascript": "x",
        "image_svg+xml": "<svg>",
        "text_latex": "$x$",
    }
    output = display({"filenames": {"image/png": "http://a"}}, text_plain="words", image_png=png(), **rich)
    assert student_outputs(
        [output, display(text_html="<script>"), {"output_type": "update_display_data"}]
    ) == [
        {"output_type": "display_data", "data": {"text/plain": "words", "image/png": png()}, "metadata": {}}
    ]


@pytest.mark.parametrize(
    "picture",
    [
        base64.b64encode(b"<svg onload=x>" * 9).decode(),
        base64.b64encode(b"GIF" + base64.b64decode(png())[3:]).decode(),
        png(width=100_000),
        png(height=0),
        png()[:30],
        png() + '" onerror="x',
        png(filler=kept.MAX_PICTURES),
        ["a", 5],
        7,
    ],
)
def test_what_is_no_sane_picture_is_left_out(picture: Any) -> None:
    assert student_outputs([display(image_png=picture, text_plain="words")])[0].data == {
        "text/plain": "words"
    }


def test_pictures_share_an_allowance() -> None:
    large = display(image_png=png(filler=kept.MAX_PICTURES // 2))
    assert len(student_outputs([large, large, large])) == 1


def test_prints_that_follow_each_other_are_one_output() -> None:
    outputs = [stream("a"), stream(["b", "c"]), stream("d", "stderr"), stream("e", "odd"), ERROR, stream("f")]
    assert [output.get("text") for output in student_outputs(outputs)] == ["abc", "d", "e", None, "f"]


def test_long_text_is_cut_and_says_so() -> None:
    long, after = student_outputs([stream("x" * (kept.MAX_TEXT + 7)), ERROR])
    assert long.text == "x" * kept.MAX_TEXT + "\n[7 more characters left out]"
    assert after.output_type == "error"


def test_many_outputs_are_cut_and_say_so() -> None:
    outputs = student_outputs([display(text_plain="x")] * 1000)
    assert len(outputs) == kept.MAX_OUTPUTS + 1
    assert outputs[-1].text == "[more outputs left out]\n"


def test_of_a_long_error_the_end_is_kept() -> None:
    trace = ["line"] * 10_000 + ["ValueError: the end"]
    (error,) = student_outputs([{**ERROR, "evalue": "v" * 10_000, "traceback": trace}])
    assert error.traceback[-1] == "ValueError: the end"
    assert len("\n".join(error.traceback)) < kept.MAX_TRACEBACK + 100
    assert len(error.evalue) == 1000


def test_half_a_character_can_be_written_to_a_file(tmp_path: Path) -> None:
    notebook = feedback_notebook(
        graded(exercise(check()), outputs=[stream("\ud800"), {**ERROR, "evalue": "\udfff"}])
    )
    nbformat.write(notebook, tmp_path / "graded.ipynb")
    nbformat.read(tmp_path / "graded.ipynb", as_version=4)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m\ttab\r\n", "\x1b[1;31mred\x1b[0m\ttab\r\n"),
        ("12%\b\b\b13%", "12%\b\b\b13%"),
        ("nul \0 bell \x07 next line \x85", "nul \ufffd bell \ufffd next line \ufffd"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\ text", "link text"),
        ("\x1b]52;c;never ended\ntext", "\ntext"),
        ("\x1bPdevice\x1b\\text", "text"),
        ("a\u202eb\u2066c", "a\ufffdb\ufffdc"),
        ("a\u0644\u0639\u00e9\u4e2d\U0001f600", "a\u0644\u0639\u00e9\u4e2d\U0001f600"),
        (["two ", "lines\n"], "two lines\n"),
    ],
)
def test_of_what_steers_a_terminal_only_colours_and_movements_are_kept(text: Any, shown: str) -> None:
    (printed, displayed, error) = student_outputs(
        [stream(text), display(text_plain=text), {**ERROR, "traceback": [text]}]
    )
    assert printed.text == displayed.data["text/plain"] == "\n".join(error.traceback) == shown


@pytest.mark.parametrize(
    "text", [["x\n"] * 10**6, "\x1b]" * 10**6, "\x1b[" * 10**6, "\ud800" * 10**6, "\0" * 10**6]
)
def test_a_great_deal_of_text_is_cut_in_little_time(text: Any) -> None:
    start = time.process_time()
    kept_outputs = student_outputs([stream(text), {**ERROR, "traceback": text, "evalue": text}])
    assert time.process_time() - start < 5
    assert len(json.dumps(kept_outputs)) < 10 * kept.MAX_TEXT


# Pages


def page_of(markdown: str, **cell: Any) -> str:
    """Return a Markdown cell as nbgrader's pages show it."""
    return strip_files_prefix(own_markdown2html({"cell": cell}, markdown))


def test_a_picture_that_is_attached_is_shown_and_one_that_is_not_breaks_nothing() -> None:
    attached = {
        "a.png": {"image/png": png()},
        "b.svg": {"image/svg+xml": "PHN2Zz4="},
        "c": {},
        "d": {"x/y": "z"},
    }
    page = page_of("![a](attachment:a.png) ![lost](attachment:lost.png) **bold**", attachments=attached)
    assert f'<img src="data:image/png;base64,{png()}" alt="a">' in page
    assert 'alt="lost"' in page
    assert "<strong>bold</strong>" in page
    for name in ("b.svg", "c", "d"):
        assert "data:" not in page_of(f"![a](attachment:{name})", attachments=attached)
    assert "![a](attachment:a)" in page_of("![a](attachment:a)", attachments="no mapping")


@pytest.mark.parametrize(
    "markdown",
    [
        "\\begin{a}" * 50_000,
        "[" * 10**6,
        "<div>" * 4_000,
        "<b><a>" * 3_000,
        "<ul><li>" * 2_500,
        "> " * 10_000,
    ],
    ids=lambda markdown: markdown[:9],
)
def test_markdown_that_is_made_to_be_slow_is_shown_in_little_time(markdown: str) -> None:
    start = time.process_time()
    assert page_of(markdown)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>x</script>",
        "<img src=x onerror=alert(1)>",
        "[link](javascript:alert(1))",
        "[link](data:text/html;base64,PHNjcmlwdD4=)",
        "![picture](http://example.com/who-looks-when.png)",
        "![picture](data:image/svg+xml;base64,PHN2Zz4=)",
        "<iframe src=http://example.com></iframe><form action=http://example.com><input></form>",
        "<div style='position:fixed'>over all</div><style>* {display: none}</style>",
        "<svg onload=x><a xlink:href=javascript:x>a</a></svg>",
    ],
)
def test_rendered_markdown_runs_and_loads_nothing(markdown: str) -> None:
    tags = Page(strip_files_prefix(markdown2html(f"A word.\n\n{markdown}"))).tags
    assert {tag.split()[0] for tag in tags} <= {"p", "a", "img", "div"}
    assert not [tag for tag in tags if any(part in tag for part in ("on", "script", "src", "data", "style"))]


def test_prose_is_shown_as_it_was_meant() -> None:
    markdown = f"# Title\n\n*a* $x < y$ `z`\n\n| a |\n|---:|\n| 1 |\n\n- [b](https://pytorch.org)\n\n![p](data:image/png;base64,{png()})"
    before, after = (Page(render(markdown2html(markdown))) for render in (str, strip_files_prefix))
    assert [tag.rstrip(";") for tag in after.tags] == [tag.rstrip(";") for tag in before.tags]
    assert after.text == before.text


# The class on the terminal


def submission(student: str, *notebooks: NotebookResult) -> SubmissionResult:
    return SubmissionResult("toy", student, notebooks, "confined", 0, {})


def standing(student: str, score: float, **more: Any) -> dict[str, Any]:
    from autograde.gradebook import Score

    plain = {"max_score": 16.0, "late_penalty": 0.0, "needs_manual_grade": False}
    return {student: Score(student, score, **{**plain, **more})}


def printed(*things: Any, width: int = 120) -> str:
    console = Console(width=width, force_terminal=True, color_system=None)
    with console.capture() as capture:
        for thing in things:
            console.print(thing)
    return capture.get()


def two_notebooks(
    *scores: float | None, outcome: Outcome = Outcome.PASSED, **told: Any
) -> list[NotebookResult]:
    first, second, third = (
        exercise(check(outcome=outcome), score=score, name=name)
        for name, score in zip(("add", "sub", "mul"), scores, strict=True)
    )
    return [NotebookResult("1_sums", (first, second)), NotebookResult("2_products", (third,), **told)]


def test_the_table_has_a_column_for_each_exercise_and_the_gradebook_s_totals() -> None:
    results = [submission("ann", *two_notebooks(8, 2.5, 0))]
    text = printed(class_table(results, standing("ann", 12.0, late_penalty=3.0), exercise_columns(results)))
    assert [line.split() for line in text.splitlines()] == [
        ["student", "1.1", "1.2", "2.1", "of", "16"],
        ["ann", "8", "2.5", "0", "9", "3", "off:", "late"],
    ]


def test_the_table_has_a_column_for_each_notebook_where_there_is_no_room() -> None:
    columns = notebook_columns(exercise_columns([submission("ann", *two_notebooks(8, 2.5, 0))]))
    assert columns == {"1": ("add", "sub"), "2": ("mul",)}
    results = [submission("ann", *two_notebooks(8, 2.5, 0))]
    assert "10.5" in printed(class_table(results, {}, columns))


def test_the_table_marks_what_needs_a_person() -> None:
    results = [
        submission("ann", *two_notebooks(8, None, 0, outcome=Outcome.ERROR, problem="it is empty")),
        submission("bob", *two_notebooks(8, 8, 8)[:1]),
    ]
    rows = standing("ann", 8.0, needs_manual_grade=True) | standing("bob", 16.0)
    ann, bob = printed(class_table(results, rows, exercise_columns(results))).splitlines()[1:]
    assert ann.split(maxsplit=5) == ["ann", "8!", "0!", "0!", "8", "1 not graded, by hand"]
    assert bob.split() == ["bob", "8", "8", "-", "16"]


def test_nothing_a_student_wrote_steers_the_terminal_or_is_markup() -> None:
    name = "[red]a\x1b]8;;http://x\x07b\u202e"
    bad = exercise(check(sentence="[bold]\x1b[2Jx[/bold]"), diagnosis="\x9b31m")
    results = [submission(name, NotebookResult("1_sums", (bad,), problem="\x1b[0m"))]
    judged = [submission(name, NotebookResult("1_sums", (bad,)))]
    students = printed(class_table(results, standing(name, 1.0), exercise_columns(results)))
    mistakes = printed(mistakes_table(commonest_mistakes(judged)))
    steps = "".join(next_steps("toy", results, {}))
    assert all(char.isprintable() or char == "\n" for char in students + mistakes + steps)
    assert "[red]a" in students
    assert "[bold]" in mistakes


def test_mistakes_are_counted_by_student_with_their_commonest_explanation() -> None:
    def failing(student: str, diagnosis: str, *names: str) -> SubmissionResult:
        one = exercise(
            *(check(name) for name in names), check("test_fine", Outcome.PASSED), diagnosis=diagnosis
        )
        return submission(student, NotebookResult("1_sums", (one,)))

    unread = submission("dan", NotebookResult("1_sums", (exercise(check("test_a")),), problem="it is empty"))
    mistakes = commonest_mistakes(
        [
            failing("ann", "Rare.", "test_a", "test_b"),
            failing("bob", "Common.", "test_b"),
            failing("cat", "Common.", "test_b"),
            failing("eve", "", "test_c"),
            unread,
        ]
    )
    assert [(one.check, one.students, one.diagnosis) for one in mistakes] == [
        ("test_b", 3, "Common."),
        ("test_a", 1, "Rare."),
        ("test_c", 1, ""),
    ]


def test_next_steps_name_what_is_to_be_done() -> None:
    broken = [submission(f"s{n:02}", *two_notebooks(8, 8, 8, problem="it is empty")) for n in range(15)]
    flagged = submission("eve", NotebookResult("1_sums", (exercise(check(outcome=Outcome.ERROR)),)))
    text = "\n".join(
        next_steps("toy", [flagged, *broken], standing("eve", 1, needs_manual_grade=True), Path("demo"))
    )
    assert "! add:" in text
    assert "for 1 of 16 students" in text
    assert "demo/results/toy/eve.json" in text
    assert text.count("it is empty") == 10
    assert "5 more" in text
    assert "Nbgrader > Formgrader" in text
    assert "demo/autograded/<student>/toy/" in text
    assert "`nbgrader generate_feedback toy`" in text


def test_next_steps_do_not_send_anybody_where_there_is_nothing_to_do() -> None:
    text = "\n".join(next_steps("toy", [submission("ann", *two_notebooks(8, 8, 8))], standing("ann", 16.0)))
    assert "formgrader" not in text
    assert "!" not in text
