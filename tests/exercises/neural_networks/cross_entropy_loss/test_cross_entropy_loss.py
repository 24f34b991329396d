"""Hidden checks for `make_target` and `classification_loss`.

Both forms of target pass, classes and one-hot rows. The checks of
`classification_loss` use the student's own target if it is right, and else one that is built in the form it
seems to be meant in: a mistake in one function does not cost the points of the other.
"""

import math

import numpy as np

from autograde.checks import check
from autograde.checks.compare import kind_of
from autograde.sandbox.arrays import Tensor

# ---- for the student's process ----


def target_for(make_target, labels, classes):
    """Return the student's target if it is right, else a right one in the form that seems to be meant."""
    import torch

    indices = torch.tensor(labels)
    rows = torch.eye(classes)[indices]
    try:
        target = make_target(list(labels), classes)
        if target.dtype in (torch.long, torch.uint8) and torch.equal(target.long(), indices):
            return target
        if target.is_floating_point() and torch.equal(target.float(), rows):
            return target
        return rows if target.ndim == 2 and 1 not in target.shape else indices
    except Exception:
        return indices


def value_of(loss):
    """Return the loss as a number, or what else it is."""
    import torch

    if isinstance(loss, torch.Tensor) and loss.numel() == 1:
        return loss.item()
    if isinstance(loss, torch.Tensor):
        return f"a tensor of shape {tuple(loss.shape)}"
    return loss if isinstance(loss, int | float) else f"a {type(loss).__name__}"


# ---- for the grader's process ----


def assert_right_target(target, labels, classes):
    """Say what is wrong with a target; how a right one looks is in the docstring anyway."""
    number = len(labels)
    assert target is not None, "`make_target` returns nothing: is there a `return` at its end?"
    assert isinstance(target, Tensor), (
        f"`make_target` has to return a tensor. Yours returned {kind_of(target)}."
    )
    dtype = target.torch_dtype
    asked = f"For {number} label(s) and {classes} classes"
    found = f"Yours has the shape {tuple(target.shape)} and the dtype torch.{dtype}"
    if target.shape == (number,):
        assert dtype in ("int64", "uint8"), f"{asked}, the classes have another dtype. {found}."
        first = list(map(int, target[:3]))
        assert list(map(int, target)) == labels, (
            f"{asked}, the classes in your target are not the labels. Yours begin with {first}."
        )
        return
    assert target.shape == (number, classes), f"{asked}, the target has another shape. {found}."
    assert dtype in ("float32", "float64", "float16", "bfloat16"), (
        f"{asked}, one-hot rows are probabilities, which have another dtype. {found}."
    )
    rows = np.asarray(target).astype(np.float64)
    assert np.array_equal(np.sort(rows), np.sort(np.eye(classes)[labels])), (
        f"{asked}, the rows of your target are not one-hot: a single 1, and 0 for all others. "
        f"The first begins with {[round(float(value), 2) for value in rows[0, :3]]}."
    )
    assert np.array_equal(rows, np.eye(classes)[labels]), (
        f"{asked}, the 1 stands for other classes than the labels."
    )


def number_of(value, what="`classification_loss`"):
    """Return a loss once it is sure that it is a finite number."""
    assert value != "a NoneType", f"{what} is None: is there a `return` at the end of `classification_loss`?"
    assert isinstance(value, int | float), f"{what} has to return a single number. Yours returned {value}."
    assert not math.isnan(value), f"{what} is not a number (nan)."
    assert math.isfinite(value), f"{what} is infinite."
    return value


def compare(values, expected, words):
    """Assert that each loss of a list is right; `words` say which output each of them belongs to."""
    for value, right, word in zip(values, expected, words, strict=True):
        loss = number_of(value, f"The loss of {word}")
        assert abs(loss - right) <= 1e-3 + 1e-4 * abs(right), (
            f"The loss of {word} is not right. Yours is {loss:.4f}."
        )


# ---- make_target ----


@check(
    hint="Ten classes are the default, and one label is a list, too: the target needs one entry per label."
)
def test_target_single(student):
    """A list of a single label, with the default of ten classes, gives a right target."""

    def probe(make_target, label):
        return [make_target([label]), make_target([0])]

    first, second = student(probe, label=6)
    assert_right_target(first, [6], 10)
    assert_right_target(second, [0], 10)


@check(
    hint="One whole number for each sample: dtype torch.long, shape (N,). If you make one-hot rows, they "
    "need decimal numbers: `.float()`."
)
def test_target_batch(student, rng):
    """A list of several labels gives a right target."""

    def probe(make_target, labels):
        return make_target(labels)

    labels = [*map(int, rng.integers(0, 10, size=6)), 7, 7, 0]
    assert_right_target(student(probe, labels=labels), labels, 10)


@check(
    hint="Use `num_classes`: one-hot rows are that long, even if the last classes do not occur in the list."
)
def test_target_other_classes(student):
    """The target is right for other numbers of classes, also if some do not occur."""

    def probe(make_target, labels, classes):
        return make_target(labels, classes)

    for labels, classes in (([2, 0, 0, 1, 2], 3), ([1, 0, 1, 0], 3), ([0], 2), ([16, 3, 3, 11], 17)):
        assert_right_target(student(probe, labels=labels, classes=classes), labels, classes)


@check(
    hint="With as many samples as classes a transposed target has a shape that fits: row n belongs to "
    "sample n, column c to class c."
)
def test_target_n_equals_c(student, rng):
    """The target is right when there are as many samples as classes."""

    def probe(make_target, labels, classes):
        return make_target(labels, classes)

    for labels, classes in (([1, 2, 0, 2], 4), ([*map(int, rng.integers(0, 9, size=9)), 9], 10)):
        assert_right_target(student(probe, labels=labels, classes=classes), labels, classes)


# ---- classification_loss ----


@check(hint="Average over the samples, do not sum: then the loss does not depend on the size of the batch.")
def test_uniform_scores(student, reference):
    """Equal scores for C classes cost log(C), however many samples there are and wherever the scores lie."""

    def probe(make_target, classification_loss):
        import torch

        values = []
        for labels, classes, score in (([3] * 4, 10, 0.0), ([1, 0, 2], 3, 5.0), ([8], 17, -2.0)):
            output = torch.full((len(labels), classes), score)
            values.append(value_of(classification_loss(output, target_for(make_target, labels, classes))))
        return values

    words = ["4 samples with equal scores", "3 samples with equal scores", "one sample with equal scores"]
    compare(student(probe), reference(probe), words)


@check(
    points=2,
    hint="Cross entropy applies the softmax to the scores by itself: pass raw scores. After a softmax of "
    "your own, the loss of ten classes cannot go below 1.4612. If you write the formula yourself, take the "
    "softmax over the classes (dim=1).",
)
def test_confident(student):
    """A confident right answer costs nearly nothing, a confident wrong one very much."""

    def probe(make_target, classification_loss):
        import torch

        labels = [2, 9, 4]
        target = target_for(make_target, labels, 10)
        right = torch.full((3, 10), -20.0)
        right[torch.arange(3), torch.tensor(labels)] = 20.0
        wrong = right.roll(1, dims=1)
        return [value_of(classification_loss(output, target)) for output in (right, wrong)]

    right, wrong = (number_of(value) for value in student(probe))
    assert right > -1e-6, f"For confident right answers your loss is negative: {right:.4f}."
    assert right < 0.01, (
        f"For confident right answers (score 20, all others -20) the loss is {right:.4f}, far from 0."
    )
    assert wrong > 30, (
        f"For confident wrong answers (score 20 for a wrong class) the loss is only {wrong:.4f}."
    )


@check(
    hint="`torch.log(torch.softmax(...))` gives log(0) when a score is far behind, and `exp` of a large "
    "score overflows. `F.log_softmax`, `torch.logsumexp` and `F.cross_entropy` avoid both.",
)
def test_large_scores(student, reference):
    """The loss is finite and right for very large and very small scores."""

    def probe(make_target, classification_loss):
        import torch

        target = target_for(make_target, [0, 2], 3)
        outputs = [
            torch.tensor([[-1000.0, 0.0, 50.0], [0.0, 900.0, 400.0]]),
            torch.tensor([[3000.0, 2999.0, 2998.0], [-3000.0, -2999.0, -2998.0]]),
        ]
        return [value_of(classification_loss(output, target)) for output in outputs]

    words = ["scores far apart", "scores far from 0"]
    compare(student(probe), reference(probe), words)


@check(
    points=2,
    hint="Minus log-softmax of the score of the right class, over the classes of each sample; then the "
    "mean over the samples.",
)
def test_value(student, reference, rng):
    """The loss of random scores is the mean cross entropy."""

    def probe(make_target, classification_loss, many, square, few):
        values = []
        for output, labels in ((many, [4, 4, 0, 9, 1, 7, 4]), (square, [1, 1, 3, 0]), (few, [2, 0])):
            target = target_for(make_target, labels, output.shape[1])
            values.append(value_of(classification_loss(output, target)))
        return values

    many, square, few = (
        (2 * rng.standard_normal(size)).astype(np.float32) for size in ((7, 10), (4, 4), (2, 3))
    )
    inputs = {"many": many, "square": square, "few": few}
    words = ["7 samples of 10 classes", "4 samples of 4 classes", "2 samples of 3 classes"]
    compare(student(probe, **inputs), reference(probe, **inputs), words)


@check(
    points=2,
    hint="Return the loss itself, a tensor: `.item()`, `.detach()`, `.data`, numpy, `torch.tensor(...)` and "
    "`no_grad` cut it off from the network.",
)
def test_gradient(student, reference, rng):
    """The gradient of the scores is (softmax - one-hot) / N, and the loss is a tensor without dimensions."""

    def probe(make_target, classification_loss, scores):
        import torch

        output = scores.clone().requires_grad_()
        target = target_for(make_target, [3, 0, 2, 3, 1], 4)
        loss = classification_loss(output, target)
        if not isinstance(loss, torch.Tensor):
            return {"type": type(loss).__name__}
        seen = {"shape": list(loss.shape), "floating": loss.is_floating_point(), "flows": loss.requires_grad}
        if loss.requires_grad and loss.numel() == 1:
            loss.sum().backward()
            seen["gradient"] = output.grad
        return seen

    scores = (2 * rng.standard_normal((5, 4))).astype(np.float32)
    seen, expected = student(probe, scores=scores), reference(probe, scores=scores)
    assert "shape" in seen, f"`classification_loss` has to return a tensor, not a {seen.get('type')}."
    assert seen["shape"] == [], (
        f"The loss has to be a tensor without dimensions. Yours has the shape {tuple(seen['shape'])}."
    )
    assert seen["flows"], "No gradient can flow back: your loss does not know that it came from the output."
    gradient, right = seen.get("gradient"), np.asarray(expected["gradient"])
    assert isinstance(gradient, np.ndarray), "After `backward()` the scores have no gradient."
    assert np.isfinite(gradient).all(), "The gradient of the scores contains nan or infinity."
    assert np.allclose(gradient, right, rtol=1e-3, atol=1e-4), (
        "The gradient of the scores is not that of the mean cross entropy."
    )


@check(hint="Nothing between the network and the loss may detach: no `.data`, `.detach()` or `no_grad`.")
def test_backprop_to_net(student):
    """`classification_loss(net(images), make_target(labels))` trains all layers of the network."""

    def probe(make_target, classification_loss, network):
        import torch

        torch.manual_seed(5)
        model = network()
        images = torch.randn(2, 1, 32, 32)
        loss = classification_loss(model(images), target_for(make_target, [3, 8], 10))
        loss.backward()
        return [name for name, p in model.named_parameters() if p.grad is None or not p.grad.any()]

    missing = student(probe)
    assert not missing, f"After `backward()` there is no gradient for {', '.join(map(str, missing))}."


@check(hint="Do not change the arguments in place (`labels.sort()`, `output -= ...`): others still use them.")
def test_arguments_unchanged(student):
    """The list, the scores and the target are not changed."""

    def probe(make_target, classification_loss):
        import torch

        labels = [2, 0, 1, 2]
        make_target(labels, 3)
        output = torch.arange(12.0).view(4, 3)
        target = target_for(make_target, [2, 0, 1, 2], 3)
        before = target.clone()
        classification_loss(output, target)
        return {
            "list of labels": labels == [2, 0, 1, 2],
            "output": torch.equal(output, torch.arange(12.0).view(4, 3)),
            "target": torch.equal(target, before),
        }

    changed = [name for name, same in student(probe).items() if not same]
    assert not changed, f"After the call another {' and another '.join(map(str, changed))} was there."
