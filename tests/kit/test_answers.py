"""Every field of what the student's process says may be forged; what is kept has the form it should have."""

import time
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.notebooknode import from_dict
from nbformat.v4 import new_code_cell, new_notebook

from autograde.sandbox.answers import (
    Failure,
    Value,
    add_output,
    count_of,
    ending,
    is_about,
    read_answer,
    seconds_of,
)
from autograde.sandbox.wire import Opaque

ARRAY = np.zeros(3)

fields = st.sampled_from(
    ["output_type", "name", "text", "ename", "evalue", "traceback", "data", "execution_count", "metadata"]
)
words = st.sampled_from(
    ["stream", "stdout", "error", "execute_result", "display_data", "clear", "text/plain", "value", "output"]
)
forged = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(fields | words, inner, max_size=5)
        | st.just(ARRAY)
        | st.just(Opaque("Net"))
    ),
    max_leaves=15,
)
forged_outputs = (
    forged
    | st.dictionaries(fields, forged, max_size=6)
    | st.builds(
        lambda kind, rest: rest | {"output_type": kind}, words, st.dictionaries(fields, forged, max_size=6)
    )
)


@settings(deadline=None)
@given(st.lists(forged_outputs, max_size=8))
def test_whatever_outputs_are_forged_the_notebook_stays_valid(outputs: list[Any]) -> None:
    kept: list[Any] = []
    for output in outputs:
        add_output(kept, output)
    cell = new_code_cell(outputs=[from_dict(output) for output in kept])
    nbformat.validate(new_notebook(cells=[cell]))


def test_text_of_one_stream_is_joined() -> None:
    kept: list[Any] = []
    for name, text in [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]:
        add_output(kept, {"output_type": "stream", "name": name, "text": text})
    assert [(output["name"], output["text"]) for output in kept] == [
        ("stdout", "ab"), ("stderr", "c"), ("stdout", "d"),
    ]  # fmt: skip


def test_fields_that_are_not_asked_for_are_dropped() -> None:
    kept: list[Any] = []
    data = {"text/plain": "5", "application/json": {"a": 1}, 5: "five"}
    forged = {
        "output_type": "execute_result",
        "data": data,
        "execution_count": 2,
        "metadata": {"a": 1},
        "b": 2,
    }
    add_output(kept, forged)
    assert kept == [
        {"output_type": "execute_result", "data": {"text/plain": "5"}, "execution_count": 2, "metadata": {}}
    ]


@pytest.mark.parametrize(
    "message",
    [
        None, [], "output", ARRAY, {}, {"id": 7}, {"is": "ran"}, {"id": "7", "is": "ran"},
        {"id": 7.0, "is": "ran"}, {"id": 8, "is": "ran"}, {"id": ARRAY, "is": "ran"},
        {"id": 7, "is": ARRAY}, {"id": 7, "is": None},
        {"id": [7], "is": "ran"},
    ],
    ids=repr,
)  # fmt: skip
def test_a_message_without_the_request_s_number_and_a_kind_is_not_about_it(message: Any) -> None:
    assert is_about({"id": 7, "is": "ran"}, 7)
    assert not is_about(message, 7)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["is", "value", "names", "text", "line", "seconds", "count"]),
        forged | st.sampled_from(["value", "missing", "raised", "unsendable"]),
    )
)
def test_whatever_answer_is_forged_it_is_a_value_or_a_failure(answer: dict[Any, Any]) -> None:
    found = read_answer(answer | {"is": answer.get("is") if isinstance(answer.get("is"), str) else "other"})
    assert isinstance(found, Value | Failure)
    assert 0 <= found.seconds < 1e6
    if isinstance(found, Failure):
        assert len(found.text) <= 500
        assert len(found.line) <= 200


def test_of_a_traceback_the_text_is_kept() -> None:
    kept: list[Any] = []
    forged = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["one", 2, ARRAY, ["three"]]}
    add_output(kept, forged)
    assert kept == [{"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["one"]}]


def test_of_a_long_reason_the_beginning_is_told() -> None:
    assert read_answer({"is": "raised", "text": "a" * 900, "line": "b" * 900}) == Failure(
        "raised", "a" * 500, "b" * 200
    )
    assert len(read_answer({"is": "missing", "names": ["a" * 10**6]}).text) < 200  # type: ignore[union-attr]
    assert len(read_answer({"is": "unsendable", "text": "a" * 10**6}).text) < 400  # type: ignore[union-attr]


@pytest.mark.parametrize("seconds", [None, "1", -1.0, float("nan"), float("inf"), 10**400, ARRAY, True])
def test_seconds_that_cannot_be_are_none(seconds: Any) -> None:
    assert seconds_of({"seconds": seconds}) == 0.0


def test_many_small_pieces_of_text_take_no_longer_than_few_large_ones() -> None:
    kept: list[Any] = []
    start = time.process_time()
    for text in ["x" * 2_000_000, "\N{GRINNING FACE}", *["x"] * 30_000]:
        add_output(kept, {"output_type": "stream", "name": "stdout", "text": text})
    assert time.process_time() - start < 1  # a copy of all the text for each piece takes ten
    assert len(kept[0]["text"]) == 2_030_001


@pytest.mark.parametrize("count", [None, True, 1.0, "1", ARRAY, -1, 2**31, 10**100])
def test_a_count_is_a_whole_number_or_nothing(count: Any) -> None:
    assert count_of({"count": count}, "count") is None
    assert count_of({"count": 3}, "count") == 3


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (None, "it broke off the connection to the grader"),
        (0, "it ended the Python process"),
        (3, "it ended the Python process with exit code 3"),
        (-11, "its process was killed (Segmentation fault): a crash in compiled code"),
        (-9, "its process was killed (Killed): out of memory?"),
        (-6, "its process was killed (Aborted): an abort"),
    ],
)
def test_how_a_process_ended_is_told(code: int | None, told: str) -> None:
    assert ending(code) == told


@pytest.mark.parametrize("number", range(1, 65))
def test_every_signal_has_words(number: int) -> None:
    assert "its process was killed" in ending(-number)
