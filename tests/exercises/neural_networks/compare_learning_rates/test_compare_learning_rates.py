"""Hidden checks for `compare_learning_rates`, `convergence`, `plot_learning_rates` and `answers_5_1`.

The trainings are tiny: a smooth network on eleven samples in batches of 4, 4 and 3, whose last batch has
larger targets than the others, so that means over samples and over batches differ. Nothing is shuffled.
"""

import itertools
import math
import re

from autograde.checks import check
from autograde.checks.figures import drawn_by, labels_of, places, series_of

INF, NAN = math.inf, math.nan


# ---- for the student's process ----


def tiny(seed, batch_size=4, stale=False):
    """Return a small network and a loader of eleven samples; `stale` leaves old gradients in the network."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    generator = torch.Generator().manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.rand(parameter.shape, generator=generator) - 0.5)
            if stale:
                parameter.grad = torch.full_like(parameter, 3.0)
    inputs = torch.randn(11, 3, generator=generator)
    targets = torch.randn(11, 2, generator=generator)
    targets[8:] = 3 + targets[8:].abs()
    torch.manual_seed(seed + 1)  # student code finds other random numbers than those of the model
    return model, DataLoader(TensorDataset(inputs, targets), batch_size=batch_size)


def at_its_goal():
    """Return a layer with large weights, and a loader whose targets are its outputs."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    model = nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[64.0, -96.0]]))
        model.bias.fill_(128.0)
    inputs = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0], [2.0, 1.0]])  # no rounding in the outputs
    return model, DataLoader(TensorDataset(inputs, model(inputs).detach()), batch_size=4)


def classes(seed):
    """Return the small network and a loader with class numbers as targets, mostly 1 in the last batch."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    model, loader = tiny(seed)
    labels = torch.tensor([0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1])
    return model, DataLoader(TensorDataset(loader.dataset.tensors[0], labels), batch_size=4)


# ---- for the grader's process ----


def histories(results, rates):
    """Return `results` once it is sure that it is a dict with a list of plain numbers for each rate."""
    assert results is not None, "`compare_learning_rates` returns nothing: is there a `return` at its end?"
    assert isinstance(results, dict), (
        "`compare_learning_rates` must return a dict {learning rate: losses}, "
        f"and yours returned a value of type {type(results).__name__}."
    )
    strange = [key for key in results if isinstance(key, bool) or key not in rates]
    assert not strange, f"The key {str(strange[0])[:40]!r} of your dict is not one of the learning rates."
    missing = [rate for rate in rates if rate not in results]
    assert not missing, f"Your dict has {len(results)} learning rate(s) instead of {len(rates)}."
    for rate in rates:
        losses = results[rate]
        assert isinstance(losses, list | tuple), (
            f"For each learning rate there must be a list of losses; yours is a {type(losses).__name__}."
        )
        plain = all(type(loss) in (int, float) for loss in losses)
        assert plain, "The losses must be plain numbers: `loss.item()` makes one of a tensor."
    return results


def assert_epochs(results, expected, rates, num_epochs, meant):
    """Compare the losses of the epochs; the one before training, which precedes them, is not looked at."""
    for rate in rates:
        losses = histories(results, rates)[rate]
        assert len(losses) >= num_epochs, f"There are only {len(losses)} losses after {num_epochs} epochs."
        untrained = num_epochs > 1 and all(loss == losses[-num_epochs] for loss in losses[-num_epochs:])
        assert not untrained, (
            f"With the learning rate {rate}, your loss is {losses[-1]:.4g} in each of {num_epochs} epochs: "
            "the model whose losses are recorded is not updated."
        )
        pairs = zip(losses[-num_epochs:], expected[rate][-num_epochs:], strict=True)
        for epoch, (loss, right) in enumerate(pairs, start=1):
            assert close(loss, right), (
                f"With the learning rate {rate}, your loss of epoch {epoch} is {loss:.4g}. {meant}"
            )


def close(loss, right, rtol=1e-3):
    """Whether a loss is right; errors of the update are much larger than roundings."""
    return abs(loss - right) <= rtol * abs(right)


# ---- compare_learning_rates ----


@check(
    points=0.5,
    hint="Begin with `results = {}`, put a list of losses into it for each rate, as in `results[lr] = "
    "losses`, and return it after the last one. `loss.item()` is a plain number.",
)
def test_form(student):
    """The result is a dict with a list of plain numbers for each learning rate."""

    def probe(compare_learning_rates):
        from torch import nn

        model, loader = tiny(1)
        return compare_learning_rates(model, loader, nn.MSELoss(), [0.02, 0.3, 0.007], num_epochs=2)

    histories(student(probe), [0.02, 0.3, 0.007])


@check(
    points=0.5,
    hint="Begin each list with the loss before training, and append one number after each epoch: with "
    "`num_epochs=5`, its default, that makes six.",
    needs=("test_form",),
)
def test_lengths(student):
    """Each list has one number for the time before training, and one for each epoch."""

    def probe(compare_learning_rates):
        from torch import nn

        model, loader = tiny(2)
        found = compare_learning_rates(model, loader, nn.MSELoss(), [0.02, 0.1], num_epochs=3)
        lengths = [len(found[rate]) for rate in (0.02, 0.1)]
        model, loader = tiny(2)
        return [*lengths, len(compare_learning_rates(model, loader, nn.MSELoss(), [0.05])[0.05])]

    short, other, default = student(probe)
    assert short == other, f"After 3 epochs one learning rate has {short} numbers, another {other}."
    assert short == 4, f"After 3 epochs your list has {short} number(s)."
    assert default == 6, f"Without `num_epochs` your list has {default} number(s)."


@check(
    points=0.5,
    hint="The first number is the loss before any update: `mean_loss` gives the mean over all samples.",
    needs=("test_lengths",),
)
def test_loss_before_training(student, reference, rng):
    """The first number is the mean loss over all samples before training."""

    def probe(compare_learning_rates, seed):
        from torch import nn

        model, loader = tiny(seed)
        return compare_learning_rates(model, loader, nn.MSELoss(), [0.2, 0.05], num_epochs=1)

    seed = int(rng.integers(10**6))
    results, expected = histories(student(probe, seed=seed), [0.2, 0.05]), reference(probe, seed=seed)
    for rate, losses in results.items():
        assert close(losses[0], expected[rate][0]), (
            f"With the learning rate {rate}, the first number is {losses[0]:.4g}, "
            "which is not the loss before training."
        )


@check(
    points=0.5,
    hint="With the learning rate 0 nothing changes, so every number is the loss before training. Weight "
    "the loss of each batch by its size, `loss.item() * len(inputs)`, and divide by the number of "
    "samples. Begin each epoch at 0.",
    needs=("test_form",),
)
def test_lr_zero(student, reference, rng):
    """The loss of an epoch is the mean over all samples, also if the last batch is smaller."""

    def probe(compare_learning_rates, seed):
        from torch import nn

        model, loader = tiny(seed)
        return compare_learning_rates(model, loader, nn.MSELoss(), [0.0], num_epochs=2)

    seed = int(rng.integers(10**6))
    losses, expected = histories(student(probe, seed=seed), [0.0])[0.0], reference(probe, seed=seed)[0.0][0]
    assert losses, "The list of losses is empty."
    for loss in losses[-2:]:
        assert close(loss, expected), (
            f"With the learning rate 0, where nothing changes, your losses are "
            f"{', '.join(f'{number:.4g}' for number in losses)}. The mean over all samples is another number."
        )


@check(
    points=1,
    hint="weight = weight - learning_rate * gradient, for every parameter, in place, with the learning "
    "rate that was given, and nothing else such as a weight decay. Clear the gradients before each "
    "`backward()`.",
    needs=("test_form",),
)
def test_update(student, reference):
    """With all samples in one batch, each update is weight - learning_rate * gradient."""

    def probe(compare_learning_rates):
        from torch import nn

        model, loader = tiny(4, batch_size=11)
        solved, its_loader = at_its_goal()
        return [
            compare_learning_rates(model, loader, nn.MSELoss(), [0.2], num_epochs=4),
            compare_learning_rates(solved, its_loader, nn.MSELoss(), [0.5], num_epochs=3),
        ]

    (results, still), (expected, _) = student(probe), reference(probe)
    meant = "There was one batch in each epoch, so this is not the loss after that many updates."
    assert_epochs(results, expected, [0.2], 4, meant)
    losses = histories(still, [0.5])[0.5]
    assert all(0 <= loss < 1e-8 for loss in losses), (
        "A model whose outputs are the targets has gradient 0, and must not change. Your losses of it are "
        f"{', '.join(f'{loss:.2g}' for loss in losses)}."
    )


@check(
    points=1.25,
    hint="One update after each batch, with the gradient of this batch alone and with the criterion that "
    "was given. The loss of an epoch is the mean over all samples of the losses in training.",
    needs=("test_form",),
)
def test_several_batches(student, reference, rng):
    """With several batches, every loss of every epoch is right for each learning rate."""

    def probe(compare_learning_rates, seed):
        from torch import nn

        model, loader = classes(seed)
        return compare_learning_rates(model, loader, nn.CrossEntropyLoss(), [0.5, 0.05], num_epochs=3)

    seed = int(rng.integers(10**6))
    meant = "That is not what the update rule gives, with an update after each batch."
    assert_epochs(student(probe, seed=seed), reference(probe, seed=seed), [0.5, 0.05], 3, meant)


@check(
    points=0.5,
    hint="Each learning rate starts from the parameters of `model`: make a new `copy.deepcopy(model)` "
    "inside the loop over the rates. `state_dict()` holds the parameters themselves, no copies of "
    "them.",
    needs=("test_form",),
)
def test_order_of_rates(student):
    """The losses of a learning rate do not depend on which others are tried before it."""

    def probe(compare_learning_rates):
        from torch import nn

        found = []
        for rates in ([0.3, 0.02], [0.02, 0.3]):
            model, loader = tiny(6)
            found.append(compare_learning_rates(model, loader, nn.MSELoss(), rates, num_epochs=2))
        return found

    first, second = (histories(results, [0.3, 0.02]) for results in student(probe))
    for rate in (0.3, 0.02):
        same = len(first[rate]) == len(second[rate])
        same = same and all(close(one, other) for one, other in zip(first[rate], second[rate], strict=True))
        assert same, f"The learning rate {rate} gave other losses when it was tried second than as the first."


@check(
    points=0.25,
    hint="Old gradients may be there when training begins: clear them before the first `backward()`, too.",
    needs=("test_form",),
)
def test_old_gradients(student):
    """Gradients that the model holds before the call have no effect."""

    def probe(compare_learning_rates):
        from torch import nn

        found = []
        for stale in (False, True):
            model, loader = tiny(7, stale=stale)
            found.append(compare_learning_rates(model, loader, nn.MSELoss(), [0.1], num_epochs=2))
        return found

    clean, stale = (histories(results, [0.1])[0.1] for results in student(probe))
    same = len(clean) == len(stale) and all(close(*pair) for pair in zip(clean, stale, strict=True))
    assert same, "A model with gradients of an earlier `backward()` gave other losses than the same without."


@check(
    points=0.25,
    hint="Do not stop at an infinite loss, do not replace or limit anything: append the loss and go on.",
    needs=("test_form", "test_update", "test_several_batches"),
)
def test_infinite_losses(student, reference):
    """Losses that grow, or are infinite or nan, are recorded, and the other rates are not affected."""

    def probe(compare_learning_rates):
        from torch import nn

        model, loader = tiny(8)
        alone = compare_learning_rates(model, loader, nn.MSELoss(), [0.1], num_epochs=5)
        model, loader = tiny(8)
        return [compare_learning_rates(model, loader, nn.MSELoss(), [1e12, 1.5, 0.1], num_epochs=5), alone]

    results, alone = student(probe)
    losses = histories(results, [1e12, 1.5, 0.1])[1e12]
    assert len(losses) >= 5, f"When the losses became infinite, your list ended after {len(losses)} numbers."
    assert not math.isfinite(losses[-1]), (
        f"In a training whose loss becomes infinite, your last loss is {losses[-1]:.4g}."
    )
    meant = "While the losses grow, the training has to go on as before."
    assert_epochs({1.5: results[1.5]}, reference(probe)[0], [1.5], 5, meant)
    meant = "Without a rate before it whose losses are infinite, it is another."
    assert_epochs({0.1: results[0.1]}, histories(alone, [0.1]), [0.1], 5, meant)


@check(
    points=0.5,
    hint="Train a copy, `copy.deepcopy(model)`, or put the parameters back at the end.",
)
def test_model_unchanged(student):
    """Afterwards the model has the parameters that it had before."""

    def probe(compare_learning_rates):
        import torch
        from torch import nn

        model, loader = tiny(9)
        before = [parameter.detach().clone() for parameter in model.parameters()]
        compare_learning_rates(model, loader, nn.MSELoss(), [0.1, 0.2], num_epochs=1)
        return [torch.equal(*pair) for pair in zip(before, model.parameters(), strict=True)]

    assert all(student(probe)), "After the call the parameters of `model` are not what they were before."


# ---- convergence ----


def assert_called(student, word, examples):
    """Every list of losses is called by the word."""

    def probe(convergence, examples):
        return [convergence(list(losses)) for losses in examples]

    for losses, said in zip(examples, student(probe, examples=examples), strict=True):
        assert said == word, f"The losses {losses} were called {str(said)[:40]!r}."


@check(
    points=0.25,
    hint="If nothing is infinite or above 1.05 times the first loss, the last one decides: at most 0.9 "
    "times the first, and be it exactly 0.9 times, is converging.",
)
def test_converging(student):
    """Losses that end at 0.9 times the first one or lower are converging."""
    up_and_down = [[2.0, 2.06, 1.2], [2.0, 1.0, 1.5], [4.0, 1.0, 1.0]]
    at_the_bounds = [[10.0, 9.0], [20.0, 21.0, 18.0]]  # without any rounding in 0.9 and 1.05 times the first
    below = [[2.0, 1.9, 1.7], [0.02, 0.019, 0.0175], [50.0, 1.0]]
    assert_called(student, "converging", [*below, *up_and_down, *at_the_bounds])


@check(
    points=0.25,
    hint="What is neither diverging nor converging is slow. Only the last loss counts against 0.9 times "
    "the first one, not the smallest; and a rise of up to 5 %, and be it exactly 5 %, is not yet diverging.",
)
def test_slow(student):
    """Losses that neither diverge nor come down to 0.9 times the first one are slow."""
    levels = [[2.3, 2.29, 2.28], [50.0, 48.0, 46.0], [2.0, 1.95, 1.85], [2.0, 2.0, 2.0]]
    assert_called(student, "slow", [*levels, [2.0, 1.0, 1.9], [2.0, 2.05, 2.06], [20.0, 21.0, 20.0]])


@check(
    points=0.5,
    hint="`math.isfinite` is False for inf and for nan. All comparisons with nan are False, `max` and "
    "`min` skip it or not by chance, and `loss == nan` is never True. The first loss may be one, too.",
)
def test_infinite_is_diverging(student):
    """An infinite loss or a nan anywhere means diverging."""
    places_of_nan = [[2.3, 1.5, NAN], [2.3, NAN, 1.0], [2.3, NAN, NAN]]
    from_the_first = [[INF, 2.0], [INF, INF], [NAN, 2.0]]
    assert_called(student, "diverging", [[2.3, INF, 1.0], [2.3, 1.5, INF], *places_of_nan, *from_the_first])


@check(
    points=0.5,
    hint="Look at all losses, not only at the last one: any that is above 1.05 times the first means "
    "diverging.",
)
def test_spike_is_diverging(student):
    """A loss above 1.05 times the first one means diverging, even if later ones are small."""
    assert_called(student, "diverging", [[2.3, 3e10, 2.38], [2.0, 2.14, 0.5], [2.0, 1.0, 2.2], [0.1, 0.12]])


# ---- plot_learning_rates ----


def example():
    """Return results of three learning rates."""
    return {
        0.02: [2.31, 1.92, 1.63, 1.37, 1.18],
        0.3: [2.31, 0.94, 0.41, 0.22, 0.13],
        0.005: [2.31, 2.24, 2.17, 2.11, 2.05],
    }


def seen_plot(plot_learning_rates):
    """Return what a plot of the example shows on each of its Axes."""
    seen = []
    for ax in drawn_by(plot_learning_rates, example()):
        series = series_of(ax)
        for one, line in zip([one for one in series if one["kind"] == "line"], ax.lines, strict=True):
            one["style"] = style(line)
        seen.append({"series": series, "labels": labels_of(ax), "entries": entries_of(ax)})
    return seen


def entries_of(ax):
    """Return the texts of the legends, each with the style of the line next to it."""
    legends = [legend for legend in [ax.get_legend(), *ax.figure.legends] if legend is not None]
    return [
        [text.get_text(), style(handle)]
        for legend in legends
        for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=False)
    ]


def style(line):
    """Return by what a line is recognised in a legend; None for what is no line."""
    from matplotlib.colors import to_hex
    from matplotlib.lines import Line2D

    if not isinstance(line, Line2D):
        return None
    return [to_hex(line.get_color()), str(line.get_linestyle()), str(line.get_marker())]


def line_of(series, losses):
    """Return the first line on which the losses stand from left to right, None if there is none."""
    for one in series:
        rows = places([one], losses) if one["kind"] == "line" else []
        for place, at in rows:
            if place == "x" and all(left < right for left, right in itertools.pairwise(at)):
                return one
    return None


def lines_drawn(axes):
    """Return the best of the Axes: how many of the example's lines it shows, and what it is."""
    found = []
    for ax in axes:
        lines = {rate: line_of(ax["series"], losses) for rate, losses in example().items()}
        found.append(({rate: line for rate, line in lines.items() if line is not None}, ax))
    return max(found, key=lambda pair: len(pair[0]), default=({}, {}))


@check(
    points=0.5,
    hint="Call `plot` once for each learning rate, on the same Axes, with the whole list of its losses.",
)
def test_plot_lines(student):
    """The plot has one line for each learning rate, with all its losses from left to right."""

    def probe(plot_learning_rates):
        return seen_plot(plot_learning_rates)

    axes = student(probe)
    assert any(ax["series"] for ax in axes), "Nothing was drawn."
    shortened = [line_of(ax["series"], losses[1:]) for ax in axes for losses in example().values()]
    lines, _ = lines_drawn(axes)
    number = len(lines)
    assert number or not any(shortened), "The lines do not begin with the loss before training."
    assert number == 3, f"For 3 learning rates, {number} line(s) with all their losses are in one plot."


@check(
    points=0.25,
    hint='Give each line a label that tells its rate, as in `plot(losses, label=f"lr = {lr}")`, and call '
    "`legend()` after the last line.",
    needs=("test_plot_lines",),
)
def test_plot_legend(student):
    """The legend tells the learning rate of each line."""

    def probe(plot_learning_rates):
        return seen_plot(plot_learning_rates)

    lines, ax = lines_drawn(student(probe))
    entries = ax["labels"]["legend"]
    assert entries, "The plot has no legend, or an empty one."
    absent = [rate for rate in lines if not any(tells(text, rate) for text in entries)]
    assert not absent, (
        f"No entry of the legend tells the learning rate {absent[0]}. There are: {entries!r:.150}."
    )
    for rate, line in lines.items():
        others = [other for other in lines if other != rate and tells(line["label"], other)]
        mixed = others and not tells(line["label"], rate)
        assert not mixed, f"The line of the learning rate {rate} has the label {line['label'][:60]!r}."
        beside = [text for text, like in ax["entries"] if like == line["style"] is not None]
        assert not beside or any(tells(text, rate) for text in beside), (
            f"In the legend, {''.join(beside[:1])[:60]!r} stands beside the line of the learning rate {rate}."
        )


def tells(text, rate):
    """Whether one of the numbers in a text is the learning rate: 0.02, .02, 2e-2 or 2 x 10^{-2}."""
    text = re.sub(
        r"(?:\\times|\\cdot|[*x\u00b7\u00d7])?\s*10\s*(?:\^|\*\*)\s*\{?\s*([-\u2212]?\d+)\s*\}?", r"e\1", text
    )
    text = re.sub(r"(?<=\d)\s*\$?\s*e", "e", text).replace("\u2212", "-")
    text = re.sub(r"(?<![\d.])\s*e(?=-?\d)", " 1e", text)
    numbers = re.findall(r"\d*\.?\d+(?:[eE][-+]?\d+)?", text)
    return any(math.isclose(float(number), rate, rel_tol=1e-6) for number in numbers)


@check(
    points=0.25,
    hint="End the function with `return ax`; `plt.gca()` is the Axes of the current figure.",
    needs=("test_plot_lines",),
)
def test_plot_returned(student):
    """The Axes of the plot are returned."""

    def probe(plot_learning_rates):
        from matplotlib.axes import Axes

        returned = []
        drawn_by(lambda results: returned.append(plot_learning_rates(results)), example())
        return [[isinstance(one, Axes), type(one).__name__] for one in returned]

    [(is_axes, kind)] = student(probe)
    assert kind != "NoneType", "`plot_learning_rates` returns nothing: is there a `return` at its end?"
    assert is_axes, f"`plot_learning_rates` must return the Axes, and yours returned a {kind[:40]}."


@check(
    points=0.25,
    hint="`ax.set_xlabel(...)` and `ax.set_ylabel(...)`, or `plt.xlabel(...)` and `plt.ylabel(...)`.",
    needs=("test_plot_lines",),
)
def test_plot_axis_labels(student):
    """Both axes of the plot have a label."""

    def probe(plot_learning_rates):
        return seen_plot(plot_learning_rates)

    _, ax = lines_drawn(student(probe))
    bare = [name for name in ("x", "y") if not any(text.strip() for text in ax["labels"][name])]
    assert not bare, f"There is no label at the {' and the '.join(bare)} axis."


# ---- answers_5_1 ----


@check(
    points=1,
    hint="Read the words off your results of the experiment, by the rules of `convergence`. For d) apply "
    "the rules as if the loss of epoch 1 were the first in the list.",
)
def test_answers(student, reference):
    """All four choices in `answers_5_1` are right."""

    def probe(answers_5_1):
        return answers_5_1

    answers = student(probe)
    assert isinstance(answers, dict), "`answers_5_1` has to stay a dictionary with the keys a, b, c and d."
    right = reference(probe)
    given = {question: answers.get(question) for question in right}
    unanswered = [question for question, word in given.items() if not isinstance(word, str)]
    assert not unanswered, f"There is no answer to {', '.join(unanswered)}."
    wrong = [question for question, word in given.items() if word.strip().lower() != right[question]]
    assert not wrong, f"Not right: {', '.join(wrong)}."
