"""Hidden checks for `make_loaders`, `accuracy` and `train_with_validation`."""

from collections.abc import Sequence
from itertools import pairwise
from numbers import Real

import numpy as np

from autograde.checks import check

# ---- for the student's process ----


def scramble(seed):
    """Seed every generator that a split may be drawn from."""
    import random

    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def numbered(number):
    """Return a data set whose inputs are the numbers of the samples, from 0 on."""
    import torch
    from torch.utils.data import Dataset

    class Numbered(Dataset):
        def __len__(self):
            return number

        def __getitem__(self, at):
            if not 0 <= at < number:
                raise IndexError(at)
            return torch.tensor([float(at)]), torch.tensor(int(at) % 2)

    return Numbered()


def batches(loader):
    """Return the numbers of the samples of one pass through a loader, batch by batch."""
    return [[round(float(x)) for x in inputs.flatten()] for inputs, _ in loader]


def split(make_loaders, number, scrambled=1, passes=1, **arguments):
    """Return what some passes through both loaders give."""
    scramble(scrambled)
    train_loader, val_loader = make_loaders(numbered(number), **arguments)
    return {
        "train": [batches(train_loader) for _ in range(passes)],
        "val": [batches(val_loader) for _ in range(passes)],
    }


def scores(number, classes=4):
    """Return random scores and labels; some of the largest scores are at the label."""
    import torch

    generator = torch.Generator().manual_seed(number)
    table = torch.randn(number, classes, generator=generator)
    guesses = torch.randint(classes, (number,), generator=generator)
    right = torch.arange(number) % 3 != 0
    return table, torch.where(right, table.argmax(1), guesses)


def loader(inputs, labels, batch_size, **arguments):
    """Return a loader of these samples in their order."""
    from torch.utils.data import DataLoader, TensorDataset

    return DataLoader(TensorDataset(inputs, labels), batch_size=batch_size, **arguments)


def linear(classes=3):
    """Return a small model with the same random parameters in every call."""
    import torch

    torch.manual_seed(5)
    return torch.nn.Linear(4, classes)


def history(train_with_validation, model, train, val, num_epochs, lr=0.3, criterion=None):
    """Train a model on loaders of a fixed order; return what `train_with_validation` does."""
    import torch

    criterion = criterion or torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    return train_with_validation(model, train, val, criterion, optimizer, num_epochs)


def task(number, seed):
    """Return inputs and labels of a task that can be learnt in part."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(number, 4, generator=generator)
    noise = torch.randn(number, 3, generator=generator)
    return inputs, (inputs[:, :3] + 0.7 * noise).argmax(1)


# ---- for the grader's process ----


def flat(passes):
    """Return the samples of all batches of one pass."""
    return [sample for batch in passes for sample in batch]


def is_number(value):
    """Whether a value is a Python number."""
    return isinstance(value, Real) and not isinstance(value, bool)


def share(value):
    """Return what `accuracy` returned, once it is sure that it is a number."""
    assert is_number(value), (
        "`accuracy` has to return a Python number (of a tensor: `.item()`). "
        f"Yours returned a value of type {type(value).__name__}."
    )
    return float(value)


def column(result, key, length):
    """Return one list of the history, once it is sure that it is one."""
    assert isinstance(result, dict), (
        "`train_with_validation` has to return a dictionary. "
        f"Yours returned a value of type {type(result).__name__}."
    )
    assert key in result, f"The dictionary returned by `train_with_validation` has no key '{key}'."
    values = result[key]
    plain = isinstance(values, Sequence) and all(map(is_number, values))
    assert plain, f"'{key}' has to be a list of Python numbers."
    assert len(values) == length, (
        f"'{key}' has to have one number for each epoch. After {length} epochs yours had {len(values)}."
    )
    return np.array(values, float)


# ---- make_loaders ----


@check(
    points=2,
    hint="Draw one random order of all samples, and give one piece of it to each part. No `drop_last`, no "
    "sampling with replacement.",
)
def test_disjoint_complete(student):
    """Each sample is in exactly one of the parts, and each pass gives it once."""

    def probe(make_loaders):
        return [
            split(make_loaders, 43, passes=2, val_fraction=0.25, batch_size=7, seed=3),
            split(make_loaders, 30, passes=2, val_fraction=0.5, batch_size=4, seed=4),
        ]

    for number, seen in zip((43, 30), student(probe), strict=True):
        for train, val in zip(map(flat, seen["train"]), map(flat, seen["val"]), strict=True):
            assert not set(train) & set(val), "Some samples were in both parts."
            for name, part in (("training", train), ("validation", val)):
                assert len(set(part)) == len(part), (
                    f"In one pass through the {name} loader, some samples came more than once."
                )
            left_out = number - len(set(train) | set(val))
            assert not left_out, f"{left_out} of {number} samples came from none of the loaders."


@check(hint="`val_fraction` is the share of the validation part. The loaders come as (training, validation).")
def test_sizes(student):
    """The validation part has the size that was asked for, within one sample."""

    def probe(make_loaders):
        return {
            (number, fraction): [
                len(set(flat(part[0]))) for part in split(make_loaders, number, **arguments).values()
            ]
            for number, fraction, arguments in (
                (50, 0.2, {}),
                (53, 0.3, {"val_fraction": 0.3}),
                (27, 0.1, {"val_fraction": 0.1}),
                (31, 0.6, {"val_fraction": 0.6}),
            )
        }

    for (number, fraction), (train, val) in student(probe).items():
        wanted = number * fraction
        swapped = abs(train - wanted) <= 1 < abs(val - wanted)
        assert not swapped, "The two parts are swapped: the training loader comes first."
        assert abs(val - wanted) <= 1 + 1e-9, (
            f"With {number} samples and val_fraction={fraction}, {val} were in the validation part."
        )


@check(
    hint="`random_split(..., generator=torch.Generator().manual_seed(seed))`, or `torch.randperm` with such "
    "a generator. Use the argument `seed`, not a fixed number."
)
def test_seeded(student):
    """The same seed gives the same split, whatever was drawn before; another seed gives another."""

    def probe(make_loaders):
        return [
            sorted(flat(split(make_loaders, 40, scrambled=scrambled, seed=seed)["val"][0]))
            for scrambled, seed in ((1, 7), (2, 7), (1, 8), (1, 9))
        ]

    first, same, other, third = student(probe)
    assert first == same, (
        "Two calls with the same seed gave different splits, when other random numbers were drawn before."
    )
    assert len({tuple(val) for val in (first, other, third)}) == 3, (
        "Calls with different seeds gave the same split."
    )


@check(hint="Draw the validation samples from the whole data set: neither its beginning nor its end will do.")
def test_random_split(student):
    """The validation part is drawn at random from the whole data set."""

    def probe(make_loaders):
        return [
            sorted(flat(split(make_loaders, 60, val_fraction=0.3, seed=seed)["val"][0])) for seed in (1, 2)
        ]

    for val in student(probe):
        assert val, "The validation loader gave no samples."
        assert val[-1] - val[0] > len(val) - 1, (
            "The validation part was one block of samples that follow each other in the data set."
        )
        assert len({after - before for before, after in pairwise(val)}) > 1, (
            "The validation part was picked from the data set at regular distances."
        )


@check(hint="`shuffle=True` for the training loader: it draws a new order in each pass.")
def test_train_reshuffles(student):
    """The training loader gives its samples in a new random order in each pass."""

    def probe(make_loaders):
        return split(make_loaders, 60, passes=3, batch_size=7, seed=5)["train"]

    passes = student(probe)
    orders = [flat(one) for one in passes]
    assert orders[0] != sorted(orders[0]), "The training loader gave the samples in their original order."
    assert len(set(map(tuple, orders))) == 3, "Two passes through the training loader gave the same order."
    together = {frozenset(batch) for one in passes for batch in one}
    assert len(together) > len(passes[0]) or len(passes[0]) == 1, (
        "In each pass the same samples shared a batch: only the order of the batches changed."
    )


@check(hint="Give `batch_size` to the training loader, and do not drop its last, shorter batch.")
def test_batch_size(student):
    """Training batches have `batch_size` samples; only the last one may have fewer."""

    def probe(make_loaders):
        given = split(make_loaders, 50, val_fraction=0.2, batch_size=9)["train"][0]
        default = split(make_loaders, 162, val_fraction=0.2)["train"][0]
        return [[len(batch) for batch in one] for one in (given, default)]

    given, default = student(probe)
    for lengths, size in ((given, 9), (default, 64)):
        assert lengths, "The training loader gave no batches."
        right = all(length == size for length in lengths[:-1]) and 0 < lengths[-1] <= size
        assert right, (
            f"For batch size {size}, the training batches had {', '.join(map(str, lengths))} samples."
        )


# ---- accuracy ----


@check(
    points=2,
    hint="For each row, `argmax(1)` is the answer. Compare it with labels of the same shape, (N,): with "
    "(N, 1), `==` gives a table of N x N. Divide by the number of samples.",
)
def test_acc_all(student, reference):
    """`accuracy` is the share of samples whose largest score is at the label."""

    def probe(accuracy):
        import torch

        model = torch.nn.Identity()
        # As many samples as classes too: there the wrong dimension of argmax raises no error.
        one_batch = [accuracy(model, loader(*scores(number), batch_size=64)) for number in (4, 21, 60)]
        even = [accuracy(model, loader(*scores(24), batch_size=size)) for size in (4, 8, 12)]
        return {"one": one_batch, "even": even}

    seen, expected = student(probe), reference(probe)
    for name, number in (("one", "a single batch"), ("even", "several full batches")):
        for value, right in zip(seen[name], expected[name], strict=True):
            assert 0 <= share(value) <= 1, f"{share(value):.3f} is no share from 0 to 1."
            assert abs(share(value) - right) < 1e-5, (
                f"With the samples in {number}, {share(value):.3f} was not the share of right answers."
            )


@check(
    points=2,
    hint="Count the right answers and the samples over all batches, and divide once. `len(loader.dataset)` "
    "also counts samples that the loader does not give.",
)
def test_acc_ragged(student, reference):
    """Each sample counts the same, also in a shorter last batch; only samples that come are counted."""

    def probe(accuracy):
        import torch
        from torch.utils.data import DataLoader, SubsetRandomSampler, TensorDataset

        labels = torch.tensor([1, 0, 0, 0, 1])
        inputs = torch.nn.functional.one_hot(torch.ones(5, dtype=torch.int64), 3).float()
        model = torch.nn.Identity()
        few = DataLoader(
            TensorDataset(*scores(30)), batch_size=4, sampler=SubsetRandomSampler([2, 3, 5, 6, 9, 11, 12])
        )
        return {
            "ragged": [
                accuracy(model, loader(inputs, labels, 4)),
                accuracy(model, loader(*scores(23), batch_size=5)),
                accuracy(model, loader(*scores(11), batch_size=10)),
            ],
            "sampler": [accuracy(model, few)],
        }

    seen, expected = student(probe), reference(probe)
    for value, right in zip(seen["ragged"], expected["ragged"], strict=True):
        assert abs(share(value) - right) < 1e-5, (
            f"With a last batch that was smaller, {share(value):.3f} was not the share of right answers."
        )
    for value, right in zip(seen["sampler"], expected["sampler"], strict=True):
        assert abs(share(value) - right) < 1e-5, (
            "With a loader that gives a part of its data set only (by a sampler), "
            f"{share(value):.3f} was not the share of right answers."
        )


@check(hint="Call `model.eval()` before the batches: dropout must not act while you measure.")
def test_acc_eval_mode(student):
    """The model is evaluated in eval mode."""

    def probe(accuracy):
        import torch

        labels = torch.arange(40) % 5
        inputs = torch.nn.functional.one_hot(labels, 5).float()
        model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Dropout(0.9)).train()
        scramble(3)
        return accuracy(model, loader(inputs, labels, 8))

    assert abs(share(student(probe)) - 1) < 1e-6, (
        "A model that is always right in eval mode, but has dropout, did not get the accuracy 1."
    )


@check(
    hint="Remember `model.training` and give it to `model.train(...)` at the end; run the batches in "
    "`with torch.no_grad():`, and leave the gradients alone."
)
def test_acc_side_effects(student):
    """`accuracy` records no gradients and leaves the model as it was, mode included."""

    def probe(accuracy):
        import torch

        found = []
        for train in (True, False):
            torch.manual_seed(6)
            model = torch.nn.Sequential(
                torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4), torch.nn.Dropout(), torch.nn.Linear(4, 3)
            ).train(train)
            for parameter in model.parameters():
                parameter.grad = torch.ones_like(parameter)
            before = {name: value.clone() for name, value in model.state_dict().items()}
            recorded = []

            def note(module, inputs, output, recorded=recorded):
                recorded.append(output.requires_grad)

            model.register_forward_hook(note)
            accuracy(model, loader(*task(9, 7), batch_size=4))
            after = model.state_dict()
            found.append(
                {
                    "training": [module.training for module in model.modules()],
                    "changed": [name for name in before if not torch.equal(before[name], after[name])],
                    "recorded": any(recorded),
                    "gradients": all(
                        parameter.grad is not None and bool((parameter.grad == 1).all())
                        for parameter in model.parameters()
                    ),
                }
            )
        return found

    from_train, from_eval = student(probe)
    assert all(from_train["training"]), "A model came in train mode and did not leave in train mode."
    assert not any(from_eval["training"]), "A model came in eval mode and did not leave in eval mode."
    for seen in (from_train, from_eval):
        assert not seen["changed"], (
            f"After the call these had changed: {', '.join(map(str, seen['changed']))}."
        )
        assert not seen["recorded"], "The passes were recorded for gradients."
        assert seen["gradients"], (
            "After the call the parameters of the model had other gradients than before."
        )


# ---- train_with_validation ----


@check(
    points=2,
    hint="Add up `loss.item() * len(labels)` in each epoch, from 0, and divide by the number of training "
    "samples. Clear the gradients before each update.",
)
def test_train_loss(student, reference):
    """`train_loss` has the mean loss over the samples for each epoch of training."""

    def probe(train_with_validation):
        even, ragged = (
            history(
                train_with_validation,
                linear(),
                loader(*task(number, 1), batch_size=6),
                loader(*task(5, 2), batch_size=5),
                3,
            )
            for number in (12, 13)
        )
        return [even, ragged]

    for where, seen, right in zip(
        ("the batches had the same size", "the last batch was smaller"),
        student(probe),
        reference(probe),
        strict=True,
    ):
        losses, expected = column(seen, "train_loss", 3), column(right, "train_loss", 3)
        assert np.allclose(losses, expected, rtol=1e-4, atol=1e-5), (
            f"'train_loss' was not the mean loss over the samples of each epoch, when {where}: "
            f"{', '.join(f'{loss:.3f}' for loss in losses)}."
        )


@check(
    points=2,
    hint="After the last batch of each epoch, append `accuracy(model, val_loader)`.",
    needs=("test_acc_all",),
)
def test_val_accuracy(student, reference):
    """`val_accuracy` has the accuracy on the validation data after each epoch."""

    def probe(train_with_validation):
        inputs, labels = task(61, 4)
        # The more is learnt, the lower is the accuracy on labels that are all wrong.
        return [
            history(
                train_with_validation,
                linear(),
                loader(*task(15, 3), batch_size=4),
                loader(inputs, val_labels, batch_size=61),
                4,
                lr=0.5,
            )
            for val_labels in (labels, (labels + 1) % 3)
        ]

    for seen, right in zip(student(probe), reference(probe), strict=True):
        found, expected = column(seen, "val_accuracy", 4), column(right, "val_accuracy", 4)
        # One sample's worth of leeway: two scores may be equal but for rounding.
        assert (np.abs(found - expected) < 1.5 / 61).all(), (
            "'val_accuracy' was not the accuracy on the validation data after each epoch: "
            f"{', '.join(f'{value:.2f}' for value in found)}."
        )


@check(
    points=2,
    hint="`model.train()` at the start of every epoch, since measuring the accuracy needs eval mode.",
)
def test_modes(student):
    """Every epoch trains in train mode and measures in eval mode."""

    def probe(train_with_validation):
        import torch

        model = torch.nn.Sequential(linear(), torch.nn.Dropout(0.5)).eval()
        seen = []

        def note(module, inputs, output):
            seen.append(
                {
                    "val": bool((inputs[0] > 50).any()),
                    "training": [part.training for part in module.modules()],
                    "gradients": output.requires_grad,
                }
            )

        model.register_forward_hook(note)
        train, val = (loader(torch.full((5, 4), value), torch.arange(5) % 3, 3) for value in (1.0, 100.0))
        history(train_with_validation, model, train, val, 3, lr=1e-4)
        return seen

    passes = student(probe)
    training = [one["training"] for one in passes if not one["val"] and one["gradients"]]
    validation = [one["training"] for one in passes if one["val"]]
    assert training, "The model never saw the batches of the training loader with gradients."
    assert validation, "The model never saw the batches of the validation loader."
    first = next((place for place, modes in enumerate(training) if not all(modes)), None)
    assert first is None, f"Training batches were seen in eval mode, from epoch {(first or 0) // 2 + 1} on."
    assert not any(map(any, validation)), "Validation batches were seen in train mode."


@check(hint="Only the batches of `train_loader` go through `backward()` and `step()`, and all of them.")
def test_what_is_trained_on(student, reference):
    """The model learns from all training batches, and from no validation batch."""

    def probe(train_with_validation):
        import torch

        def criterion(outputs, labels):  # labels from 2 on teach, labels 0 and 1 do not
            losses = torch.nn.functional.cross_entropy(outputs, labels, reduction="none")
            return (3 * losses * (labels >= 2)).mean()

        silent, teaching = (
            (inputs, torch.arange(len(inputs)) % 2 + low)
            for inputs, low in ((task(9, 8)[0], 0), (task(7, 9)[0], 2))
        )
        found = []
        for train, val in ((silent, teaching), (teaching, silent)):
            model = linear(4)
            before = model.weight.detach().clone()
            loaders = (loader(*part, batch_size=4) for part in (train, val))
            history(train_with_validation, model, *loaders, 2, criterion=criterion)
            found.append(model.weight.detach() - before)
        return found

    (idle, busy), (_, expected) = student(probe), reference(probe)
    assert np.allclose(busy, expected, rtol=1e-3, atol=1e-5), (
        "The weights after two epochs were not those of one update for each batch of `train_loader`, with "
        f"the criterion and the optimizer that were given: they changed by up to {np.abs(busy).max():.3g}."
    )
    assert np.abs(idle).max() < 1e-6, "The model learnt from the validation data."
