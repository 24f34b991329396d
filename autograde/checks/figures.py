"""What a student's figure shows, as plain data: for checks that look at a plot and not at its style.

`drawn_by`, `axes_of`, `series_of`, `ticks_of` and `labels_of` are called in probes, which take them along;
`shows` and `places` are for either side. Colours, titles and sizes are never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MOST_BETWEEN = 3  # numbers between two that belong together: bars are often drawn two by two


def drawn_by(draw: Callable[..., Any], *arguments: Any, **options: Any) -> list[Any]:
    """Call a student's drawing function and return the Axes it drew on, even if it shows or closes them."""
    import matplotlib.pyplot as plt

    kept = {name: getattr(plt, name) for name in ("show", "close")}
    plt.close("all")  # what was drawn before is not its work
    for name in kept:
        setattr(plt, name, lambda *_, **__: None)  # in a notebook `show` closes the figure too
    try:
        return axes_of(draw(*arguments, **options))
    finally:
        for name, function in kept.items():
            setattr(plt, name, function)


def axes_of(result: Any) -> list[Any]:
    """Return the Axes in what a drawing function returned.

    That is an Axes (with what lies over it: `twinx`), a Figure, or a list, tuple or array of such. None and
    `plt` itself mean the current figure. Anything else holds no Axes.
    """
    import matplotlib.pyplot as plt
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

    if isinstance(result, Axes):
        place = result.get_position().bounds
        others: list[Any] = [ax for ax in result.figure.axes if ax is not result]
        return [result, *(ax for ax in others if ax.get_position().bounds == place)]
    if isinstance(result, FigureBase):
        return list(getattr(result, "axes", []))
    if result is None or result is plt:
        return list(plt.gcf().axes)
    found: list[Any] = []
    for part in getattr(result, "flat", result if isinstance(result, list | tuple) else []):
        if isinstance(part, Axes | FigureBase):
            found += [ax for ax in axes_of(part) if ax not in found]
    return found


def series_of(axes: Any) -> list[dict[str, Any]]:
    """Return every series of numbers drawn on one Axes or several.

    Each has "kind" ("line", "bars", "points" or "strokes"), "label" (as the student gave it, or ""), and
    arrays of one length: "x" and "y" of a line (a stem plot has one through its heads), of points, and of the
    far ends of strokes (`vlines`); "x" and "y" (the middles), "width" and "height" of bars.
    """
    found: list[dict[str, Any]] = []
    for ax in axes if isinstance(axes, list | tuple) else [axes]:
        found += [_series("line", line, line.get_xydata(), "x", "y") for line in ax.lines]
        groups = [part for part in ax.containers if hasattr(part, "patches")]
        inside = {id(patch) for group in groups for patch in group.patches}
        alone = [(patch, [patch]) for patch in ax.patches if id(patch) not in inside]
        for owner, patches in [*((group, group.patches) for group in groups), *alone]:
            boxes = [_box(patch) for patch in patches if hasattr(patch, "get_height")]
            found += [_series("bars", owner, boxes, "x", "y", "width", "height")] if boxes else []
        for artist in ax.collections:
            if hasattr(artist, "get_segments"):
                ends = [part[-1] for part in artist.get_segments() if len(part)]
                found += [_series("strokes", artist, ends, "x", "y")] if ends else []
            elif hasattr(artist, "get_sizes"):  # of a scatter plot
                found.append(_series("points", artist, artist.get_offsets(), "x", "y"))
    return found


def _series(kind: str, artist: Any, rows: Any, *names: str) -> dict[str, Any]:
    import numpy as np

    numbers: Any = np.ma.filled(np.ma.asarray(rows, float), np.nan).reshape(-1, len(names))
    label = str(artist.get_label() or "")
    columns = {name: numbers[:, place].copy() for place, name in enumerate(names)}
    return {"kind": kind, "label": "" if label.startswith("_") else label, **columns}


def _box(patch: Any) -> tuple[float, float, float, float]:
    width, height = patch.get_width(), patch.get_height()
    return patch.get_x() + width / 2, patch.get_y() + height / 2, width, height


def ticks_of(axes: Any) -> dict[str, list[tuple[float, str]]]:
    """Return position and text of labelled ticks, {"x": [...], "y": [...]}, of one Axes or several.

    Asked for like this, labels are there without the time it takes to draw the figure.
    """
    from matplotlib.ticker import FixedLocator

    found: dict[str, list[tuple[float, str]]] = {"x": [], "y": []}
    for ax in axes if isinstance(axes, list | tuple) else [axes]:
        for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
            # Small ticks count if they were placed by hand: those of a log axis are many, and take long.
            by_hand = isinstance(axis.get_minor_locator(), FixedLocator)
            for minor in (False, True) if by_hand else (False,):
                labels, at = axis.get_ticklabels(minor=minor), axis.get_ticklocs(minor=minor)
                texts = [label.get_text() for label in labels]
                found[name] += [(float(place), text) for place, text in zip(at, texts, strict=False) if text]
    return found


def labels_of(axes: Any) -> dict[str, list[str]]:
    """Return the texts on one Axes or several: "ticks", "legend", "texts", "x" and "y" (the axes' labels)."""
    found: dict[str, list[str]] = {"ticks": [], "legend": [], "texts": [], "x": [], "y": []}
    for ax in axes if isinstance(axes, list | tuple) else [axes]:
        found["ticks"] += [text for labels in ticks_of(ax).values() for _, text in labels]
        legends = [legend for legend in [ax.get_legend(), *ax.figure.legends] if legend is not None]
        entries = [text for legend in legends for text in legend.get_texts()]
        for name, texts in (("legend", entries), ("texts", ax.texts)):
            found[name] += [text.get_text() for text in texts if text.get_text()]
        for name, text in (("x", ax.get_xlabel()), ("y", ax.get_ylabel())):
            found[name] += [text] if text else []
    return found


def shows(series: Sequence[dict[str, Any]], expected: Sequence[float], *, rtol: float = 1e-3) -> bool:
    """Tell whether some series shows the expected numbers, or their log10, in their order or backwards.

    They may be coordinates or sizes, with other numbers before and after them, and with up to `MOST_BETWEEN`
    between each two, always as many. All series of a kind count as one, too: a student may draw point by
    point. NaN in `expected` stands for any number. Few numbers prove little.
    """
    return bool(places(series, expected, rtol=rtol))


def places(
    series: Sequence[dict[str, Any]], expected: Sequence[float], *, rtol: float = 1e-3
) -> list[tuple[str, list[float]]]:
    """Return where the expected numbers are shown: for each time, "x" or "y" and their positions along it."""
    import numpy as np

    wanted = np.asarray(expected, float)
    forms = [(wanted, rtol * np.abs(wanted) + 1e-6 * np.abs(wanted).max(initial=0, where=~np.isnan(wanted)))]
    if not (wanted <= 0).any():
        forms.append((np.log10(wanted), np.full(len(wanted), rtol)))
    kinds = sorted({one["kind"] for one in series})
    rows: list[Any] = []
    for some in [[one] for one in series] + [
        [one for one in series if one["kind"] == kind] for kind in kinds
    ]:
        sizes = ("height", "width") if some[0]["kind"] == "bars" else ("y", "x")
        for size, place in zip(sizes, "xy", strict=True):
            rows.append((place, *(np.concatenate([one[name] for one in some]) for name in (size, place))))
    return [
        (place, at[start :: apart + 1][found : found + len(form)][::way].tolist())
        for place, values, at in rows
        for apart in range(MOST_BETWEEN + 1)
        for start in range(apart + 1)
        for form, tolerance in forms
        for way in (1, -1)
        for found in _starts(values[start :: apart + 1], form[::way], tolerance[::way])
    ]


def _starts(values: Any, wanted: Any, tolerance: Any) -> list[int]:
    """Return where the wanted numbers stand in a row, one next to the other."""
    import numpy as np

    if not 0 < len(wanted) <= len(values) or np.isnan(wanted).all():
        return []
    windows = np.lib.stride_tricks.sliding_window_view(values, len(wanted))
    fits = (np.abs(windows - wanted) <= tolerance) | np.isnan(wanted)
    return [int(start) for start in np.flatnonzero(fits.all(axis=1))]
