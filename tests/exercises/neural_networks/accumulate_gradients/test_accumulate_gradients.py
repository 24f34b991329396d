"""Hidden checks for `train_epoch_accumulate`.

A plain SGD optimizer notes the parameters after each of its steps, so that each step can be judged by
itself: its direction says which batches were in it, its length how the loss was scaled. Length is a matter
for `test_equals_big_batch`; where the groups are judged, the loss is linear, so that a step of the wrong
length does not turn the next one. In adaptive optimizers a wrong scale would not show, and with batch
normalization small batches never equal a big one.
"""

from itertools import pairwise

import numpy as np

from autograde.checks import check

LR = 0.25


# ---- for the student's process ----


def small_model():
    """Return the same small model in every call."""
    import torch
    from torch import nn

    torch.manual_seed(21)
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))


def batches(number, size=2):
    """Return a loader of `number` batches of `size` samples, in the same order in every epoch."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    generator = torch.Generator().manual_seed(22)
    inputs = torch.randn(number * size, 4, generator=generator)
    targets = torch.randint(3, (number * size,), generator=generator)
    return DataLoader(TensorDataset(inputs, targets), batch_size=size)


def noting_sgd(model, lr=LR):
    """Return an SGD optimizer with a list `noted`: all parameters at the start and after each step."""
    import torch
    from torch import optim

    def now():
        return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])

    class NotingSGD(optim.SGD):
        def step(self, closure=None):
            loss = super().step(closure)
            self.noted.append(now())
            return loss

    optimizer = NotingSGD(model.parameters(), lr=lr)
    optimizer.noted = [now()]
    return optimizer


def epoch(train, number, group, *, model=None, criterion=None, epochs=1):
    """Return the parameters noted in `epochs` epochs of `number` batches with `group` batches in a group."""
    from torch import nn

    model = small_model() if model is None else model
    optimizer = noting_sgd(model)
    for _ in range(epochs):
        train(model, batches(number), criterion or nn.CrossEntropyLoss(), optimizer, group)
    return optimizer.noted


def linear_epoch(train, number, group):
    """Return the parameters noted in an epoch in which no gradient depends on the parameters."""
    import torch
    from torch import nn

    def mean_score(output, target):
        return output.gather(1, target.unsqueeze(1)).mean()

    torch.manual_seed(24)
    return epoch(train, number, group, model=nn.Linear(4, 3), criterion=mean_score)


# ---- for the grader's process ----


def steps_of(noted):
    """Return the changes that the steps made."""
    assert all(isinstance(values, np.ndarray) and values.dtype.kind == "f" for values in noted)
    values = [np.asarray(each, dtype=np.float64) for each in noted]
    assert all(np.isfinite(each).all() for each in values), "The parameters became infinite or not a number."
    return [after - before for before, after in pairwise(values)]


def assert_same_steps(noted, expected):
    """Compare the steps one by one with those of the reference."""
    steps, right = steps_of(noted), steps_of(expected)
    assert len(steps) == len(right), f"The optimizer made {told(len(steps))} in place of {told(len(right))}."
    for number, (step, wanted) in enumerate(zip(steps, right, strict=True), start=1):
        wrong = difference(step, wanted)
        assert not wrong, f"Step {number} {wrong}."


def difference(step, wanted):
    """Return "" if a step is right, else what is wrong with it."""
    if np.abs(step - wanted).max() <= 1e-3 * np.abs(wanted).max():
        return ""
    times = length(step, wanted)
    if times is None:
        return astray(step)
    return f"has the right direction, but is {times:.3g} times as long as it should be"


def length(step, wanted):
    """Return how many times as long as wanted a step is, or None if it goes in another direction."""
    times = float(step @ wanted / (wanted @ wanted))
    same_direction = times > 1e-6 and np.abs(step - times * wanted).max() <= 1e-3 * np.abs(step).max()
    return times if same_direction else None


def astray(step):
    """Return what is wrong with a step that has another direction than it should."""
    if not step.any():
        return "changed nothing: there was no gradient"
    return "is not along the gradient of its group's mean loss: other gradients are in it, or some are not"


def told(number):
    """Return a number of steps in words."""
    return "1 step" if number == 1 else f"{number or 'no'} steps"


# ---- the step of a group ----


@check(
    points=3,
    hint="`backward` adds up the gradients: divide each loss by the number of batches in a group.",
)
def test_equals_big_batch(student, reference):
    """A group of four batches makes the same step as one big batch."""

    def probe(train_epoch_accumulate):
        # The parameters at the start and after the first step, also when another group follows.
        return [epoch(train_epoch_accumulate, number, 4)[:2] for number in (4, 8)]

    for noted, expected in zip(student(probe), reference(probe), strict=True):
        assert_same_steps(noted, expected)


@check(hint="After each step, clear the gradients: the next group starts from nothing.")
def test_two_groups(student, reference):
    """Each group makes its own step, without the gradients of the group before."""

    def probe(train_epoch_accumulate):
        return linear_epoch(train_epoch_accumulate, 6, 3)

    steps, right = steps_of(student(probe)), steps_of(reference(probe))
    assert len(steps) == len(right), f"The optimizer made {told(len(steps))} in place of {told(len(right))}."
    for number, (step, wanted) in enumerate(zip(steps, right, strict=True), start=1):
        assert length(step, wanted) is not None, f"Step {number} {astray(step)}."


@check(
    hint="With `accumulation_steps` 1 every batch is a group: there is a step after each, with its own loss."
)
def test_groups_of_one(student, reference):
    """With groups of one batch it is ordinary training, with any loss function."""

    def probe(train_epoch_accumulate):
        def squares(output, target):
            return (output.sum(dim=1) - target).square().mean()

        return epoch(train_epoch_accumulate, 3, 1, criterion=squares)

    assert_same_steps(student(probe), reference(probe))


@check(
    points=2,
    hint="If the batches end within a group, a step is still to be made, after the last batch.",
)
def test_leftover_group(student, reference):
    """An incomplete last group gets a step, with the gradients of its own batches."""

    def probe(train_epoch_accumulate):
        return linear_epoch(train_epoch_accumulate, 5, 3), linear_epoch(train_epoch_accumulate, 2, 4)

    seen = [steps_of(noted) for noted in student(probe)]
    for steps, right in zip(seen, map(steps_of, reference(probe)), strict=True):
        missing = ": the batches of the incomplete group got none" if len(steps) < len(right) else ""
        assert len(steps) == len(right), (
            f"The optimizer made {told(len(steps))} in place of {told(len(right))}{missing}."
        )
        assert length(steps[-1], right[-1]) is not None, f"The step of the last group {astray(steps[-1])}."
    # Divided by accumulation_steps, as in the reference, or by the number of batches that are there.
    (first, last), (first_wanted, last_wanted) = seen[0], steps_of(reference(probe)[0])
    times = length(last, last_wanted) / (length(first, first_wanted) or 1)
    assert min(abs(times - 1), abs(times - 3 / 2)) < 1e-3, (
        f"Compared with the step of a whole group, that of an incomplete one is {times:.3g} times as long as "
        "with the usual divisor, `accumulation_steps`."
    )


# ---- the steps of an epoch ----


@check(hint="Step when `(number + 1) % accumulation_steps == 0`, if `number` counts batches from 0.")
def test_step_count(student):
    """There is one optimizer step for each group."""

    def probe(train_epoch_accumulate):
        sizes = ((4, 2), (6, 3), (3, 1), (7, 7))
        return [
            (number, group, len(epoch(train_epoch_accumulate, number, group)) - 1) for number, group in sizes
        ]

    for number, group, steps in student(probe):
        assert steps == number // group, (
            f"With {number} batches in groups of {group} the optimizer you were given made {told(steps)}."
        )


@check(hint="Count the steps as they are made, and return that number.")
def test_returns_steps(student):
    """The number of steps is returned, also if the last group is incomplete."""

    def probe(train_epoch_accumulate):
        from torch import nn

        returned = []
        for number, group in ((4, 2), (5, 2), (2, 4)):
            model = small_model()
            optimizer = noting_sgd(model)
            steps = train_epoch_accumulate(model, batches(number), nn.CrossEntropyLoss(), optimizer, group)
            returned.append((number, group, steps))
        return returned

    for number, group, steps in student(probe):
        assert steps is not None, "`train_epoch_accumulate` returns nothing: is there a `return` at its end?"
        assert type(steps) in (int, float), (
            f"The number of steps has to be a number. Yours is of type {type(steps).__name__}."
        )
        assert steps == -(-number // group), (
            f"With {number} batches in groups of {group} your function returned {steps:g} as their number."
        )


@check(hint="Call `optimizer.zero_grad()` before the first batch, too.")
def test_stale_gradients(student):
    """Gradients from before the call do not matter."""

    def probe(train_epoch_accumulate):
        import torch

        model = small_model()
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
        stale = epoch(train_epoch_accumulate, 4, 2, model=model)
        return stale, epoch(train_epoch_accumulate, 4, 2)

    stale, fresh = map(steps_of, student(probe))
    assert fresh, "The optimizer made no step."
    same = len(stale) == len(fresh) and np.allclose(stale[0], fresh[0], rtol=1e-3, atol=1e-6)
    assert same, "The first step is another one if there are gradients from before the call."


@check(hint="Nothing may be left from the epoch before: count batches and clear gradients anew in each.")
def test_second_epoch(student):
    """A second epoch works like the first, also if the last group was incomplete."""

    def probe(train_epoch_accumulate):
        import copy

        both = epoch(train_epoch_accumulate, 5, 3, epochs=2)
        model = small_model()
        first = epoch(train_epoch_accumulate, 5, 3, model=model)
        model = copy.deepcopy(model)  # the parameters alone: no gradients
        return both, first, epoch(train_epoch_accumulate, 5, 3, model=model)

    both, first, second = map(steps_of, student(probe))
    assert first, "The optimizer made no step."
    assert len(both) == len(first) + len(second), (
        "A second epoch made another number of steps than the first."
    )
    same = all(
        np.allclose(left, right, rtol=1e-3, atol=1e-6)
        for left, right in zip(both, first + second, strict=True)
    )
    assert same, "A second epoch made other steps than the same epoch without the first one's gradients."


@check(hint="Begin with `model.train()`: a model may come in eval mode, after a validation.")
def test_train_mode(student):
    """All batches pass through the model in train mode."""

    def probe(train_epoch_accumulate):
        model, modes = small_model().eval(), []
        for module in model.modules():
            module.register_forward_pre_hook(lambda module, inputs: modes.append(module.training))
        epoch(train_epoch_accumulate, 3, 2, model=model)
        return modes

    modes = student(probe)
    assert modes, "The batches did not pass through the model."
    assert any(modes), "The model was in eval mode."
    assert all(modes), "In some batches, the model or a module inside it was in eval mode."


@check(hint="Go through the loader once, and pass each batch to `model` by itself: big batches need memory.")
def test_batch_by_batch(student, reference):
    """Each batch passes through the model once and by itself."""

    def probe(train_epoch_accumulate):
        model, seen = small_model(), []
        model.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].detach().clone()))
        epoch(train_epoch_accumulate, 5, 2, model=model)
        return seen

    seen, expected = student(probe), reference(probe)
    sizes = {each.shape[0] for each in seen}
    assert sizes == {2}, f"From a loader with batches of 2 the model got batches of {sorted(sizes)}."
    assert len(seen) == len(expected), (
        f"A loader with {len(expected)} batches led to {len(seen)} passes through the model."
    )
    same = all(np.array_equal(left, right) for left, right in zip(expected, seen, strict=True))
    assert same, "The model did not get each batch of the loader once, in the order of the loader."
