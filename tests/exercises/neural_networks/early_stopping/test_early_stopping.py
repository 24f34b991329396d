"""Hidden checks for `EarlyStopping` and `train_with_early_stopping`.

The decision is tried with scripts of losses. The loop is tried on a model of one weight, which training moves
from 0 towards 1 while the validation data are best served by a weight in between: the validation loss falls
and rises again, at a speed that the learning rate sets.
"""

from collections.abc import Sequence
from numbers import Real

import numpy as np

from autograde.checks import check

NEVER = 0


# ---- for the student's process ----


def shift(EarlyStopping):
    """Return by how many calls `step` is late (or, below 0, early) when patience is all that matters.

    A wrong count is the business of one check; the others take it into account.
    """
    late = calls_until_stop(EarlyStopping, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], patience=3) - 4
    return late if late in (-1, 1) else 0


def calls_until_stop(EarlyStopping, losses, **arguments):
    """Return the number of the call of `step` that first says stop, or 0 if none does."""
    stopper = EarlyStopping(**arguments)
    for number, loss in enumerate(losses, start=1):
        if stopper.step(loss):
            return number
    return 0


def one_weight(noise=False):
    """Return a model of one weight, which is 0, and one buffer; with `noise` a module inside has a mode."""
    import torch

    class OneWeight(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))
            self.inside = torch.nn.Dropout(0.5) if noise else torch.nn.Identity()
            self.register_buffer("passes", torch.zeros(()))

        def forward(self, x):
            if torch.is_grad_enabled() and bool((x > 0).all()):
                self.passes += 1  # of training batches, whatever the mode
            return self.weight * x

    return OneWeight()


def loader(xs, ys, batch_size):
    """Return a loader of the samples in their order; each is a pair of numbers."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    x, y = (torch.tensor(list(values), dtype=torch.float32).view(-1, 1) for values in (xs, ys))
    return DataLoader(TensorDataset(x, y), batch_size=batch_size)


def run(train_with_early_stopping, max_epochs, lr=0.1, best=0.5, model=None, **arguments):
    """Train one weight towards 1 with validation data for which `best` is best; return all that is seen."""
    import torch

    model = model or one_weight()
    result = train_with_early_stopping(
        model,
        loader([1.0] * 3, [1.0] * 3, 2),
        loader([-1.0] * 2, [-best] * 2, 2),
        torch.nn.MSELoss(),
        torch.optim.SGD(model.parameters(), lr=lr),
        max_epochs,
        **arguments,
    )
    return {"result": result, "weight": model.weight.item(), "passes": model.passes.item()}


def observed(train_with_early_stopping, epochs):
    """Return what the model goes through in some epochs: pass by pass, samples, mode and gradients."""
    import torch

    model = one_weight(noise=True).eval()
    seen = []

    def note(module, inputs, output):
        seen.append(
            {
                "samples": [round(x) for x in inputs[0].flatten().tolist()],
                "training": [part.training for part in module.modules()],
                "gradients": output.requires_grad,
            }
        )

    model.register_forward_hook(note)
    train_with_early_stopping(
        model,
        loader([1, 2, 3], [1, 2, 3], 2),
        loader([11, 12, 13], [9, 9, 9], 2),
        torch.nn.MSELoss(),
        torch.optim.SGD(model.parameters(), lr=0.001),
        epochs,
        patience=epochs,
    )
    return seen


# ---- for the grader's process ----


def entry(seen, key):
    """Return an entry of the returned dictionary, once it is sure that it is there."""
    result = seen["result"]
    assert isinstance(result, dict), (
        "`train_with_early_stopping` has to return a dictionary. "
        f"Yours returned a value of type {type(result).__name__}."
    )
    assert key in result, f"The dictionary returned by `train_with_early_stopping` has no key '{key}'."
    return result[key]


def losses_of(seen):
    """Return the validation losses of a run, once it is sure that they are numbers."""
    losses = entry(seen, "val_loss")
    plain = isinstance(losses, Sequence) and all(map(is_number, losses))
    assert plain, (
        "'val_loss' has to be a list of Python numbers, one for each epoch (of a tensor: `.item()`)."
    )
    return [float(loss) for loss in losses]


def best_epoch_of(seen):
    """Return the best epoch of a run, once it is sure that it is a number."""
    epoch = entry(seen, "best_epoch")
    assert is_number(epoch), "'best_epoch' has to be a whole number."
    return epoch


def is_number(value):
    """Whether a value is a Python number."""
    return isinstance(value, Real) and not isinstance(value, bool)


def in_time(seen):
    """Return the calls at which `step` said stop, had it counted right; see `shift`."""
    return [number and number - seen["late"] for number in seen["found"]]


def same(expected, actual):
    """Whether numbers are the same but for rounding."""
    return bool(np.allclose(actual, expected, rtol=1e-4, atol=1e-6))


def check_length(right, seen):
    """Tell whether training stopped in time, from the number of validation losses."""
    losses, expected = entry(seen, "val_loss"), entry(right, "val_loss")
    assert isinstance(losses, Sequence), "'val_loss' has to be a list with one number for each epoch."
    assert len(losses) >= len(expected), "'val_loss' has too few losses: did training stop too early?"
    assert len(losses) <= len(expected), (
        "'val_loss' has too many losses: training did not stop when it should have."
    )


# ---- EarlyStopping ----


@check(
    points=2,
    hint="Count the epochs in a row without an improvement, and return `count >= patience` after the count "
    "was raised: `>` stops one epoch too late.",
)
def test_patience(student, reference):
    """`step` returns True after `patience` epochs in a row without an improvement."""

    def probe(EarlyStopping):
        losses = [1.0, 0.9, 0.95, 0.96, 0.97, 0.98, 0.99, 1.0, 1.1]
        found = {
            patience: calls_until_stop(EarlyStopping, losses, patience=patience) for patience in (1, 2, 3, 5)
        }
        return found | {"default": calls_until_stop(EarlyStopping, losses)}

    found, expected = student(probe), reference(probe)
    for patience in (3, 2, 5, 1, "default"):
        told = "Without a given patience" if patience == "default" else f"With patience={patience}"
        number = found[patience]
        assert number != NEVER, f"{told}, `step` never returned True, although the loss only grew."
        assert number <= expected[patience], f"{told}, `step` returned True too late."
        assert number >= expected[patience], f"{told}, `step` returned True too early."


@check(
    hint="The first loss is the best so far, whatever its size: start with `float('inf')` or None. Return "
    "False (not only nothing at all) as long as the loss improves.",
)
def test_goes_on_while_improving(student):
    """While the loss improves, training goes on; the first loss never stops it."""

    def probe(EarlyStopping):
        falling = {
            "slowly": [1 - 0.01 * step for step in range(12)],
            "from a large number": [1e12, 1e11, 1e10, 1e9, 1e3, 1.0],
            "below 0": [3.0, 1.0, -1.0, -2.0, -3.0, -5.0],
            "from below 0": [-1.0, -1.5, -2.0, -4.0],
            "for one epoch": [7.5],
        }
        return {how: calls_until_stop(EarlyStopping, losses, patience=2) for how, losses in falling.items()}

    for how, number in student(probe).items():
        assert number == NEVER, f"`step` returned True while the loss fell {how}."


@check(hint="An improvement sets the count back to 0: only epochs *in a row* count.")
def test_counter_resets(student, reference):
    """An improvement sets the count back to 0."""

    def probe(EarlyStopping):
        losses = [1.0, 1.1, 1.2, 0.9, 1.0, 1.1, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3]
        fresh = [1.0, 1.1, 0.9, 1.0, 1.1, 1.2]
        return {
            "found": [
                calls_until_stop(EarlyStopping, losses, patience=3),
                calls_until_stop(EarlyStopping, fresh, patience=2),
            ],
            "late": shift(EarlyStopping),
        }

    found, expected = in_time(student(probe)), in_time(reference(probe))
    assert all(number != NEVER for number in found), "`step` never returned True."
    early = any(number < right for number, right in zip(found, expected, strict=True))
    assert not early, (
        "`step` returned True before there were enough epochs without improvement since the last one."
    )
    assert found == expected, "`step` returned True too late."


@check(
    hint="Compare with the best loss so far, not with that of the epoch before. Keep the best in an "
    "attribute and change it only when there is an improvement. The best may be 0.0, which `not` takes for "
    "False: ask `is None`."
)
def test_compares_with_best(student, reference):
    """Each loss is compared with the best so far."""

    def probe(EarlyStopping):
        losses = [1.0, 0.5, 0.9, 0.8, 0.7, 0.6, 0.55]
        zigzag = [1.0, 0.6, 0.8, 0.7, 0.9, 0.65, 0.75]
        perfect = [1.0, 0.0, 0.4, 0.3, 0.2, 0.1, 0.1]
        scripts = losses, zigzag, perfect
        found = [calls_until_stop(EarlyStopping, script, patience=3) for script in scripts]
        return {"found": found, "late": shift(EarlyStopping)}

    found, expected = in_time(student(probe)), in_time(reference(probe))
    assert found == expected, (
        "Losses that were better than those of the epoch before, but not better than the best, were taken "
        "for improvements or made `step` return True at another time than it should."
    )


@check(hint="`val_loss < best - min_delta` is False for an equal loss and for NaN: let that decide.")
def test_ties_and_nan(student, reference):
    """An equal loss is no improvement, nor is one that is not a number."""

    def probe(EarlyStopping):
        nan = float("nan")
        scripts = (
            [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            [0.8, 0.5, 0.6, 0.5, 0.5, 0.5],
            [1.0, nan, nan, nan, nan],
            [1.0, nan, 1.5, 1.4, 1.3],
        )
        found = [calls_until_stop(EarlyStopping, script, patience=3) for script in scripts]
        return {"found": found, "late": shift(EarlyStopping)}

    found, expected = in_time(student(probe)), in_time(reference(probe))
    assert found[:2] == expected[:2], (
        "With min_delta=0, a loss equal to the best was not counted as an epoch without improvement."
    )
    scripts = ("1.0, nan, nan, nan, nan", "1.0, nan, 1.5, 1.4, 1.3")
    for losses, number, right in zip(scripts, found[2:], expected[2:], strict=True):
        stop = f"came in call {number}" if number else "never came"
        assert number == right, (
            "A loss that was NaN was not counted as one epoch without improvement, with the best as it was: "
            f"with patience=3 and the losses {losses}, the first True {stop}."
        )


@check(
    hint="An improvement is `val_loss < best - min_delta`: `min_delta` is subtracted, and the loss minimized."
)
def test_min_delta(student, reference):
    """An improvement has to be larger than `min_delta`."""

    def probe(EarlyStopping):
        scripts = (
            ([1.0, 1.05, 1.1, 1.08, 1.1], 0.25),
            ([1.0, 0.95, 0.94, 0.93, 0.92, 0.7], 0.125),
            ([1.0, 0.75, 0.75, 0.75, 0.75], 0.25),
            ([1.0, 0.7, 0.4, 0.1, -0.2], 0.25),
            ([100.0, 99.0, 98.0, 97.0, 96.0], 0.5),
        )
        found = [
            calls_until_stop(EarlyStopping, losses, patience=3, min_delta=min_delta)
            for losses, min_delta in scripts
        ]
        return {"found": found, "late": shift(EarlyStopping)}

    told = (
        "A loss worse than the best, by less than `min_delta`, was taken for an improvement.",
        "A gain smaller than `min_delta` was not counted as an epoch without improvement.",
        "A gain of exactly `min_delta` was not counted as an epoch without improvement.",
        "Gains larger than `min_delta` were not counted as improvements.",
        "Gains larger than `min_delta` were not counted as improvements of a large loss.",
    )
    found, expected = in_time(student(probe)), in_time(reference(probe))
    for number, right, sentence in zip(found, expected, told, strict=True):
        assert number == right, sentence


@check(
    hint="Change `best` only when there is an improvement: a slow fall then counts as soon as it adds up to "
    "more than `min_delta`."
)
def test_min_delta_accumulates(student, reference):
    """Small gains add up: only an improvement changes the best loss."""

    def probe(EarlyStopping):
        losses = [1.0, 0.98, 0.96, 0.94, 0.93, 0.92, 0.91, 0.9]
        found = [calls_until_stop(EarlyStopping, losses, patience=3, min_delta=0.05)]
        return {"found": found, "late": shift(EarlyStopping)}

    (found,), (expected,) = in_time(student(probe)), in_time(reference(probe))
    assert found == NEVER or found >= expected, (
        "The loss fell slowly, by more than `min_delta` in three epochs, but `step` returned True by then."
    )
    assert found == expected, "The loss fell too slowly, but `step` did not return True in time."


# ---- train_with_early_stopping ----


@check(
    points=2,
    hint="After each epoch, give the validation loss to `EarlyStopping(patience, min_delta)`, and leave the "
    "loop when it returns True.",
)
def test_loop_stops(student, reference):
    """Training stops when the validation loss has not improved for `patience` epochs."""

    def probe(train_with_early_stopping):
        return [
            run(train_with_early_stopping, 20, patience=3),
            run(train_with_early_stopping, 20, patience=1, lr=0.05),
            run(train_with_early_stopping, 20, lr=0.2),
            run(train_with_early_stopping, 20, patience=2, min_delta=0.05),
        ]

    for seen, right in zip(student(probe), reference(probe), strict=True):
        check_length(right, seen)


@check(hint="Without a stop the loop ends after `max_epochs` epochs, each with its validation loss.")
def test_reaches_max(student, reference):
    """While the validation loss improves, training goes on for `max_epochs` epochs."""

    def probe(train_with_early_stopping):
        return run(train_with_early_stopping, 7, best=1.0, patience=2)

    seen, right = student(probe), reference(probe)
    check_length(right, seen)
    assert best_epoch_of(seen) == best_epoch_of(right), (
        "The validation loss fell to the end, but 'best_epoch' was not the last epoch."
    )
    assert same(right["weight"], seen["weight"]), (
        "The validation loss fell to the end, but the model did not end with its last weights."
    )


@check(
    points=2,
    hint="Measure after the epoch's training, on the batches of `val_loader`. Clear the gradients before "
    "each update.",
)
def test_val_loss(student, reference):
    """`val_loss` has the validation loss after each epoch of training."""

    def probe(train_with_early_stopping):
        return run(train_with_early_stopping, 5, patience=5, lr=0.05)

    seen, right = student(probe), reference(probe)
    check_length(right, seen)
    assert same(losses_of(right), losses_of(seen)), (
        "The validation losses were not those of the model after each epoch."
    )


@check(
    points=2,
    hint="The loss of a batch is a mean: add up `loss.item() * len(targets)` over all batches of "
    "`val_loader`, and divide by the number of samples. Set the sum back to 0 in each epoch.",
)
def test_val_mean(student, reference):
    """The validation loss is the mean over all samples, also if the last batch is smaller."""

    def probe(train_with_early_stopping):
        import torch

        found = []
        for ys, batch_size in (([0, 1, 2, 7], 2), ([0, 1, 2, 3, 9], 2), ([5, 0, 0], 2), ([4, 1, 0, 2], 3)):
            model = one_weight()
            result = train_with_early_stopping(
                model,
                loader([1], [0], 1),  # the weight is right for it: nothing changes
                loader([1] * len(ys), ys, batch_size),
                torch.nn.MSELoss(),
                torch.optim.SGD(model.parameters(), lr=0.1),
                2,
                patience=3,
            )
            found.append({"result": result, "weight": model.weight.item()})
        return found

    for ragged, seen, right in zip((False, True, True, True), student(probe), reference(probe), strict=True):
        check_length(right, seen)
        where = "the last batch was smaller than the others" if ragged else "all batches had the same size"
        assert same(losses_of(right), losses_of(seen)), (
            f"The validation loss was not the mean over all samples of `val_loader`, when {where}."
        )


@check(
    hint="Count epochs from 1. The best epoch is the one of the last improvement, not the one of the stop."
)
def test_best_epoch(student, reference):
    """`best_epoch` is the number of the epoch with the last improvement, counted from 1."""

    def probe(train_with_early_stopping):
        return [
            run(train_with_early_stopping, 20, patience=3),
            run(train_with_early_stopping, 20, patience=2, lr=0.2),
            run(train_with_early_stopping, 4, patience=4),
            run(train_with_early_stopping, 20, patience=3, min_delta=0.05),
            run(train_with_early_stopping, 3, best=-1.0, patience=3),
        ]

    for seen, right in zip(student(probe), reference(probe), strict=True):
        epoch = best_epoch_of(seen)
        assert epoch == best_epoch_of(right), f"{epoch} was not the number of the best epoch, counted from 1."


@check(
    points=2,
    hint="Keep a copy of the state at each improvement (`copy.deepcopy(model.state_dict())`: without the "
    "copy the tensors go on changing), and load it at the end.",
)
def test_restores_best(student, reference):
    """After an early stop the model has the parameters and buffers of its best epoch."""

    def probe(train_with_early_stopping):
        return [
            run(train_with_early_stopping, 20, patience=3),
            run(train_with_early_stopping, 20, patience=2, lr=0.2),
        ]

    for seen, right in zip(student(probe), reference(probe), strict=True):
        assert same(right["weight"], seen["weight"]), (
            "After an early stop the model did not have the weights of its best epoch."
        )
        assert seen["passes"] == right["passes"], (
            "After an early stop a buffer of the model was not that of its best epoch."
        )


@check(
    hint="Load the best state after the loop, however it ended.",
)
def test_restores_best_without_stop(student, reference):
    """Also when `max_epochs` ends the training, the model has the state of its best epoch."""

    def probe(train_with_early_stopping):
        return [
            run(train_with_early_stopping, 4, patience=3),
            run(train_with_early_stopping, 5, patience=3),
        ]

    for seen, right in zip(student(probe), reference(probe), strict=True):
        assert same(right["weight"], seen["weight"]), (
            "Training ended after `max_epochs`, a little past the best epoch, and the model did not have the "
            "weights of its best epoch."
        )
        assert seen["passes"] == right["passes"], (
            "Training ended after `max_epochs`, and a buffer of the model was not that of its best epoch."
        )


@check(
    points=2,
    hint="`model.train()` at the start of every epoch, `model.eval()` and `with torch.no_grad():` before "
    "every validation.",
)
def test_modes(student):
    """Every epoch trains in train mode and validates in eval mode without gradients."""

    def probe(train_with_early_stopping):
        return observed(train_with_early_stopping, 3)

    passes = student(probe)
    training = [one for one in passes if max(one["samples"], default=0) < 10 and one["gradients"]]
    validation = [one for one in passes if max(one["samples"], default=0) > 10]
    assert training, "The model never saw the batches of `train_loader` with gradients."
    assert validation, "The model never saw the batches of `val_loader`."
    first = next((place for place, one in enumerate(training) if not all(one["training"])), None)
    assert first is None, f"Training batches were seen in eval mode, from epoch {(first or 0) // 2 + 1} on."
    assert not any(any(one["training"]) for one in validation), "Validation batches were seen in train mode."
    assert not any(one["gradients"] for one in validation), "Gradients were recorded for validation batches."


@check(
    hint="Only the batches of `train_loader` go through `backward()` and `step()`, and all of them.",
)
def test_what_is_trained_on(student, reference):
    """The model learns from all training batches, and from no validation batch."""

    def probe(train_with_early_stopping):
        import torch

        found = []
        # In the first run the weight is right for all training data; in the others each batch asks for more.
        for ys in ([0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 2.0, 2.0, 3.0]):
            model = one_weight()
            train_with_early_stopping(
                model,
                loader([1.0] * 5, ys, 2),
                loader([1.0] * 3, [5.0] * 3, 2),
                torch.nn.MSELoss(),
                torch.optim.SGD(model.parameters(), lr=0.1),
                1,
            )
            found.append(model.weight.item())
        return found

    (idle, busy), (_, expected) = student(probe), reference(probe)
    assert abs(idle) < 1e-6, "The model learnt from the validation data."
    assert same(expected, busy), (
        "The weight after one epoch was not that of one update for each batch of `train_loader`, with the "
        "optimizer that was given."
    )
