"""Hidden checks for `compare_batch_sizes` and the choices in `answers_6_1`.

How a submission shuffles is free, so losses can be compared with the reference's only where the order of the
samples makes no difference: with the whole data set in one batch, with a learning rate of 0, and with a data
set of equal samples, on which batches of any size do the same. What order it was is seen by a hook on the
model: a function is not copied by `copy.deepcopy`, so the copies report to the same list.
"""

import math
from collections.abc import Sequence
from numbers import Real

import numpy as np

from autograde.checks import check

SAMPLES = 23


# ---- for the student's process ----


def scramble(seed):
    """Seed every generator that an order may be drawn from."""
    import random

    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def linear(seed=0):
    """Return a small model with the same random parameters in every call."""
    import torch

    torch.manual_seed(seed)
    return torch.nn.Linear(5, 3)


def mixed(number):
    """Return a data set of different samples, some of them hard."""
    import torch
    from torch.utils.data import TensorDataset

    generator = torch.Generator().manual_seed(17)
    inputs = torch.randn(number, 5, generator=generator)
    inputs[:, 0] *= 1 + torch.arange(number) % 4
    return TensorDataset(inputs, torch.randint(3, (number,), generator=generator))


def equal(number):
    """Return a data set of `number` equal samples: every batch has the same loss and gradient."""
    import torch
    from torch.utils.data import TensorDataset

    sample = torch.tensor([0.8, -0.5, 1.2, 0.3, -1.0])
    return TensorDataset(sample.repeat(number, 1), torch.full((number,), 2))


def blobs():
    """Return a data set from which something can be learnt in a few updates."""
    import torch
    from torch.utils.data import TensorDataset

    labels = torch.arange(96) % 3
    noise = torch.randn(96, 5, generator=torch.Generator().manual_seed(19))
    return TensorDataset(torch.nn.functional.one_hot(labels, 5) + 0.3 * noise, labels)


def losses_of(results):
    """Return the loss histories alone, and anything that has none as it is."""
    if not isinstance(results, dict):
        return results
    return {
        key: result["loss"] if isinstance(result, dict) and "loss" in result else result
        for key, result in results.items()
    }


def numbered(number):
    """Return a data set of different samples that also carry their number, from 0 on."""
    import torch
    from torch.utils.data import Dataset

    class Numbered(Dataset):
        def __len__(self):
            return number

        def __getitem__(self, at):
            if not 0 <= at < number:
                raise IndexError(at)
            return torch.tensor([float(at), 1.0, 0.0, at % 2, 0.5]), torch.tensor(int(at) % 3)

    return Numbered()


def watched(compare_batch_sizes, batch_size, train=True, **arguments):
    """Return what the model sees in training: for each batch the numbers of its samples, and the mode."""
    import torch

    model = linear().train(train)
    seen = []

    def note(module, inputs):
        if torch.is_grad_enabled():
            rows = inputs[0].detach().reshape(-1, 5)
            seen.append({"samples": [round(row[0].item()) for row in rows], "training": module.training})

    model.register_forward_pre_hook(note)
    scramble(arguments.pop("scrambled", 1))
    compare_batch_sizes(model, numbered(SAMPLES), [batch_size], lr=0.0001, **arguments)
    return seen


# ---- for the grader's process ----


def numbers(value, length):
    """Whether a value is a list of so many numbers."""
    return (
        isinstance(value, Sequence)
        and len(value) == length
        and all(isinstance(one, Real) and not isinstance(one, bool) for one in value)
    )


def histories(results, sizes, epochs):
    """Return the losses by batch size, once it is sure that they are numbers."""
    assert isinstance(results, dict), (
        "`compare_batch_sizes` has to return a dictionary with the batch sizes as keys. "
        f"Yours returned a value of type {type(results).__name__}."
    )
    assert set(results) == set(sizes), (
        f"For the batch sizes {', '.join(map(str, sizes))} the keys were {', '.join(map(repr, results))}."
    )
    for size in sizes:
        assert not isinstance(results[size], dict), f"There is no 'loss' for batch size {size}."
        assert numbers(results[size], epochs), (
            f"For {epochs} epochs, 'loss' has to be a list of {epochs} Python numbers, one for each epoch. "
            f"For batch size {size} it was not."
        )
    return {size: np.array(results[size], float) for size in sizes}


def close(expected, actual):
    """Whether two loss histories are the same but for rounding."""
    return bool((np.abs(expected - actual) <= 1e-5 + 1e-4 * np.abs(expected)).all())


def told(losses):
    """Return losses as text."""
    return ", ".join(f"{loss:.3g}" for loss in losses)


def epochs_of(batches):
    """Return the samples of each of three epochs, in the order in which the model saw them.

    The number of batches tells where an epoch ends, so any epochs of equal length are recognised.
    """
    assert batches, "In training, the copies of `model` never saw a sample."
    assert len(batches) % 3 == 0, (
        f"In three epochs the model saw {len(batches)} batches: not the same number in each epoch."
    )
    length = len(batches) // 3
    return [
        [sample for batch in batches[start : start + length] for sample in batch["samples"]]
        for start in range(0, len(batches), length)
    ]


# ---- the results ----


@check(hint="Return `{batch_size: {'loss': [...], 'num_updates': n}}`; a loss is a number: use `.item()`.")
def test_structure(student):
    """The result has an entry for each batch size, with the losses of all epochs; the defaults are kept."""

    def probe(compare_batch_sizes):
        given = compare_batch_sizes(linear(), equal(7), [2, 7, 3], num_epochs=4, lr=0.1, seed=1)
        default = compare_batch_sizes(linear(), equal(7), [7])
        explicit = compare_batch_sizes(linear(), equal(7), [7], num_epochs=3, lr=0.01)
        counted = isinstance(given, dict) and all(
            isinstance(one, dict) and "num_updates" in one for one in given.values()
        )
        return {
            "given": losses_of(given),
            "default": losses_of(default),
            "explicit": losses_of(explicit),
            "counted": counted,
        }

    seen = student(probe)
    histories(seen["given"], (2, 7, 3), 4)
    assert seen["counted"], "There is no 'num_updates' for a batch size."
    default = histories(seen["default"], (7,), 3)
    explicit = histories(seen["explicit"], (7,), 3)
    assert close(explicit[7], default[7]), "Without `lr`, the losses were not those with lr=0.01."


@check(
    hint="Count every call of `optimizer.step()`, in all epochs. The short last batch gives an update, too.",
)
def test_num_updates(student, reference):
    """`num_updates` counts the updates of all epochs together."""

    def probe(compare_batch_sizes):
        counts = {}
        for samples, sizes, epochs in ((25, [4, 9], 2), (24, [24, 8], 3), (5, [9], 2), (6, [1], 1)):
            results = compare_batch_sizes(linear(), mixed(samples), sizes, num_epochs=epochs)
            counts |= {(samples, size, epochs): results[size]["num_updates"] for size in sizes}
        return counts

    counts, expected = student(probe), reference(probe)
    for (samples, size, epochs), count in counts.items():
        assert numbers([count], 1), "'num_updates' has to be a whole number."
        assert count == expected[samples, size, epochs], (
            f"{samples} samples, batches of {size}, {epochs} epoch(s): {count} is not the number of updates."
        )


@check(
    points=2,
    hint="`loss` is a mean over its batch. Add up `loss.item() * len(labels)`, set the sum back to 0 in each "
    "epoch, and divide by the number of samples.",
)
def test_weighted_loss(student, reference):
    """The loss of an epoch is the mean over its samples, also if the last batch is smaller."""

    def probe(compare_batch_sizes):
        # With a learning rate of 0 nothing is learnt, so each epoch has the same loss in whatever order.
        sizes = [1, 3, 4, 9, 10]
        return losses_of(compare_batch_sizes(linear(), mixed(10), sizes, num_epochs=3, lr=0.0))

    sizes = (1, 3, 4, 9, 10)
    losses, expected = histories(student(probe), sizes, 3), histories(reference(probe), sizes, 3)
    for size in (1, 10):
        assert close(expected[size], losses[size]), (
            "Without any learning (lr=0), the losses were not the mean loss of the samples in each epoch, "
            "although all batches had the same size."
        )
    for size in (3, 4, 9):
        assert close(expected[size], losses[size]), (
            "Without any learning (lr=0), the losses were not the mean loss of the samples when the last "
            "batch was smaller than the others."
        )


@check(
    points=2,
    hint="Each update: `zero_grad()`, forward, loss, `backward()`, `step()`, with the cross-entropy that "
    "averages over the batch, and plain SGD at the learning rate `lr`. The loss that counts is the one "
    "before the update.",
)
def test_full_batch_matches(student, reference):
    """With the whole data set in one batch, the losses are those of gradient descent."""

    def probe(compare_batch_sizes):
        found = {}
        for size in (12, 100):
            results = compare_batch_sizes(linear(), mixed(12), [size], num_epochs=4, lr=0.2, seed=2)
            found[size] = losses_of(results)
        return found

    seen, wanted = student(probe), reference(probe)
    losses, expected = (histories(found[12], (12,), 4)[12] for found in (seen, wanted))
    assert close(expected[:1], losses[:1]), (
        "The first loss, which comes before any update, was not that of the model with the weights it had."
    )
    assert close(expected, losses), (
        "The first loss was right, but from the second epoch on the losses were not those of SGD with the "
        f"given learning rate: {told(losses)}."
    )
    assert close(expected, histories(seen[100], (100,), 4)[100]), (
        "With a batch size larger than the data set, the losses were not those of one batch of all samples."
    )


@check(
    points=2,
    hint="Use the same `lr` for each batch size, and make one update for each batch, with its own gradient.",
)
def test_small_batches_match(student, reference):
    """Smaller batches get further in an epoch: by as much as their number of updates says."""

    def probe(compare_batch_sizes):
        results = [
            compare_batch_sizes(linear(), equal(14), sizes, num_epochs=2, lr=0.05)
            for sizes in ([2], [7], [14])
        ]
        return [losses_of(one) for one in results]

    seen, wanted = student(probe), reference(probe)
    for size, results, expected in zip((2, 7, 14), seen, wanted, strict=True):
        same = close(histories(expected, (size,), 2)[size], histories(results, (size,), 2)[size])
        assert same, (
            f"With 14 equal samples in batches of {size}, it does not matter how they are shuffled, but the "
            "losses were not those of SGD with the given learning rate: "
            f"{told(histories(results, (size,), 2)[size])}."
        )


# ---- fair and reproducible ----


@check(
    hint="Make the copy inside the loop over the batch sizes, from `model`, which is never trained itself: "
    "`copy.deepcopy(model)`. The optimizer must get the parameters of that copy, and the same `lr` for each.",
)
def test_fair_start(student):
    """Every batch size starts from the weights of `model`, whatever else is compared."""

    def probe(compare_batch_sizes):
        return [
            losses_of(compare_batch_sizes(linear(), equal(9), sizes, num_epochs=2, lr=0.1))
            for sizes in ([2, 9, 4], [4, 9, 2], [4])
        ]

    first, second, alone = student(probe)
    first, second = (histories(results, (2, 4, 9), 2) for results in (first, second))
    for size in (2, 4, 9):
        assert close(first[size], second[size]), (
            f"The losses for batch size {size} were others when other batch sizes came before it: "
            f"{told(second[size])} in place of {told(first[size])}."
        )
    assert close(histories(alone, (4,), 2)[4], first[4]), (
        "The losses for batch size 4 were others when it was compared with no other batch size."
    )


@check(hint="Train copies: `copy.deepcopy(model)`, or put the state of `model` and its mode back at the end.")
def test_model_unchanged(student):
    """`model` keeps its parameters, its buffers and its mode."""

    def probe(compare_batch_sizes):
        import torch

        changed = []
        for train in (True, False):
            torch.manual_seed(4)
            model = torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 3))
            model.train(train)
            before = {name: value.clone() for name, value in model.state_dict().items()}
            compare_batch_sizes(model, mixed(8), [4], num_epochs=2, lr=0.1)
            own = {id(parameter) for parameter in model.parameters()}
            after = model.state_dict()
            changed += [name for name in before if not torch.equal(before[name], after[name])]
            changed += ["mode"] * any(module.training is not train for module in model.modules())
            changed += ["number of parameters"] * (len(own) != 6)
        return changed

    changed = sorted(set(map(str, student(probe))))
    assert changed != ["mode"], "After the call the model was in another mode (train or eval)."
    assert not changed, f"After the call the model had changed: {', '.join(changed)}."


@check(
    hint="Seed before the batches of each batch size are drawn: `torch.manual_seed(seed)`, or a generator of "
    "the loader's own. Use the argument `seed`, not a fixed number.",
)
def test_deterministic(student):
    """The same seed gives the same batches, whatever was drawn before; another seed gives others."""

    def probe(compare_batch_sizes):
        orders = {}
        for name, seed, scrambled in (("one", 5, 1), ("same", 5, 2), ("other", 6, 1)):
            batches = watched(compare_batch_sizes, 6, num_epochs=2, seed=seed, scrambled=scrambled)
            orders[name] = [batch["samples"] for batch in batches]
        return orders

    orders = student(probe)
    assert orders["one"] == orders["same"], (
        "Two calls with the same seed gave different batches, when other random numbers were drawn before."
    )
    assert orders["one"] != orders["other"], "Two calls with different seeds gave the same batches."


@check(
    points=2,
    hint="`DataLoader(dataset, batch_size=batch_size, shuffle=True)` does it, without `drop_last`. One "
    "loader serves all epochs; seed it once, not in each epoch.",
)
def test_every_sample_shuffled(student):
    """In each epoch the model sees every sample once, in batches of the given size and a new order."""

    def probe(compare_batch_sizes):
        return watched(compare_batch_sizes, 5, num_epochs=3, seed=8)

    batches = student(probe)
    epochs = epochs_of(batches)
    for epoch in epochs:
        missing = set(range(SAMPLES)) - set(epoch)
        twice = len(epoch) - len(set(epoch))
        assert not (missing and twice), (
            "In an epoch, the model saw some samples more than once and others not at all."
        )
        assert not twice, "In an epoch, the model saw samples more than once."
        assert not missing, "In an epoch, some samples were left out."
    lengths = [len(batch["samples"]) for batch in batches[: len(batches) // 3]]
    assert lengths == [5, 5, 5, 5, 3], (
        f"For batch size 5 and {SAMPLES} samples, the batches had {', '.join(map(str, lengths))} samples."
    )
    assert epochs[0] != list(range(SAMPLES)), "The batches were in the order of the data set: not shuffled."
    assert len(set(map(tuple, epochs))) == 3, "The samples came in the same order in each epoch."
    together = [frozenset(batch["samples"]) for batch in batches if len(batch["samples"]) == 5]
    assert len(set(together)) > 4, (
        "In each epoch the same samples shared a batch: only the order of the batches changed."
    )


@check(hint="Call `.train()` on the copy before it is trained: `model` may come in eval mode.")
def test_train_mode(student):
    """The copies are trained in train mode, also if `model` comes in eval mode."""

    def probe(compare_batch_sizes):
        batches = watched(compare_batch_sizes, 8, train=False, num_epochs=2)
        return [batch["training"] for batch in batches]

    modes = student(probe)
    assert modes, "In training, the copies of `model` never saw a sample."
    assert all(modes), "The model came in eval mode and was trained in eval mode."


# ---- answers_6_1 ----


@check(points=2, hint="Look at the numbers of updates and the last losses that you printed.")
def test_answers(student, reference):
    """The choices in `answers_6_1` are right, and fit what your function finds."""

    def probe(answers_6_1):
        return answers_6_1

    def experiment(compare_batch_sizes):
        results = compare_batch_sizes(linear(), blobs(), [8, 32, 96], num_epochs=2, lr=0.05)
        return [[result["num_updates"], result["loss"][-1]] for result in results.values()]

    answers = student(probe)
    assert isinstance(answers, dict), (
        "`answers_6_1` has to stay a dictionary with the keys 'a', 'b', 'c' and 'd'."
    )
    given, right = said(answers), said(reference(probe))
    unanswered = [question for question, words in given.items() if not words]
    assert not unanswered, f"There is no answer to {', '.join(unanswered)}."
    wrong = [question for question, words in given.items() if words != right[question]]
    for question, found in own_findings(student, experiment).items():
        if question in wrong and found == given[question]:
            wrong.remove(question)  # what it said follows from what was measured; other checks judge that
    assert not wrong, f"Not right: {', '.join(wrong)}."


def said(answers):
    """Return the four answers as text in lower case, without "a" or "the" before them and quotes around."""
    found = {}
    for question in ("a", "b", "c", "d"):
        answer = answers.get(question)
        text = str(answer).strip(" .'\"").lower() if isinstance(answer, str | Real) else ""
        found[question] = text.removeprefix("for ").removeprefix("the ").removeprefix("a ")
    return found


def own_findings(student, experiment):
    """Return the answers to a and b that follow from what the submission's own function finds, if it does."""
    try:
        results = student(experiment)
        updates, losses = zip(*results, strict=True)
        finite = all(math.isfinite(number) for number in (*updates, *losses))
    except (AssertionError, TypeError, ValueError):
        return {}
    if len(results) != 3 or not finite:
        return {}
    sizes = ("16", "64", "256")
    return {"a": sizes[int(np.argmax(updates))], "b": sizes[int(np.argmin(losses))]}
