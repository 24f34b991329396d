"""Hidden checks for `train_epoch_accumulate`.

A plain SGD optimizer notes the parameters after each of its steps, so that each step can be judged by
itself: its length says how the loss was scaled, its direction which batches were in it. In adaptive
optimizers a wrong scale would not show, and with batch normalization small batches never equal a big one.
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
    import torch
    from torch import nn

    model = small_model() if model is None else model
    optimizer = noting_sgd(model)
    for _ in range(epochs):
        torch.manual_seed(23)
        train(model, batches(number), criterion or nn.CrossEntropyLoss(), optimizer, group)
    return optimizer.noted


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
        assert not wrong, f"Step {number} of {len(right)} {wrong}."


def difference(step, wanted):
    """Return "" if a step is right, else what is wrong with it."""
    size = np.abs(wanted).max()
    if np.abs(step - wanted).max() <= 1e-3 * size:
        return ""
    length, along = np.linalg.norm(step), float(step @ wanted / (wanted @ wanted))
    if length <= 1e-6 * np.linalg.norm(wanted):
        return "changed nothing: there was no gradient"
    if np.abs(step - along * wanted).max() <= 1e-3 * np.abs(step).max() and along > 0:
        return f"has the right direction, but is {along:.3g} times as long as it should be"
    return "is not along the gradient of its group's mean loss: other gradients are in it, or some are not"


def told(number):
    """Return a number of steps in words."""
    return "1 step" if number == 1 else f"{number or 'no'} steps"


# ---- the step of a group ----


@check(
    points=2,
    hint="`backward` adds up the gradients: divide each loss by the number of batches in a group.",
)
def test_equals_big_batch(student, reference):
    """A group of four batches makes the same step as one big batch."""

    def probe(train_epoch_accumulate):
        return epoch(train_epoch_accumulate, 4, 4)

    assert_same_steps(student(probe), reference(probe))


@check(hint="After each step, clear the gradients: the next group starts from nothing.")
def test_two_groups(student, reference):
    """Each group makes its own step, without the gradients of the group before."""

    def probe(train_epoch_accumulate):
        return epoch(train_epoch_accumulate, 6, 3)

    assert_same_steps(student(probe), reference(probe))


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
        return epoch(train_epoch_accumulate, 5, 3), epoch(train_epoch_accumulate, 2, 4)

    # The reference divides by accumulation_steps. Who divides by the real number takes a longer last step.
    for noted, expected, longer in zip(student(probe), reference(probe), (3 / 2, 4 / 2), strict=True):
        steps, right = steps_of(noted), steps_of(expected)
        assert len(steps) == len(right), (
            f"The optimizer made {told(len(steps))} in place of {told(len(right))}: the batches of the "
            "incomplete group " + ("got none." if len(steps) < len(right) else "are one group.")
        )
        wrong = difference(steps[-1], right[-1])
        assert not wrong or not difference(steps[-1], longer * right[-1]), (
            f"The step of the last group {wrong}."
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
def test_stale_gradients(student, reference):
    """Gradients from before the call do not matter."""

    def probe(train_epoch_accumulate):
        import torch

        model = small_model()
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
        return epoch(train_epoch_accumulate, 4, 2, model=model)

    assert_same_steps(student(probe), reference(probe))


@check(hint="Nothing may be left from the epoch before: count batches and clear gradients anew in each.")
def test_second_epoch(student, reference):
    """A second epoch works like the first."""

    def probe(train_epoch_accumulate):
        return epoch(train_epoch_accumulate, 4, 2, epochs=2)

    assert_same_steps(student(probe), reference(probe))


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
