"""Checks are collected once and judge any number of submissions; every outcome has one meaning."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.checks.judging import Judging
from autograde.checks.suite import CheckSuite
from autograde.errors import CourseError, ServerError
from autograde.model import CheckResult, Outcome, exercise_score
from autograde.sandbox.answers import Failure, Request, Value
from autograde.sandbox.session import Session

FINE = '@check()\ndef test_fine():\n    """It is fine."""\n'
ANSWER = '''
@check(hint="Answer 42.")
def test_answer(student):
    """The answer is right."""
    def probe(answer):
        return answer
    value = student(probe)
'''
Judge = Callable[..., dict[str, CheckResult]]
Runner = Callable[[str], Session]
Write = Callable[[str], Path]


class Lost:
    """Stands for a process whose server is gone."""

    def probe(self, request: Request, inputs: object) -> Value | Failure:
        raise ServerError("the warm server is gone")


# Running


def test_checks_are_collected_once_and_judge_each_submission_anew(
    write_checks: Write, student_process: Runner
) -> None:
    leaves_a_trace = "with open(__file__ + '.imports', 'a') as file:\n    file.write('imported ')\n"
    path = write_checks(leaves_a_trace + ANSWER + "    assert value == 42\n")
    reference = student_process("answer = 42")
    with CheckSuite([path]) as suite:
        students = [student_process(f"answer = {answer}") for answer in (42, 41, 42)]
        found = [suite.run("answer", Judging(student, reference, 0))[0].outcome for student in students]
    assert found == [Outcome.PASSED, Outcome.FAILED, Outcome.PASSED]
    assert Path(f"{path}.imports").read_text("utf-8") == "imported "


def test_checks_run_and_are_listed_in_the_order_of_their_file(
    write_checks: Write, student_process: Runner
) -> None:
    names = ["test_zebra", "test_ant", "test_mole"]
    path = write_checks("order = []\n")
    with path.open("a", encoding="utf-8") as file:
        for place, name in enumerate(names):
            file.write(f'@check()\ndef {name}():\n    """{name}."""\n')
            file.write(f'    order.append("{name}")\n    assert len(order) == {place + 1}, "out of order"\n')
    with CheckSuite([path]) as suite:
        results = suite.run("answer", Judging(student_process(""), student_process(""), 0))
        assert [info.name for info in suite.infos("answer")] == names
    assert [(result.name, result.outcome) for result in results] == [(name, "passed") for name in names]


def test_a_result_carries_what_its_check_declares(judge: Judge) -> None:
    declared = '@check(points=3, hint="Look twice.", visibility="name only")\ndef test_a():\n'
    passed = judge(f'{declared}    """A is right.\n\n    More.\n    """\n')["test_a"]
    assert (passed.sentence, passed.points, passed.visibility) == ("A is right.", 3.0, "name only")
    assert (passed.outcome, passed.message, passed.hint) == ("passed", "", "")


def test_two_exercises_may_have_checks_of_the_same_name(tmp_path: Path, student_process: Runner) -> None:
    paths = [tmp_path / name / f"test_{name}.py" for name in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        text = f'@check()\ndef test_it():\n    """Of {path.parent.name}."""\n    assert "one" in __file__\n'
        path.write_text(f"from autograde.checks import check\n{text}", "utf-8")
    with CheckSuite(paths) as suite:
        judging = Judging(student_process(""), student_process(""), 0)
        (first,), (second,) = (suite.run(name, judging) for name in ("one", "two"))
    assert (first.sentence, first.outcome) == ("Of one.", Outcome.PASSED)
    assert (second.sentence, second.outcome) == ("Of two.", Outcome.ERROR)


def test_a_check_file_that_was_edited_is_read_anew(judge: Judge) -> None:
    sentences = [judge(FINE.replace("fine.", word))["test_fine"].sentence for word in ("good.", "better.")]
    messages = [
        judge(ANSWER + f'    assert value, "{word}"\n', "answer = 0", "answer = 1")["test_answer"].message
        for word in ("good", "better")
    ]
    assert sentences == ["It is good.", "It is better."]
    assert messages == ["good", "better"]


# What a student has to answer for


def test_a_failed_assertion_says_what_its_author_wrote_and_no_more(
    judge: Judge,
) -> None:
    checks = ANSWER + '    assert value == 42, "answer is not what was asked for."\n'
    result = judge(checks, student="answer = 41", reference="answer = 42")["test_answer"]
    assert (result.outcome, result.message) == ("failed", "answer is not what was asked for.")
    assert result.hint == "Answer 42."


def test_a_bare_assertion_says_nothing(judge: Judge) -> None:
    checks = ANSWER + "    assert value == 42\n"
    result = judge(checks, student="answer = 41", reference="answer = 42")["test_answer"]
    assert (result.outcome, result.message, result.hint) == ("failed", "", "Answer 42.")


def test_what_a_check_tells_of_a_student_s_value_is_shortened(judge: Judge) -> None:
    shows = ANSWER + "    assert value is None, f'Not {value}.'\n"
    reference = "answer = None"
    told = judge(shows, "answer = list(range(10**5))", reference)["test_answer"].message
    assert told.startswith("Not [0, 1, 2")
    assert len(told) < 2100
    deep = "import numpy as np\nanswer = np.zeros((6,) * 8, dtype='u1')"
    start = time.process_time()
    told = judge(shows, deep, reference)["test_answer"].message
    assert told.startswith("Not [[[[[[[[0 0")
    assert time.process_time() - start < 2  # written out in numpy's own way, it takes three times as long


def test_a_number_of_too_many_digits_to_be_written_is_no_fault_of_ours(judge: Judge) -> None:
    shows = ANSWER + "    assert value < 9, f'{value ** 99} is too large.'\n"
    result = judge(shows, "answer = 10**120", "answer = 1")["test_answer"]
    assert result.outcome is Outcome.FAILED


def test_pytest_s_own_way_to_fail_is_a_failure_like_any_other(
    judge: Judge,
) -> None:
    checks = "import pytest\n" + ANSWER + '    if value != 42:\n        pytest.fail("Not 42.")\n'
    result = judge(checks, student="answer = 41", reference="answer = 42")["test_answer"]
    assert (result.outcome, result.message) == ("failed", "Not 42.")


@pytest.mark.parametrize("odd", ["None", "{'other': 1}", "3", "'value'"])
def test_data_that_a_check_stumbles_over_is_the_student_s_failure(odd: str, judge: Judge) -> None:
    checks = ANSWER + '    assert value["right"] > 0\n'
    result = judge(checks, student=f"answer = {odd}", reference="answer = {'right': 1}")["test_answer"]
    assert (result.outcome, result.message) == (
        "failed",
        "Your result has a form that the check cannot read.",
    )


def test_what_the_student_s_code_raises_is_told_with_its_line(
    judge: Judge,
) -> None:
    checks = """
        @check()
        def test_call(agree):
            '''It can be called.'''
            def probe(call):
                return call()
            agree(probe)
    """
    results = judge(checks, "def call():\n    return {}['a key']", "def call():\n    return 1")
    message = "Your code raised KeyError: 'a key' at `return {}['a key']`"
    assert (results["test_call"].outcome, results["test_call"].message) == ("failed", message)


# What depends on another check


NEEDED = """
    @check(points=2)
    def test_first(student):
        '''The first is there.'''
        def probe(first):
            return first
        assert student(probe) == 1

    @check(needs=["test_first"], hint="A hint.")
    def test_second():
        '''The second follows.'''

    @check(needs=["test_second"])
    def test_third():
        '''The third follows.'''

    @check()
    def test_alone():
        '''This one needs nothing.'''
"""


def test_a_check_whose_needed_check_failed_is_skipped_and_scores_nothing(
    judge: Judge,
) -> None:
    results = judge(NEEDED, student="first = 2", reference="first = 1")
    assert [result.outcome for result in results.values()] == ["failed", "skipped", "skipped", "passed"]
    told = results["test_second"]
    assert (told.message, told.hint) == ("Not tried, because this failed: The first is there.", "")
    assert exercise_score(tuple(results.values()), 10) == 2


def test_a_check_whose_needed_check_could_not_judge_judges_nobody_either(
    judge: Judge,
) -> None:
    results = judge(NEEDED, student="first = 2", reference="first = 3")
    assert [result.outcome for result in results.values()] == ["error", "error", "error", "passed"]
    assert exercise_score(tuple(results.values()), 10) == 10


def test_checks_whose_needed_check_passes_are_tried(judge: Judge) -> None:
    results = judge(NEEDED, student="first = 1", reference="first = 1")
    assert {result.outcome for result in results.values()} == {Outcome.PASSED}


# What the kit has to answer for


COMPARED = """
    @check(hint="A hint.")
    def test_compared(agree):
        '''It is the same.'''
        def probe(call):
            return call()
        agree(probe)

    @check()
    def test_fine():
        '''It is fine.'''
"""


def test_a_reference_that_fails_costs_the_student_nothing(
    judge: Judge,
) -> None:
    results = judge(COMPARED, "def call():\n    return 1", "def call():\n    return 1 / 0")
    compared = results["test_compared"]
    assert (compared.outcome, compared.hint) == ("error", "")
    assert compared.message.startswith("the reference fails on probe probe: ZeroDivisionError")
    assert exercise_score(tuple(results.values()), 10) == 10


def test_a_check_that_the_reference_does_not_pass_fails_nobody(
    judge: Judge,
) -> None:
    checks = ANSWER + '    assert value == 43, "It is not 43."\n'
    result = judge(checks, student="answer = 41", reference="answer = 42")["test_answer"]
    assert result.outcome is Outcome.ERROR
    assert result.message == "the reference fails this check too: AssertionError: It is not 43."


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise ValueError('two\\n lines')", "ValueError: two lines"),
        ("import pytest; pytest.skip('not today')", "Skipped: not today"),
        ("student(lambda answer: answer)", "ProbeError: probe"),
        ("student(probe, nonsense=1)", "ProbeError: probe probe has no argument 'nonsense'"),
    ],
)
def test_a_check_that_cannot_work_is_ours(body: str, told: str, judge: Judge) -> None:
    result = judge(ANSWER + f"    {body}\n", student="answer = 42", reference="answer = 42")["test_answer"]
    assert result.outcome is Outcome.ERROR
    assert result.message.startswith(f"the reference fails this check too: {told}")


def test_a_fixture_that_does_not_exist_is_ours(judge: Judge) -> None:
    result = judge('@check()\ndef test_a(agre):\n    """A."""\n')["test_a"]
    assert result.outcome is Outcome.ERROR
    assert "agre" in result.message
    assert "\n" not in result.message


def test_a_lost_server_is_no_outcome_of_any_check(write_checks: Write, student_process: Runner) -> None:
    with CheckSuite([write_checks(ANSWER + "    assert value == 42\n")]) as suite:
        with pytest.raises(ServerError, match="the warm server is gone"):
            suite.run("answer", Judging(Lost(), student_process("answer = 42"), 0))
        with pytest.raises(ServerError, match="the warm server is gone"):
            suite.run("answer", Judging(student_process("answer = 41"), Lost(), 0))


def test_what_a_check_prints_does_not_mix_with_results(
    judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    judge('print("while importing")\n@check()\ndef test_a():\n    """A."""\n    print("while judging")\n')
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "while importing\nwhile judging\n"


# The course's own pytest


def test_no_configuration_of_the_course_changes_what_a_check_does(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "answer").mkdir()
    for folder in (tmp_path, tmp_path / "answer"):
        (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\npython_functions = no\n")
        (folder / "conftest.py").write_text("raise RuntimeError('conftest.py was run')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option -k nothing")
    assert judge(FINE)["test_fine"].outcome is Outcome.PASSED
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option -k nothing"


def test_a_variable_that_was_not_set_stays_unset(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    judge(FINE)
    assert "PYTEST_ADDOPTS" not in os.environ


# Check files that are no good


@pytest.mark.parametrize(
    ("checks", "problem"),
    [
        ("def test_a():\n    '''A.'''\n", "test_a has no @check()"),
        ("@check()\ndef test_a():\n    pass\n", "test_a has no docstring"),
        ("@check()\ndef test_a(:\n", "not valid Python"),
        ("@check(needs=['test_b'])\ndef test_a():\n    '''A.'''\n", "needs 'test_b'"),
        (FINE + "import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
        (FINE + "1 / 0\n", "cannot be imported: ZeroDivisionError: division by zero"),
        (
            FINE + "class TestMore:\n    def test_in_class(self):\n        pass\n",
            "test_in_class must be a plain",
        ),
        (
            "import pytest\n@pytest.mark.parametrize('x', [1])\n" + FINE.replace("fine()", "fine(x)"),
            "test_fine must be a plain",
        ),
        (
            FINE + "import pytest\npytest.skip('later', allow_module_level=True)\n",
            "test_fine must be a plain",
        ),
    ],
)
def test_a_check_file_that_is_no_good_is_refused_in_one_line(
    checks: str, problem: str, write_checks: Write
) -> None:
    path = write_checks(checks)
    with pytest.raises(CourseError) as caught, CheckSuite([path]):
        pytest.fail("the file was accepted")
    line = str(caught.value)
    assert line.startswith(str(path))
    assert problem in line
    assert "\n" not in line


def test_a_missing_check_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answer" / "test_answer.py"
    with pytest.raises(CourseError, match=f"^{path}: No such file"), CheckSuite([path]):
        pytest.fail("nothing was collected")


def test_another_suite_can_be_collected_after_one_failed(write_checks: Write, judge: Judge) -> None:
    with pytest.raises(CourseError), CheckSuite([write_checks("import no_such_module\n" + FINE)]):
        pytest.fail("the file was accepted")
    assert judge(FINE)["test_fine"].outcome is Outcome.PASSED
