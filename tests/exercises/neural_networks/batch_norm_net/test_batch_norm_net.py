"""Hidden checks for `BatchNormNet` and the choices in `answers_2_3`.

Where batch normalization stands around the ReLU, and by what means it is done, is free, and so is whether
the scores or the feature maps are normalized too. The checks use what holds for all of these and for nothing
else: after fc1 or fc2, in train mode, the scale of each single unit does not matter. The scales of the units
have to differ from each other, because a common scale is also removed by batch normalization of a later
layer, or by layer normalization. The units are made large first, so that `eps` does not matter either.
"""

import numpy as np

from autograde.checks import check

CLASSES = 10
PASSES = 100  # tens of passes: for averages that follow ten times more slowly than usual
NEAR = 0.25  # eval mode divides by the unbiased variance, train mode by the biased one
SHAPES = {
    "conv1": (6, 1, 3, 3),
    "conv2": (16, 6, 3, 3),
    "fc1": (120, 576),
    "fc2": (84, 120),
    "fc3": (10, 84),
}

# ---- for the student's process ----


def images(number, seed=7):
    """Return the same `number` random images in every call, of different brightness."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(number, 1, 32, 32, generator=generator)
    return x + torch.randn(number, 1, 1, 1, generator=generator)


def new(BatchNormNet):
    """Return a new model after one pass in eval mode, which gives lazy layers their parameters.

    The five layers have the same weights for everybody; a weight of another shape is left alone.
    """
    import torch

    torch.manual_seed(3)
    model = BatchNormNet().eval()
    with torch.no_grad():
        model(images(2))
        generator = torch.Generator().manual_seed(11)
        for name, shape in SHAPES.items():
            bound = 2 / torch.Size(shape[1:]).numel() ** 0.5
            values = (2 * torch.rand(shape, generator=generator) - 1) * bound
            layer = getattr(model, name, None)
            if getattr(layer, "weight", None) is not None and layer.weight.shape == values.shape:
                layer.weight.copy_(values)
            if getattr(layer, "bias", None) is not None:
                layer.bias.zero_()
    return model


def outputs(model, x, training=False):
    """Return the scores of a model in train or eval mode, without gradients."""
    import torch

    with torch.no_grad():
        return model.train(training)(x)


def scaled(model, name, factors):
    """Multiply what each unit of a layer gives by its factor."""
    import torch

    layer = model.get_submodule(name)
    with torch.no_grad():
        layer.weight.mul_(factors.view(-1, 1))
        if layer.bias is not None:
            layer.bias.mul_(factors)


def units_made_larger(BatchNormNet, name):
    """Return the output in train mode for large units, and for units each enlarged by another factor."""
    import torch

    model = new(BatchNormNet)
    x = images(12)
    scaled(model, name, torch.full((SHAPES[name][0],), 1e4))
    large = outputs(model, x, training=True)
    factors = torch.rand(SHAPES[name][0], generator=torch.Generator().manual_seed(5))
    scaled(model, name, 7**factors)
    return {"before": large, "after": outputs(model, x, training=True)}


# ---- for the grader's process ----


def scores_of(number, array):
    """Return scores, once it is sure that they are (number, 10) finite numbers."""
    assert isinstance(array, np.ndarray), "`forward` has to return the output: a tensor of shape (N, 10)."
    assert array.shape == (number, CLASSES), (
        f"The output for {number} image(s) has to have the shape ({number}, {CLASSES}), not {array.shape}."
    )
    assert np.isfinite(array).all(), "Some scores are infinite or not a number."
    return array


def change(one, other):
    """Say in a word what became of scores."""
    times = float(np.abs(other).max() / max(np.abs(one).max(), 1e-12))
    return "became far larger" if times > 3 else "became far smaller" if times < 1 / 3 else "changed"


def difference(one, other):
    """Return the largest difference, as a share of the largest score."""
    return float(np.abs(one - other).max() / max(np.abs(one).max(), 1e-12))


@check(hint="Return the ten scores of the last layer; nothing may change the batch dimension.")
def test_shape(student):
    """N images give an output of shape (N, 10), in train mode and in eval mode."""

    def probe(BatchNormNet):
        model = new(BatchNormNet)
        return {"train": outputs(model, images(6), training=True), "eval": outputs(model, images(6))}

    for array in student(probe).values():
        scores_of(6, array)


@check(
    hint="Keep `self.conv1`, `self.conv2`, `self.fc1`, `self.fc2` and `self.fc3` as they are in `network`, "
    "and give the batch normalization other names."
)
def test_keeps_layers(student):
    """The layers conv1, conv2, fc1, fc2 and fc3 are there, with the sizes they have in `network`."""

    def probe(BatchNormNet):
        model = new(BatchNormNet)
        found = {}
        for name in SHAPES:
            weight = getattr(getattr(model, name, None), "weight", None)
            found[name] = None if weight is None else list(weight.shape)
        return found

    found = student(probe)
    missing = [name for name in SHAPES if found[name] is None]
    assert not missing, f"There is no layer {', '.join(missing)} with a weight."
    for name, shape in SHAPES.items():
        assert tuple(found[name]) == shape, f"The weight of {name} has the shape {tuple(found[name])}."


@check(
    points=2,
    hint="Change nothing else in `network`: same order of layers, ReLU after each but the last, the same "
    "pooling. In eval mode the running averages count, which start with mean 0 and variance 1.",
    needs=("test_shape", "test_keeps_layers"),
)
def test_new_net_is_network(student, reference):
    """In eval mode, before any training, the output is that of `network` with the same weights."""

    def probe(BatchNormNet):
        return outputs(new(BatchNormNet), images(4))

    found, expected = scores_of(4, student(probe)), reference(probe)
    assert difference(expected, found) < 0.03, (
        "A new `BatchNormNet` in eval mode does not compute what `network` computes with the same weights: "
        f"the scores {change(expected, found)}."
    )


@check(
    points=2,
    hint="`nn.BatchNorm1d(120)` has to be applied to what comes out of fc1, and `forward` has to go on with "
    "its result.",
    needs=("test_shape", "test_keeps_layers"),
)
def test_norm_after_fc1(student):
    """The units of fc1 are normalized, each by itself: their scales do not matter in train mode."""

    def probe(BatchNormNet):
        return units_made_larger(BatchNormNet, "fc1")

    found = {name: scores_of(12, array) for name, array in student(probe).items()}
    assert difference(found["before"], found["after"]) < 0.02, (
        "When the units of fc1 were enlarged, each by another factor, the output in train mode "
        f"{change(found['before'], found['after'])}: they are not normalized each by itself."
    )


@check(
    points=2,
    hint="`nn.BatchNorm1d(84)` has to be applied to what comes out of fc2, and `forward` has to go on with "
    "its result.",
    needs=("test_shape", "test_keeps_layers"),
)
def test_norm_after_fc2(student):
    """The units of fc2 are normalized, each by itself: their scales do not matter in train mode."""

    def probe(BatchNormNet):
        return units_made_larger(BatchNormNet, "fc2")

    found = {name: scores_of(12, array) for name, array in student(probe).items()}
    assert difference(found["before"], found["after"]) < 0.02, (
        "When the units of fc2 were enlarged, each by another factor, the output in train mode "
        f"{change(found['before'], found['after'])}: they are not normalized each by itself."
    )


@check(
    hint="The mean is taken over the images of the batch (dimension 0), for each unit. That is batch "
    "normalization; layer normalization takes it over the units of one image.",
    needs=("test_shape",),
)
def test_train_uses_batch(student):
    """In train mode the output for an image depends on the other images of the batch."""

    def probe(BatchNormNet):
        x = images(8)
        other = x.clone()
        other[4:] = 2 * images(4, seed=8) + 1
        return [outputs(new(BatchNormNet), batch, training=True) for batch in (x, other)]

    one, other = (scores_of(8, array)[:4] for array in student(probe))
    assert difference(one, other) > 1e-3, (
        "In train mode an image got the same scores, whatever the other images of the batch were."
    )


@check(
    points=2,
    hint="In eval mode the running averages are used: create the layers in `__init__`, leave "
    "`track_running_stats` on, and with `F.batch_norm` say `training=self.training`.",
    needs=("test_shape",),
)
def test_eval_ignores_batch(student):
    """In eval mode the output for an image does not depend on the other images of the batch."""

    def probe(BatchNormNet):
        model = new(BatchNormNet)
        x = images(8)
        other = x.clone()
        other[4:] = 2 * images(4, seed=8) + 1
        return {"one": outputs(model, x), "other": outputs(model, other), "again": outputs(model, x)}

    found = {name: scores_of(8, array)[:4] for name, array in student(probe).items()}
    assert difference(found["one"], found["other"]) < 1e-4, (
        "In eval mode an image got other scores when the other images of the batch were changed."
    )
    assert difference(found["one"], found["again"]) < 1e-4, (
        "In eval mode the same images were passed twice, and gave other scores the second time."
    )


@check(
    hint="Make no exception for a batch of one: in eval mode the running averages need no batch.",
    needs=("test_eval_ignores_batch",),
)
def test_one_image_in_eval_mode(student):
    """In eval mode a batch of one image works."""

    def probe(BatchNormNet):
        model = new(BatchNormNet)
        for _ in range(2):
            outputs(model, 2 * images(8) + 1, training=True)
        return {"alone": outputs(model, images(3)[:1]), "together": outputs(model, images(3))}

    found = student(probe)
    alone, together = scores_of(1, found["alone"]), scores_of(3, found["together"])[:1]
    assert difference(together, alone) < 1e-4, "In eval mode an image alone got other scores than in a batch."


@check(
    points=2,
    hint="In train mode `nn.BatchNorm1d` keeps running averages of mean and variance. `F.batch_norm` does so "
    "in the buffers you pass (`self.register_buffer`); your own formula has to do it itself.",
    needs=("test_keeps_layers", "test_eval_ignores_batch"),
)
def test_running_averages(student):
    """The running averages approach mean and variance of the batches, and stay as they are in eval mode."""

    def probe(BatchNormNet):
        import torch

        model = new(BatchNormNet)
        for name in ("fc1", "fc2"):
            scaled(model, name, torch.full((SHAPES[name][0],), 5.0))
        x = images(16)
        found = {"new": outputs(model, x)}
        outputs(model, 3 + images(16, seed=9))
        found["after eval"] = outputs(model, x)
        for _ in range(PASSES):  # with the usual momentum, three of them are enough
            for _ in range(10):
                found["train"] = outputs(model, x, training=True)
            found["after train"] = outputs(model, x)
            near = (found["after train"] - found["train"]).abs().max() < NEAR * found["train"].abs().max()
            if near or torch.equal(found["new"], found["after train"]):
                break
        for _ in range(10):  # an average stays where it has arrived; a sum goes on
            outputs(model, x, training=True)
        return {**found, "later": outputs(model, x)}

    found = {name: scores_of(16, array) for name, array in student(probe).items()}
    assert difference(found["new"], found["after eval"]) < 1e-4, (
        "A pass in eval mode changed the scores of later passes."
    )
    assert difference(found["new"], found["after train"]) > 1e-3, (
        "After many passes in train mode, eval mode still gave the same scores: the running averages do not "
        "follow, or are not used."
    )
    assert difference(found["train"], found["after train"]) < NEAR, (
        "Many passes of one batch in train mode did not bring the scores in eval mode near those in train "
        "mode: the running averages do not approach mean and variance of the batch."
    )
    assert difference(found["train"], found["later"]) < NEAR, (
        "After some more passes of this batch in train mode, the scores in eval mode were far from those in "
        "train mode again: the running averages do not stay near mean and variance of the batch."
    )


@check(
    hint="State that is kept between passes belongs to the model: modules as attributes, bare tensors by "
    "`self.register_buffer(name, tensor)`. A plain attribute is neither saved nor moved to another device.",
    needs=("test_running_averages",),
)
def test_state_is_complete(student):
    """`state_dict()` holds all that the scores depend on: loaded into another model, it gives the same."""

    def probe(BatchNormNet):
        import torch

        one = new(BatchNormNet)
        for _ in range(3):
            outputs(one, 2 * images(16) + 1, training=True)
        torch.manual_seed(4)
        other = BatchNormNet().eval()
        outputs(other, images(2))
        other.load_state_dict(one.state_dict())
        return {"one": outputs(one, images(3)), "other": outputs(other, images(3))}

    found = {name: scores_of(3, array) for name, array in student(probe).items()}
    assert difference(found["one"], found["other"]) < 1e-4, (
        "With the `state_dict()` of one model loaded, another one gave other scores."
    )


@check(
    hint="`backward()` reaches a parameter only if its layer is used in `forward`, and if nothing on the way "
    "cuts it off: no `detach`, `no_grad` or `.data`. Remove layers that are not used."
)
def test_every_parameter_has_a_gradient(student):
    """After `backward()` in train mode every parameter has a gradient."""

    def probe(BatchNormNet):
        model = new(BatchNormNet).train()
        scores = model(images(6))
        missing = "all of them"
        if scores.requires_grad:
            scores.square().sum().backward()
            parameters = model.named_parameters()
            missing = ", ".join(name for name, parameter in parameters if parameter.grad is None)
        return missing

    missing = student(probe)
    assert not missing, f"Parameters without a gradient: {missing}."


# ---- answers_2_3 ----


def words(answers):
    """Return the three answers in lower case; None for what is not answered."""
    found = {}
    for question in ("a", "b", "c"):
        answer = answers.get(question)
        found[question] = answer.strip().lower() if isinstance(answer, str) else None
    return found


@check(
    points=2,
    hint="Run the cell above the questions, and think of what is left of a constant after the mean of the "
    "unit is subtracted.",
)
def test_answers(student, reference):
    """All three choices in `answers_2_3` are right."""

    def probe(answers_2_3):
        return answers_2_3

    answers = student(probe)
    assert isinstance(answers, dict), "`answers_2_3` has to stay a dictionary with the keys 'a', 'b' and 'c'."
    given = words(answers)
    unanswered = [question for question, word in given.items() if not word]
    assert not unanswered, f"There is no answer to {', '.join(unanswered)}."
    right = words(reference(probe))
    wrong = [question for question, word in given.items() if word != right[question]]
    assert not wrong, f"Not right: {', '.join(wrong)}."
