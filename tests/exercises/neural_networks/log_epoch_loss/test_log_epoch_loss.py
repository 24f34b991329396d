"""Hidden checks for `train_with_log`.

All of them train a linear model on ten samples in batches of 4, 4 and 2, so that each way of averaging gives
another number. What is printed is compared with the losses that the function returns, if it returns some.
"""

import math
import re
from numbers import Real

import numpy as np

from autograde.checks import check
from autograde.checks.compare import kind_of

BATCHES = 3  # of an epoch

# ---- for the student's process ----


def task(kind="numbers", training=True):
    """Return a model and a loader of ten samples, the same in every call."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    generator = torch.Generator().manual_seed(21)
    x = torch.randn(10, 3, generator=generator)
    size = 4 if kind == "classes" else 1
    model = nn.Linear(3, size)
    with torch.no_grad():
        model.weight.copy_(torch.randn(size, 3, generator=generator))
        model.bias.zero_()
    if kind == "classes":
        y = torch.tensor([0, 3, 1, 1, 2, 0, 3, 2, 1, 0])
    else:
        y = 2 + x.sum(dim=1, keepdim=True) + torch.arange(10.0).view(10, 1) / 3
    return model.train(training), DataLoader(TensorDataset(x, y), batch_size=4)


def sgd(model, lr, note=None):
    """Return a plain SGD optimizer that calls `note` before each step."""
    import torch

    class Noting(torch.optim.SGD):
        def step(self, closure=None):
            if note is not None:
                note()
            return super().step(closure)

    return Noting(model.parameters(), lr=lr)


def history_of(train_with_log, kind, criterion, lr, num_epochs, stale=False):
    """Return what the function returns, and the parameters that it leaves."""
    import torch

    model, loader = task(kind)
    if stale:
        for parameter in model.parameters():
            parameter.grad = torch.full_like(parameter, 30.0)
    history = train_with_log(model, loader, criterion, sgd(model, lr), num_epochs)
    return {"history": history, "parameters": [p.detach().clone() for p in model.parameters()]}


def printing(train_with_log, num_epochs):
    """Return the history, the printed text, and what was printed before each step of the optimizer."""
    import contextlib
    import io

    from torch import nn

    printed, before_step = io.StringIO(), []
    model, loader = task()
    optimizer = sgd(model, 0.05, note=lambda: before_step.append(printed.getvalue()))
    with contextlib.redirect_stdout(printed):
        history = train_with_log(model, loader, nn.MSELoss(), optimizer, num_epochs)
    return {"history": history, "text": printed.getvalue(), "before": before_step}


# ---- for the grader's process ----


def losses_of(history, epochs):
    """Return the losses of a history once it is sure that they are numbers, as many as there are epochs."""
    assert history is not None, "`train_with_log` returns nothing: is there a `return` at its end?"
    assert isinstance(history, list), (
        f"`train_with_log` has to return a list. Yours returned {kind_of(history)}."
    )
    assert len(history) == epochs, (
        f"After {epochs} epochs the list has to have {epochs} losses. Yours has {len(history)}."
    )
    numbers = [
        value.item() if isinstance(value, np.ndarray) and value.size == 1 else value for value in history
    ]
    for value in numbers:
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        assert is_number, f"A loss in your list is not a number, but {kind_of(value)}."
        assert math.isfinite(value), f"A loss in your list is {value}."
    return numbers


def compare(history, expected, words):
    """Assert that the losses are right; `words` say where they are from."""
    expected = losses_of(expected, len(expected))
    found = losses_of(history, len(expected))
    for epoch, (value, right) in enumerate(zip(found, expected, strict=True), start=1):
        assert abs(value - right) <= 1e-4 * abs(right) + 1e-6, (
            f"{words}, the loss of epoch {epoch} is not right. Yours is {value:.4f}."
        )


def same_parameters(found, expected):
    """Whether two models agree."""
    return all(
        isinstance(one, np.ndarray)
        and one.shape == other.shape
        and np.allclose(one, other, rtol=1e-3, atol=1e-4)
        for one, other in zip(found, expected, strict=True)
    )


def lines_found(text, losses):
    """Return how many epochs, from the first one, have a line in `text` with their number and loss."""
    lines = [tokens(line) for line in text.splitlines()]
    best = 0
    for first in (0, 1):
        at, found = 0, 0
        for epoch, loss in enumerate(losses, start=first):
            while at < len(lines) and not fits(lines[at], epoch, loss):
                at += 1
            if at == len(lines):
                break
            at += 1
            found += 1
        best = max(best, found)
    return best


def tokens(line):
    """Return the whole numbers and the decimal numbers in a line."""
    line = re.sub(r"\x1b\[[0-9;]*m", "", line)  # colours
    decimal = r"[-+]?(?:\d+\.\d+(?:e[-+]?\d+)?|\d+e[-+]?\d+)"
    decimals = [float(number) for number in re.findall(decimal, line, flags=re.IGNORECASE)]
    rest = re.sub(decimal, " ", line, flags=re.IGNORECASE)
    return {int(number) for number in re.findall(r"\d{1,9}", rest)}, decimals


def fits(line, epoch, loss):
    """Whether a line tells the epoch and its loss, however much it is rounded."""
    whole, decimals = line
    return epoch in whole and any(abs(number - loss) <= max(5.1e-3, 0.01 * abs(loss)) for number in decimals)


def reported(seen, epochs):
    """Return the losses that the lines should show: those that were returned, if there are any."""
    try:
        return losses_of(seen["history"], epochs)
    except AssertionError:
        return None


# ---- the checks ----


@check(
    hint="Each call begins with an empty list, made in the function and not as a default argument. Append "
    "the loss of the epoch after the loop over its batches, and return after the last epoch."
)
def test_length(student):
    """The list has one loss for each epoch, also if there is one epoch only, or none."""

    def probe(train_with_log):
        from torch import nn

        return [history_of(train_with_log, "numbers", nn.MSELoss(), 0.01, n)["history"] for n in (4, 1, 0)]

    for history, epochs in zip(student(probe), (4, 1, 0), strict=True):
        losses_of(history, epochs)


@check(
    hint="`loss.item()` is a plain number. A tensor in the list keeps the graph of its loss in memory.",
    needs=("test_length",),
)
def test_plain_floats(student):
    """The losses are plain numbers and no tensors."""

    def probe(train_with_log):
        from torch import nn

        return history_of(train_with_log, "numbers", nn.MSELoss(), 0.01, 2)["history"]

    history = student(probe)
    losses_of(history, 2)
    for value in history:
        assert not isinstance(value, np.ndarray), (
            f"A loss in your list is {kind_of(value)}, not a plain number."
        )


@check(
    points=2,
    hint="Add `loss.item() * len(x)` for each batch, and divide by the number of samples when the epoch is "
    "over.",
    needs=("test_length",),
)
def test_weighted_mean(student, reference):
    """With learning rate 0, the loss is the mean over all samples, although the last batch is smaller."""

    def probe(train_with_log):
        from torch import nn

        kinds = (("numbers", nn.MSELoss()), ("classes", nn.CrossEntropyLoss()))
        return [history_of(train_with_log, kind, criterion, 0.0, 1)["history"] for kind, criterion in kinds]

    for history, expected in zip(student(probe), reference(probe), strict=True):
        compare(history, expected, "With learning rate 0 and batches of 4, 4 and 2 samples")


@check(
    points=2,
    hint="For each batch: zero_grad, forward, loss, backward, step. The sum of the losses begins at 0 in "
    "every epoch. Take the loss from before the step, and not from another pass when the epoch is over. "
    "`num_epochs` says how long to train, also if the loss rises.",
    needs=("test_length",),
)
def test_history(student, reference):
    """While the model learns, the loss of every epoch is right."""

    def probe(train_with_log):
        from torch import nn

        return [history_of(train_with_log, "numbers", nn.MSELoss(), lr, 4)["history"] for lr in (0.05, 0.8)]

    words = ("With learning rate 0.05", "With learning rate 0.8, at which the loss rises")
    for history, expected, word in zip(student(probe), reference(probe), words, strict=True):
        compare(history, expected, word)


@check(
    hint="Use the `criterion` that was passed in, as `criterion(model(x), y)`.",
    needs=("test_length",),
)
def test_any_criterion(student, reference):
    """The loss function that was passed in is used, whichever it is."""

    def probe(train_with_log):
        import torch
        from torch import nn

        def lopsided(output, target):
            return torch.where(output > target, 3.0, 1.0).mul((output - target).abs()).mean()

        return [
            history_of(train_with_log, "classes", nn.CrossEntropyLoss(), 0.3, 3)["history"],
            history_of(train_with_log, "numbers", lopsided, 0.1, 3)["history"],
        ]

    words = ("With cross entropy", "With a loss function of our own, which is not symmetric")
    for history, expected, word in zip(student(probe), reference(probe), words, strict=True):
        compare(history, expected, word)


@check(
    points=2,
    hint="For each batch: `optimizer.zero_grad()`, then `loss.backward()`, then `optimizer.step()`.",
)
def test_trains(student, reference):
    """The model that was passed in ends with the right weights."""

    def probe(train_with_log):
        from torch import nn

        seen = history_of(train_with_log, "numbers", nn.MSELoss(), 0.05, 3)
        return {"start": [p.detach() for p in task()[0].parameters()], "end": seen["parameters"]}

    seen, expected = student(probe), reference(probe)
    assert not same_parameters(seen["end"], seen["start"]), (
        "After three epochs the model has not changed at all."
    )
    assert same_parameters(seen["end"], expected["end"]), "After three epochs the weights are not right."


@check(
    hint="One `optimizer.step()` for each batch, in the inner loop, with the optimizer that was passed in."
)
def test_steps(student):
    """The optimizer that was passed in takes one step for each batch of each epoch."""

    def probe(train_with_log):
        from torch import nn

        steps = []
        model, loader = task()
        train_with_log(model, loader, nn.MSELoss(), sgd(model, 0.01, note=lambda: steps.append(1)), 3)
        return len(steps)

    steps = student(probe)
    assert steps == 3 * BATCHES, (
        f"In three epochs of {BATCHES} batches there have to be {3 * BATCHES} steps. The optimizer took "
        f"{steps}."
    )


@check(hint="Call `optimizer.zero_grad()` before `loss.backward()`, for the first batch, too.")
def test_stale_gradients(student, reference):
    """Gradients that are left from before the call play no part."""

    def probe(train_with_log):
        from torch import nn

        seen = history_of(train_with_log, "numbers", nn.MSELoss(), 0.05, 1, stale=True)
        return {"history": seen["history"], "parameters": seen["parameters"]}

    seen, expected = student(probe), reference(probe)
    assert same_parameters(seen["parameters"], expected["parameters"]), (
        "The model came with old gradients in `.grad`, and after one epoch its weights are not right."
    )


@check(hint="Call `model.train()` before the epochs: a model may come in eval mode, from a measurement.")
def test_train_mode(student):
    """The model is in train mode during training, whatever it was in before."""

    def probe(train_with_log):
        from torch import nn

        modes = []
        for training in (True, False):
            seen = []
            model, loader = task(training=training)
            model.register_forward_pre_hook(lambda module, args, seen=seen: seen.append(module.training))
            optimizer = sgd(model, 0.01, note=lambda seen=seen: seen.append("step"))
            train_with_log(model, loader, nn.MSELoss(), optimizer, 2)
            stepped = [seen[at - 1] for at, event in enumerate(seen) if event == "step" and at]
            modes.append(stepped or seen)
        return modes

    from_train, from_eval = student(probe)
    assert from_train, "The model was never called."
    later = ", from the second epoch on" if all(from_train[:BATCHES]) else ""
    assert all(from_train), f"The model came in train mode, and was trained in eval mode{later}."
    assert all(from_eval), "The model came in eval mode, and was trained in this mode."


@check(
    hint="Write `for x, y in loader:` inside the loop over the epochs: a loader may shuffle, each time anew. "
    "`torch.manual_seed` inside this loop would undo that."
)
def test_loader_each_epoch(student):
    """Every epoch goes through the loader anew, so that it can shuffle."""

    def probe(train_with_log):
        import torch
        from torch import nn
        from torch.utils.data import DataLoader

        seen = []
        model, loader = task()
        loader = DataLoader(loader.dataset, batch_size=4, shuffle=True)
        model.register_forward_pre_hook(lambda module, args: seen.append(args[0].tolist()))
        torch.manual_seed(5)
        train_with_log(model, loader, nn.MSELoss(), sgd(model, 0.01), 2)
        return [seen[:3], seen[-3:], len(seen)]

    first, last, number = student(probe)
    assert number >= 2 * BATCHES, f"In two epochs the model saw {number} batches instead of {2 * BATCHES}."
    assert first != last, "With a loader that shuffles, both epochs saw the samples in the same order."


@check(
    points=2,
    hint='After the loop over the batches: `print(f"epoch {epoch}: loss {epoch_loss:.4f}")`, on one line.',
)
def test_printed(student, reference):
    """One line is printed for each epoch, with its number and its loss."""

    def probe(train_with_log):
        seen = printing(train_with_log, 4)
        return {"history": seen["history"], "text": seen["text"]}

    seen = student(probe)
    text = seen["text"]
    assert text.strip(), "Nothing was printed."
    losses = reported(seen, 4) or losses_of(reference(probe)["history"], 4)
    found = lines_found(text, losses)
    first = text.strip().splitlines()[0][:80]
    assert found == 4, (
        f"Epochs with a line that has both their number and their loss: {found} of 4. "
        f"The first line printed was {first!r}."
    )


@check(
    hint="Print inside the loop over the epochs: who waits for a long training wants to see how it goes.",
    needs=("test_printed",),
)
def test_printed_in_time(student, reference):
    """The line of an epoch is printed before the next epoch begins."""

    def probe(train_with_log):
        return printing(train_with_log, 3)

    seen = student(probe)
    losses = reported(seen, 3) or losses_of(reference(probe)["history"], 3)
    steps = len(seen["before"])
    assert steps == 3 * BATCHES, f"In three epochs the optimizer took {steps} steps instead of {3 * BATCHES}."
    for epoch in (1, 2):
        found = lines_found(seen["before"][epoch * BATCHES], losses[:epoch])
        assert found == epoch, f"When epoch {epoch + 1} began, the line of epoch {epoch} was not printed yet."
