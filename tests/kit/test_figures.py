"""A figure is known by its data: however it is drawn, its numbers and texts are found, and no others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograde.checks.figures import axes_of, drawn_by, labels_of, places, series_of, shows, ticks_of
from autograde.checks.probe import request_for
from autograde.sandbox.answers import Failure, Value
from autograde.sandbox.confine import Limits
from autograde.sandbox.session import Bounds, Session
from autograde.sandbox.warm import WarmServer

VALUES = [0.02, 0.5, 3.0, 0.007, 40.0]
NAMES = ["conv1", "conv2", "fc1", "fc2", "fc3"]
START = f"""
import math
import matplotlib.pyplot as plt
import numpy as np
values, names, logs = {VALUES}, {NAMES}, [math.log10(value) for value in {VALUES}]
"""
# Each ends with what the student's function returns.
DRAWINGS = {
    "bars": "ax = plt.subplots()[1]; ax.bar(names, values); return ax",
    "bars that lie": "ax = plt.subplots()[1]; ax.barh(names, values); return ax",
    "bars of log10": "ax = plt.subplots()[1]; ax.bar(names, logs); return ax",
    "a log axis": "ax = plt.subplots()[1]; ax.bar(names, values); ax.set_yscale('log'); return ax",
    "semilogy": "plt.semilogy(names, values)",
    "a line": "fig, ax = plt.subplots(); ax.plot(values); ax.set_xticks(range(5), names); return ax",
    "a line downwards": "ax = plt.subplots()[1]; ax.plot(values[::-1], names[::-1]); return ax",
    "steps": "ax = plt.subplots()[1]; ax.step(names, values); return ax",
    "points": "ax = plt.subplots()[1]; ax.scatter(names, values); return ax",
    "a stem plot": "ax = plt.subplots()[1]; ax.stem(names, values); return ax",
    "strokes": "plt.vlines(range(5), 0, values); plt.xticks(range(5), names); return plt.gca()",
    "bars one by one": "for name, value in zip(names, values): plt.bar(name, value)",
    "points one by one": "for name, value in zip(names, values): plt.plot(name, value, 'o')",
    "dots one by one": "for name, value in zip(names, values): plt.scatter(name, value)",
    "two sets of bars": "plt.bar(names, np.array(values) * 2); plt.bar(names, values); return plt.gca()",
    "two bars for each name": "for name, value in zip(names, values): plt.bar(name, 9); plt.bar(name, value)",
    "further lines": "plt.plot(names, values); plt.axhline(0); plt.hlines(0, 0, 5); return plt.gca()",
    "a numpy array": "ax = plt.subplots()[1]; ax.plot(names, np.array(values, 'float32')); return ax",
    "more before and after": "plt.plot([1, *values, 2]); plt.text(0, 0, ' '.join(names)); return plt.gca()",
    "small ticks": "ax = plt.subplots()[1]; ax.bar(range(5), values); ax.set_yscale('log'); "
    "ax.set_xticks([]); ax.set_xticks(range(5), names, minor=True); return ax",
    "a figure": "fig, ax = plt.subplots(); ax.bar(names, values); return fig",
    "figure and axes": "fig, ax = plt.subplots(); ax.bar(names, values); return fig, ax",
    "two axes": "fig, axes = plt.subplots(1, 2); axes[1].bar(names, values); return axes",
    "a grid of axes": "fig, axes = plt.subplots(2, 2); axes[1, 1].bar(names, values); return axes",
    "an axis over another": "ax = plt.subplots()[1]; ax.twinx().bar(names, values); return ax",
    "pyplot": "plt.figure(); plt.bar(range(5), values); plt.xticks(range(5), names, rotation=90); return plt",
    "shown at the end": "plt.figure(); plt.bar(names, values); plt.show()",
    "closed at the end": "fig = plt.figure(); plt.bar(names, values); plt.close(fig)",
    "a figure without pyplot": (
        "import matplotlib.figure as m; ax = m.Figure().add_subplot(); ax.bar(names, values); return ax"
    ),
}  # fmt: skip

Runner = Callable[[str], Session]
NAN = float("nan")


def look(draw):  # type: ignore[no-untyped-def]
    """Return all that is seen of a figure: a probe."""
    axes = drawn_by(draw)
    return len(axes), series_of(axes), labels_of(axes), ticks_of(axes)


def value_of(answer: Value | Failure) -> Any:
    assert isinstance(answer, Value), answer
    return answer.value


@pytest.fixture(scope="module")
def seen(warm_server: WarmServer) -> Any:
    """What is seen of each drawing, in a student's process."""
    bounds = Bounds(60, 60, 300, Limits(memory=2**30, output=2**16))
    found: dict[str, Any] = {}
    with Session(warm_server, bounds, seed=0) as session:
        for name, body in DRAWINGS.items():
            assert session.run_cell(f"{START}\ndef draw():\n    {body}").fine
            found[name] = value_of(session.probe(request_for(look, {}), {}))
    return found


@pytest.mark.parametrize("name", DRAWINGS)
def test_numbers_are_found_however_they_are_drawn(seen: Any, name: str) -> None:
    count, series, _, _ = seen[name]
    assert count >= 1
    assert shows(series, VALUES)


@pytest.mark.parametrize("name", DRAWINGS)
def test_other_numbers_are_not_found(seen: Any, name: str) -> None:
    _, series, _, _ = seen[name]
    for other in (
        [0.02, 0.5, 3.1, 0.007, 40],
        [0.5, 0.02, 3, 0.007, 40],
        [*VALUES, 5],
        [-value for value in VALUES],
    ):
        assert not shows(series, other)


@pytest.mark.parametrize("name", DRAWINGS)
def test_names_are_found_wherever_they_stand(seen: Any, name: str) -> None:
    _, _, labels, _ = seen[name]
    found = " ".join([*labels["ticks"], *labels["texts"]])
    assert all(each in found for each in NAMES)


@pytest.mark.parametrize("name", [name for name in DRAWINGS if name != "more before and after"])
def test_each_number_stands_at_the_tick_with_its_name(seen: Any, name: str) -> None:
    _, series, _, ticks = seen[name]
    found = places(series, VALUES)
    assert found
    for direction, positions in found:
        by_place = {place: text for place, text in ticks[direction] if text in NAMES}
        assert [by_place[place] for place in positions] == NAMES


def test_lines_and_the_legend_carry_their_labels(student_process: Runner) -> None:
    body = """
    fig, ax = plt.subplots()
    ax.plot([1, 2, 3], [3, 2, 1], label="slow")
    ax.plot([1, 2, 3], [9, 8, 7])
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    ax.figure.legend(["of the figure"])
    return ax
"""
    session = student_process(f"{START}\ndef draw():\n{body}")
    count, series, labels, _ = value_of(session.probe(request_for(look, {}), {}))
    assert count == 1
    assert [one["label"] for one in series] == ["slow", ""]
    assert series[0]["x"].tolist() == [1, 2, 3]
    assert (labels["x"], labels["y"], labels["legend"]) == (["epoch"], ["loss"], ["slow", "of the figure"])


def test_a_figure_of_the_student_s_cells_is_not_the_function_s(student_process: Runner) -> None:
    session = student_process(f"{START}\nplt.plot(values)\ndef draw(): pass")

    def probe(draw):  # type: ignore[no-untyped-def]
        import matplotlib.pyplot as plt

        plt.plot([1, 2, 3])
        return len(drawn_by(draw))

    assert value_of(session.probe(request_for(probe, {}), {})) == 0


def test_pyplot_is_as_before_after_a_drawing_that_fails(student_process: Runner) -> None:
    session = student_process(f"{START}\nbefore = plt.show, plt.close\ndef draw(): raise ValueError")

    def probe(draw, before, plt):  # type: ignore[no-untyped-def]
        try:
            drawn_by(draw)
        except ValueError:
            return before == (plt.show, plt.close)

    assert value_of(session.probe(request_for(probe, {}), {})) is True


@pytest.mark.parametrize(
    "text", ["3", "'ax'", "{}", "[]", "[1, 2]", "plt.plot([1])", "np.zeros(3)", "plt.plot"]
)
def test_what_is_no_axes_has_none(student_process: Runner, text: str) -> None:
    session = student_process(f"{START}\nresult = {text}")

    def probe(result):  # type: ignore[no-untyped-def]
        return len(axes_of(result))

    assert value_of(session.probe(request_for(probe, {}), {})) == 0


def test_masked_and_missing_numbers_arrive_as_nan(student_process: Runner) -> None:
    body = "plt.plot([1, 2], [None, 2]); plt.plot(np.ma.masked_equal([5, 6], 5))"
    session = student_process(f"{START}\ndef draw(): {body}")
    _, series, _, _ = value_of(session.probe(request_for(look, {}), {}))
    assert [np.isnan(one["y"]).tolist() for one in series] == [[True, False], [True, False]]


def line(*values: float) -> dict[str, Any]:
    return {"kind": "line", "label": "", "x": np.full(len(values), -7.0), "y": np.array(values, float)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], [1.0]),
        ([1.0], []),
        ([1.0, 2.0], [1.0, 2.0, 3.0]),
        ([NAN] * 3, [1.0, 2.0, 3.0]),
        ([1.0, 2.0, 3.0], [NAN] * 3),
        ([float("-inf")] * 3, [1e-300, 0.0, 0.0]),
        ([1.0, 9.0, 9.0, 9.0, 9.0, 3.0], [1.0, 3.0]),
        ([1.0, 9.0, 3.0, 9.0, 9.0, 7.0], [1.0, 3.0, 7.0]),
        ([0.0, 0.0, 0.0], [0.1, 0.1, 0.1]),
        ([1.0, 5.0, 3.0], [1.0, NAN, NAN, 3.0]),
        ([1.0, 5.0, 3.0], [2.0, NAN, 3.0]),
        ([1.0, 5.0, 3.0], [NAN, NAN]),
    ],
)
def test_nothing_is_found_in_what_holds_nothing(values: list[float], expected: list[float]) -> None:
    assert not shows([line(*values)], expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 5.0, 1.0], [0.0, 5.0, 1.0]),
        ([-6.0, 9.0, -2.0, 9.0, 0.0], [1e-6, 1e-2, 1.0]),
        ([1.0, 9.0, 9.0, 9.0, 3.0], [1.0, 3.0]),
        ([1.0005, 3.0], [1.0, 3.0]),
        ([0.0, 1.0, NAN, 3.0], [1.0, NAN, 3.0]),
        ([1.0, -9.0, 2.0], [10.0, NAN, 100.0]),
    ],
)
def test_zeros_logarithms_gaps_and_unknowns_are_found(values: list[float], expected: list[float]) -> None:
    assert shows([line(*values)], expected)


def test_how_close_is_the_check_s_choice() -> None:
    assert not shows([line(1.0, 2.02)], [1.0, 2.0])
    assert shows([line(1.0, 2.02)], [1.0, 2.0], rtol=0.02)


def test_no_series_shows_nothing() -> None:
    assert not shows([], [1.0, 2.0])
