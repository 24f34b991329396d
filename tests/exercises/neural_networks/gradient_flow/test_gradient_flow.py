"""Hidden checks for `gradient_flow`, `plot_gradient_flow` and the choices in `answers_4_1`.

Most models here are not run: their gradients are set by hand, so that each number is known to differ from
all others and from what the usual mistakes give. A parameter without gradient may have the value 0 or no
entry, so entries of 0 are left out on both sides before anything is compared. Where the names are judged, or
the plot, wrong numbers are no matter: a plot may show what the student's own `gradient_flow` says.
"""

import math
import re
from itertools import compress

from autograde.checks import check
from autograde.checks.figures import drawn_by, places, series_of, ticks_of
from autograde.checks.figures import labels_of as texts_of

LAYERS = ("stem", "mixer", "squeeze", "tail", "head")


# ---- for the student's process ----


def with_gradients(seed, frozen=(), unused=()):
    """Return a model of five layers; those not in `frozen` or `unused` have received gradients."""
    import torch
    from torch import nn

    model = nn.Module()
    sizes = (nn.Conv2d(1, 3, 3), nn.Linear(5, 4), nn.Linear(4, 7), nn.Conv1d(2, 3, 2), nn.Linear(6, 2))
    for name, layer in zip(LAYERS, sizes, strict=True):
        model.add_module(name, layer)
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        layer = name.split(".")[0]
        scale = 10 ** (2 * torch.rand((), generator=generator) - 3)
        gradient = scale * (torch.randn(parameter.shape, generator=generator) + 0.3)
        if layer in frozen:
            parameter.requires_grad_(False)
        elif layer not in unused:
            parameter.grad = gradient
    return model


def plain(flow):
    """Return a dict with tensors and arrays of one number as Python numbers, and anything else as it is."""
    if not isinstance(flow, dict):
        return flow
    numbers = {}
    for name, value in flow.items():
        try:
            numbers[name] = value.item()
        except (AttributeError, RuntimeError, ValueError):
            numbers[name] = value
    return numbers


def state(model):
    """Return all that looking at gradients must leave alone, as plain data."""
    parameters = list(model.named_parameters())
    return {
        "gradients": {name: None if p.grad is None else p.grad.tolist() for name, p in parameters},
        "values of the parameters": {name: p.tolist() for name, p in parameters},
        "`requires_grad`": {name: p.requires_grad for name, p in parameters},
        "modes (train or eval)": [module.training for module in model.modules()],
    }


def seen_in(draw, model):
    """Return what the student's plot of `model` shows, as plain data."""
    axes = drawn_by(draw, model)
    return {"axes": len(axes), "series": series_of(axes), "ticks": ticks_of(axes), "texts": texts_of(axes)}


def flow(gradient_flow, seed, frozen, unused):
    """Return the flow of a model, or None if there is none: a probe for the checks of the plot."""
    try:
        return plain(gradient_flow(with_gradients(seed, frozen, unused)))
    except Exception:
        return None


# ---- for the grader's process ----


def numbers_of(flow):
    """Return the entries that are not 0, once it is sure that `flow` is a dict of names and numbers."""
    assert flow is not None, "`gradient_flow` returns nothing: is there a `return` at its end?"
    assert isinstance(flow, dict), "`gradient_flow` must return a dict {name of the parameter: number}."
    assert all(isinstance(name, str) for name in flow), "The keys must be the names of the parameters."
    for name, value in flow.items():
        assert type(value) in (int, float), f"The value of {name[:60]!r} must be one number."
        assert math.isfinite(value), f"The value of {name[:60]!r} is {value}."
    return {name: value for name, value in flow.items() if value != 0}


def assert_same_names(flow, expected):
    """Compare the names of two flows in any order; no name is told that the student did not give."""
    strange = [name[:60] for name in flow if name not in expected]
    assert not any(other.startswith(f"{name}.") for name in strange for other in expected), (
        f"{strange[0]!r} is the name of a layer: give the weight and the bias of a layer an entry each, "
        "under the names from `named_parameters()`."
    )
    assert not strange, f"There should be no entry for {strange[0]!r}, or it should be 0."
    missing = [name for name in expected if name not in flow]
    assert not missing or not all(name.endswith("bias") for name in missing), (
        "The biases have no entry, or 0: the dictionary holds all trainable parameters."
    )
    assert not missing, f"Parameters without an entry, or with 0: {len(missing)} of {len(expected)}."


def assert_same_flow(flow, expected):
    """Compare two flows in any order."""
    flow, expected = numbers_of(flow), numbers_of(expected)
    assert_same_names(flow, expected)
    wrong = [name for name in expected if not math.isclose(flow[name], expected[name], rel_tol=1e-3)]
    assert not wrong, (
        f"The number is wrong for {', '.join(wrong[:3])}{' and others' if len(wrong) > 3 else ''}: "
        f"yours is {flow[wrong[0]]:.4g} for the first of them."
        if wrong
        else ""
    )


def shown_at(seen, expected, own, gaps=()):
    """Return the names whose numbers a plot shows, and where; a name of `gaps` may be shown with any number.

    Shown may be the expected numbers or those of the student's own flow, with or without biases and gaps.
    """
    assert seen["axes"], (
        "`plot_gradient_flow` returned no Axes: draw with matplotlib, and return the Axes on which you drew."
    )
    assert seen["series"], "There is nothing drawn on the Axes that `plot_gradient_flow` returned."
    flows = [expected, own] if isinstance(own, dict) and own.keys() <= expected.keys() else [expected]
    for flow in flows:
        every = [name for name in flow if numbers_of(flow).get(name) or name in gaps]
        for names in (every, [name for name in every if not name.endswith("bias")]):
            for chosen in (names, [name for name in names if name not in gaps]):
                wanted = [math.nan if name in gaps else flow[name] for name in chosen]
                if found := places(seen["series"], wanted):
                    in_a_row = [(way, at) for way, at in found if len({*at}) == len(at)]
                    assert in_a_row, (
                        "Two numbers stand at the same place, one over the other: each needs a place of its "
                        "own. Equal texts on an axis, such as the layer's name twice, are one place."
                    )
                    return chosen, in_a_row
    return [], []


def in_another_order(seen, flow):
    """Tell whether a plot shows the numbers of a flow, or all but the biases, in whatever order."""
    numbers = ("x", "y", "width", "height")
    in_order = [
        {key: sorted(value) if key in numbers else value for key, value in one.items()}
        for one in seen["series"]
    ]
    weights = [value for name, value in flow.items() if not name.endswith("bias")]
    return any(places(in_order, sorted(values)) for values in (flow.values(), weights))


def first_values(seen):
    """Return the first numbers that a plot shows."""
    one = seen["series"][0]
    sizes = [one[name].tolist() for name in ("height", "width", "y") if name in one]
    return next((values for values in sizes if len({*values}) > 1), sizes[0])[:3]


def assert_labelled(seen, names, found):
    """Hold the labels next to the numbers to the names of their layers."""
    texts = [*seen["texts"]["ticks"], *seen["texts"]["legend"], *seen["texts"]["texts"]]
    layers = dict.fromkeys(name.split(".")[0] for name in names)
    missing = [layer for layer in layers if not any(names_it(text, layer) for text in texts)]
    assert not missing, f"Layers whose name stands nowhere in the plot: {len(missing)} of {len(layers)}."
    ticks = {way: [tick for tick in seen["ticks"][way] if named_by(tick[1])] for way in ("x", "y")}
    assert not any(ticks.values()) or any(
        all(fits(ticks[way], place, name) for place, name in zip(at, names, strict=True))
        for way, at in found
        if ticks[way]
    ), "Labels stand at the wrong numbers: some bar or point has the name of another layer or parameter."


def names_it(text, layer):
    """Tell whether a label names a layer."""
    return bool(re.search(rf"(?<![a-z0-9]){layer}(?![a-z0-9])", text, flags=re.IGNORECASE))


def named_by(text):
    """Return the layers that a label names."""
    return [layer for layer in LAYERS if names_it(text, layer)]


def fits(ticks, place, name):
    """Tell whether the nearest label, or one of several, names a parameter or its layer."""
    layer, kind = name.split(".")
    nearest = min(abs(at - place) for at, _ in ticks)
    other = "bias" if kind == "weight" else "weight"
    return any(
        names_it(text, layer) and (kind in text or other not in text)
        for at, text in ticks
        if abs(at - place) <= nearest + 1e-6
    )


def fate(before, after):
    """Say what became of gradients that were to stay as they are."""
    if any(after[name] is not None for name, gradient in before.items() if gradient is None):
        return ": some where there were none"
    lost = any(after[name] is None for name, gradient in before.items() if gradient is not None)
    return ": those that it had are gone" if lost else ""


# ---- gradient_flow ----


@check(
    points=3,
    hint="For each (name, parameter) of `model.named_parameters()`, weights and biases, take "
    "`parameter.grad.abs().mean()`: of the gradient, not of the parameter; the mean, not the sum or norm.",
)
def test_values(student, reference):
    """The values are the mean absolute gradients, for weights and biases of any model."""

    def probe(gradient_flow, network):
        import torch
        from torch.nn.functional import cross_entropy

        gradient_flow(with_gradients(1))
        torch.manual_seed(2)
        model = network()
        generator = torch.Generator().manual_seed(3)
        cross_entropy(model(torch.randn(2, 1, 32, 32, generator=generator)), torch.tensor([3, 7])).backward()
        return [plain(gradient_flow(model)), plain(gradient_flow(with_gradients(4)))]

    for flow, expected in zip(student(probe), reference(probe), strict=True):
        assert_same_flow(flow, expected)


@check(hint="Go through `model.named_parameters()` in its own order, and sort nothing.")
def test_order(student, reference):
    """The entries come in the order in which the model defines its parameters."""

    def probe(gradient_flow):
        return plain(gradient_flow(with_gradients(5)))

    expected = list(numbers_of(reference(probe)))
    order = [name for name in numbers_of(student(probe)) if name in expected]
    assert order, "No parameter has an entry under its own name."
    assert order == [name for name in expected if name in order], (
        "The entries of your dictionary are in another order than the parameters of the model."
    )


@check(hint="`.item()` takes the number out of a tensor with one entry.")
def test_plain_numbers(student):
    """The values are plain numbers, not tensors."""

    def probe(gradient_flow):
        return gradient_flow(with_gradients(6))

    flow = student(probe)
    assert isinstance(flow, dict), "`gradient_flow` must return a dict {name of the parameter: number}."
    assert flow, "`gradient_flow` returned an empty dictionary."
    kinds = {type(value).__name__ for value in flow.values()} - {"int", "float"}
    assert not kinds, (
        f"Some values are of another type than numbers: {', '.join(sorted(kinds))[:60].lower()}."
    )


@check(
    hint="Take the absolute values first and then the mean: positive and negative entries cancel each other."
)
def test_absolute(student, rng):
    """Positive and negative gradients do not cancel: the gradient [3, -3] gives 3."""

    def probe(gradient_flow, gradient):
        import torch

        layer = torch.nn.Linear(len(gradient), 1)
        layer.weight.grad = torch.tensor([gradient])
        layer.bias.grad = torch.tensor([-gradient[0]])
        return plain(gradient_flow(layer))

    size = float(rng.integers(2, 50))
    flow = numbers_of(student(probe, gradient=[size, -size, size, -size]))
    for name in ("weight", "bias"):
        assert math.isclose(flow.get(name, 0), size, rel_tol=1e-5), (
            f"All entries of a gradient were {size:g} or -{size:g}. "
            f"Your function says {flow.get(name, 0):.4g} for the {name}."
        )


@check(
    hint="A parameter that `forward` did not use has `grad` None: ask for that before you compute with it."
)
def test_without_gradient(student, reference):
    """Parameters that received no gradient have the value 0 or are left out; all others keep theirs."""

    def probe(gradient_flow):
        before_backward = with_gradients(7, unused=LAYERS)
        dead = with_gradients(7)
        dead.tail.weight.grad.zero_()
        return [
            plain(gradient_flow(with_gradients(7, unused=("mixer", "head")))),
            plain(gradient_flow(before_backward)),
            plain(gradient_flow(dead)),
        ]

    (flow, empty, dead), (expected, *_) = student(probe), reference(probe)
    assert_same_names(numbers_of(flow), numbers_of(expected))
    assert not numbers_of(empty), "Before any backward pass, all values are 0 or left out. Yours are not."
    assert "tail.weight" in dead, (
        "A parameter has no entry, although a gradient has arrived in which all entries are 0: only those "
        "whose `grad` is None may be left out."
    )


@check(hint="Skip a parameter if its `requires_grad` is False, also if some gradient is left in its `grad`.")
def test_frozen(student, reference):
    """Frozen parameters are left out."""

    def probe(gradient_flow):
        model = with_gradients(8, frozen=("stem",))
        model.tail.requires_grad_(False)  # after the backward pass: a gradient is left
        model.head.weight.requires_grad_(False)
        return plain(gradient_flow(model))

    flow, expected = student(probe), reference(probe)
    numbers = numbers_of(flow)
    frozen = [name[:60] for name in flow if name not in expected]
    assert not frozen, f"There is an entry for {frozen[0]!r}, which is frozen or no parameter of the model."
    assert_same_names(numbers, numbers_of(expected))


@check(hint="Do not round: in deep networks the numbers that matter are very small.")
def test_vanishing(student, reference):
    """In a deep sigmoid network the gradient is seen to vanish towards the first layer."""

    def probe(gradient_flow):
        import torch
        from torch import nn

        torch.manual_seed(9)
        sizes = [12, *[16] * 6]
        layers = [part for size in sizes for part in (nn.Linear(size, 16), nn.Sigmoid())]
        model = nn.Sequential(*layers, nn.Linear(16, 3))
        model(torch.linspace(-2, 2, 60).view(5, 12)).square().mean().backward()
        return plain(gradient_flow(model))

    flow, expected = numbers_of(student(probe)), numbers_of(reference(probe))
    first, last = "0.weight", f"{len(expected) - 2}.weight"
    missing = [where for where, name in (("first", first), ("last", last)) if name not in flow]
    assert not missing, (
        f"The gradient of the {missing[0]} layer's weight is small, but not 0: your value is 0 or missing."
        if missing
        else ""
    )
    assert abs(flow[first] / flow[last]) < 1e-3, (
        f"Your values are {flow[first]:.2g} for the weight of the first layer and {flow[last]:.2g} for that "
        "of the last: this does not show how small the gradient of the first layer is."
    )


@check(hint="Only read: use `abs()`, not `abs_()`, clear nothing, and write nothing into `grad`.")
def test_changes_nothing(student):
    """Neither function changes gradients, parameters, `requires_grad` or mode."""

    def probe(gradient_flow, plot_gradient_flow):
        seen = {}
        for name, function in (("gradient_flow", gradient_flow), ("plot_gradient_flow", plot_gradient_flow)):
            model = with_gradients(10, frozen=("stem",), unused=("tail",))
            model.mixer.eval()
            before = state(model)
            if function is gradient_flow:
                function(model)
            else:
                drawn_by(function, model)
            seen[name] = before, state(model)
        return seen

    for function, (before, after) in student(probe).items():
        changed = [aspect for aspect, value in before.items() if after[aspect] != value]
        how = fate(before["gradients"], after["gradients"]) if changed == ["gradients"] else ""
        assert not changed, f"After `{function}` the model has other {' and other '.join(changed)}{how}."


# ---- plot_gradient_flow ----


@check(
    hint="Draw the values of `gradient_flow(model)` (or their log10), one for each parameter, in their "
    "order, and return the Axes: `fig, ax = plt.subplots()` makes one."
)
def test_plot_data(student, reference):
    """The plot shows the mean absolute gradients in the order of the parameters."""

    def probe(plot_gradient_flow):
        return seen_in(plot_gradient_flow, with_gradients(11))

    layers = {"seed": 11, "frozen": [], "unused": []}
    seen, expected = student(probe), reference(flow, **layers)
    names, _ = shown_at(seen, expected, student(flow, **layers))
    assert names or not in_another_order(seen, expected), (
        "The mean absolute gradients stand in the plot, but not in the order of the parameters."
    )
    assert names, (
        "Neither the mean absolute gradients of the parameters (all, or all but the biases) nor their log10 "
        f"stand in the plot. Its numbers are {', '.join(f'{value:.3g}' for value in first_values(seen))}, ..."
    )


@check(
    points=0.5,
    hint="Begin with `fig, ax = plt.subplots()`, draw on `ax`, and end with `return ax`. `plt.bar` alone "
    "draws into a figure that is already there.",
)
def test_plot_new_figure(student):
    """The plot is in a figure of its own, and its Axes are returned."""

    def probe(plot_gradient_flow):
        import matplotlib.pyplot as plt
        from matplotlib.axes import Axes

        plt.close("all")
        other, _ = plt.subplots()
        show, plt.show = plt.show, lambda *_, **__: None
        try:
            drawn = plot_gradient_flow(with_gradients(14))
        finally:
            plt.show = show
        is_axes = isinstance(drawn, Axes)
        return {"type": type(drawn).__name__, "axes": is_axes, "old": is_axes and drawn.figure is other}

    seen = student(probe)
    assert seen["type"] != "NoneType", (
        "`plot_gradient_flow` returns nothing: return the Axes, for example `plt.gca()` before `plt.show()`."
    )
    assert seen["axes"], (
        f"`plot_gradient_flow` returned an object of type {seen['type'][:40]}, not the Axes on which it drew."
    )
    assert not seen["old"], "The plot was drawn into a figure that was there before, not into a new one."


@check(
    needs=("test_plot_data",),
    hint="Give each bar or point a label: `ax.set_xticks(range(len(flow)), list(flow), rotation=90)`. "
    "Collect names and numbers together: where one is skipped, the other has to be skipped, too.",
)
def test_plot_labels(student, reference):
    """Each number is labelled with its parameter or layer, also if some are frozen or without gradient."""

    def probe(plot_gradient_flow):
        return seen_in(plot_gradient_flow, with_gradients(13, frozen=("stem",), unused=("squeeze",)))

    layers = {"seed": 13, "frozen": ["stem"], "unused": ["squeeze"]}
    gaps = ("squeeze.weight", "squeeze.bias")
    seen = student(probe)
    names, found = shown_at(seen, reference(flow, **layers), student(flow, **layers), gaps)
    assert names, (
        "With a frozen layer and one without gradient, the numbers of the others do not stand in the plot."
    )
    drawn = [not name.startswith("squeeze") for name in names]
    places_of_drawn = [(way, list(compress(at, drawn))) for way, at in found]
    assert_labelled(seen, list(compress(names, drawn)), places_of_drawn)


# ---- answers_4_1 ----


@check(
    points=1.5,
    hint="Look at the numbers of the first and the last layer under your diagrams, and at the slopes.",
)
def test_answers(student, reference):
    """All three choices in `answers_4_1` are right."""

    def probe(answers_4_1):
        return answers_4_1

    answers = student(probe)
    assert isinstance(answers, dict), "`answers_4_1` has to stay a dictionary with the keys 'a', 'b' and 'c'."
    given = words(answers)
    unanswered = [question for question, word in given.items() if not word]
    assert not unanswered, f"There is no answer to {', '.join(unanswered)}."
    right = words(reference(probe))
    wrong = [question for question, word in given.items() if word != right[question]]
    assert not wrong, f"Not right: {', '.join(wrong)}."


def words(answers):
    """Return the answers in lower case, a number as its text; None for what is not answered."""
    found = {}
    for question in ("a", "b", "c"):
        answer = answers.get(question)
        answer = f"{answer:g}" if type(answer) in (int, float) else answer
        found[question] = " ".join(answer.lower().split()) if isinstance(answer, str) else None
    return found
