"""Hidden checks for `DropoutNet`, `dropout_output_std` and the choices in `answers_1_2`.

Which activations get dropout, and by what means, is free. The checks of the network therefore use two sets of
weights: generic ones, for comparisons with the reference, and one chain of weights 1 from the image to each
output. On such a path inverted dropout with probability p can only give 0 or a power of 1 / (1 - p), wherever
it stands, so its scale is read off exactly; only the share of zeros is a matter of chance.
"""

import math

import numpy as np

from autograde.checks import check

CLASSES = 10
BATCH = 2


# ---- for the student's process ----


def scramble(seed):
    """Seed every generator that a mask may be drawn from."""
    import random

    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def images(number=BATCH):
    """Return the same `number` random images in every call, whatever the global generators."""
    import torch

    return torch.randn(number, 1, 32, 32, generator=torch.Generator().manual_seed(7))


def ready(model):
    """Return the model after one pass, which gives lazy layers their parameters."""
    import torch

    with torch.no_grad():
        model(images(2))
    return model


def with_generic_weights(model):
    """Return the model with random parameters, the same for everybody; one of another shape is left alone."""
    import torch

    shapes = {
        "conv1": (6, 1, 3, 3),
        "conv2": (16, 6, 3, 3),
        "fc1": (120, 576),
        "fc2": (84, 120),
        "fc3": (10, 84),
    }
    own = dict(ready(model).named_parameters())
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for layer, shape in shapes.items():
            bound = 2 / torch.Size(shape[1:]).numel() ** 0.5
            for name, size in ((f"{layer}.weight", shape), (f"{layer}.bias", shape[:1])):
                values = (2 * torch.rand(size, generator=generator) - 1) * bound
                if name in own and own[name].shape == values.shape:
                    own[name].copy_(values)
    return model


def with_one_path_per_output(model):
    """Return the model with all parameters 0 but for one chain of weights 1 to each of the ten outputs."""
    import torch

    ready(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        for path in range(CLASSES):
            model.conv1.weight[path % 6, 0, 0, 0] = 1
            model.conv2.weight[path, path % 6, 0, 0] = 1
            model.fc1.weight[path, 36 * path + path] = 1  # from pixel number `path` of channel number `path`
            model.fc2.weight[path, path] = 1
            model.fc3.weight[path, path] = 1
    return model


def train_outputs(model, x, passes=8):
    """Return the outputs of several passes of `x` in train mode."""
    import torch

    model.train()
    scramble(5)
    with torch.no_grad():
        return [model(x) for _ in range(passes)]


def path_outputs(model, passes):
    """Return the outputs of training passes through the single paths; without dropout each number would be 1.

    Only every fourth pixel of the image is lit, so that each pooling window sees one activation that is not
    0: the largest of several masked ones would be dropped less often than with probability p. Many passes of
    one image, and not one of many images, because a mask may be shared by the images of a batch.
    """
    import torch

    x = torch.zeros(1, 1, 32, 32)
    x[:, :, ::4, ::4] = 1
    return train_outputs(with_one_path_per_output(model), x, passes)


def linear_with_dropout():
    """Return a small model whose output has a known spread in train mode, and none in eval mode."""
    import torch
    from torch import nn

    torch.manual_seed(3)
    return nn.Sequential(nn.Flatten(), nn.Linear(1024, CLASSES), nn.Dropout(0.5))


def fading_images():
    """Return images each fainter than the one before, so that different averages over them differ widely."""
    import torch

    return images(12) * (0.7 ** torch.arange(12)).view(-1, 1, 1, 1)


def plain(result):
    """Return a dict with tensors and arrays of one number as Python numbers, and anything else as it is."""
    if not isinstance(result, dict):
        return result
    numbers = {}
    for mode, value in result.items():
        try:
            numbers[mode] = value.item()
        except (AttributeError, RuntimeError, ValueError):
            numbers[mode] = value
    return numbers


# ---- for the grader's process ----


def stacked(outputs, rows=BATCH):
    """Return the outputs of several passes as one array (pass, image, class)."""
    for output in outputs:
        assert isinstance(output, np.ndarray), (
            "`forward` has to return the output: a tensor of shape (N, 10)."
        )
        assert output.shape == (rows, CLASSES), (
            f"The output for {rows} image(s) has to have the shape ({rows}, {CLASSES}), not {output.shape}."
        )
    array = np.stack(outputs).astype(np.float64)
    assert np.isfinite(array).all(), (
        "The output of `DropoutNet` contains numbers that are infinite or not a number."
    )
    return array


def varies(outputs):
    """Say whether the passes differ."""
    return bool((np.abs(outputs - outputs[0]) > 1e-6 * np.abs(outputs).max()).any())


def dropped(outputs):
    """Return where the single paths were cut."""
    return np.abs(outputs) < 1e-6


def spreads(result):
    """Return the spread in train mode and in eval mode, once it is sure that they are numbers."""
    assert isinstance(result, dict), (
        "`dropout_output_std` has to return a dictionary with the keys 'train' and 'eval'. "
        f"Yours returned a value of type {type(result).__name__}."
    )
    for mode in ("train", "eval"):
        assert mode in result, f"The dictionary returned by `dropout_output_std` has no key '{mode}'."
        value = result[mode]
        assert type(value) in (int, float), (
            f"The value for '{mode}' has to be one number, averaged over all outputs. "
            f"Yours is of type {type(value).__name__}."
        )
        assert math.isfinite(value), f"The value for '{mode}' is {value}, which is no standard deviation."
    return result["train"], result["eval"]


def error_of(spread, expected):
    """Say how a spread is wrong; 10 % cover the luck of the draw, and a biased or unbiased estimate."""
    if abs(spread - expected) <= 0.1 * expected + 1e-3:
        return ""
    kind, times = (
        ("large", spread / max(expected, 1e-9))
        if spread > expected
        else ("small", expected / max(spread, 1e-9))
    )
    return f"several times too {kind}" if times > 2.5 else f"too {kind}"


# ---- DropoutNet ----


@check(hint="Keep the five layers of `network`, with the same names and sizes: dropout needs no other ones.")
def test_same_params(agree):
    """`DropoutNet` has the parameters of `network`: same names, same shapes."""

    def probe(DropoutNet):
        return {name: list(value.shape) for name, value in ready(DropoutNet()).named_parameters()}

    agree(probe)


@check(
    points=2,
    hint="`model.eval()` must switch dropout off. Create `nn.Dropout` in `__init__`, not in `forward`; "
    "`F.dropout` needs `training=self.training`, its default is True.",
)
def test_eval_equals_base(agree):
    """In eval mode the output is that of `network` with the same weights."""

    def probe(DropoutNet):
        import torch

        model = with_generic_weights(DropoutNet(p=0.5)).eval()
        scramble(1)
        with torch.no_grad():
            return model(images())

    agree(probe, rtol=1e-4, atol=1e-5)


@check(
    hint="A dropout layer acts only if `forward` calls it and goes on with the tensor that it returns, "
    "and only while `training` is True. Apply it to what comes out of a hidden layer."
)
def test_train_random(student):
    """In train mode two passes of the same image differ."""

    def probe(DropoutNet):
        import torch

        model = with_generic_weights(DropoutNet(p=0.5))
        outputs = {"photo": train_outputs(model, images())}
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.abs_()
            # All parameters positive: hidden units are active although the image is black.
            outputs["black"] = train_outputs(model, torch.zeros(BATCH, 1, 32, 32))
            outputs["eval"] = [with_generic_weights(model).eval()(images())]
        return outputs

    outputs = student(probe)
    photo, evaluated = stacked(outputs["photo"]), stacked(outputs["eval"])
    assert not np.allclose(photo, evaluated, rtol=1e-4, atol=1e-5), (
        "Dropout did not act: in train mode the output was the same as in eval mode."
    )
    assert varies(photo), "In train mode every pass dropped the same activations."
    assert varies(stacked(outputs["black"])), (
        "With a black image, all passes in train mode gave the same output, although hidden units were "
        "active: dropout has to act on hidden activations, not on the image."
    )


@check(hint="`p` is the probability to drop, for every dropout in the model: with p=0 nothing is dropped.")
def test_p0_is_base(agree):
    """With p=0 the output in train mode is that of `network`, too."""

    def probe(DropoutNet):
        import torch

        model = with_generic_weights(DropoutNet(p=0.0)).train()
        scramble(2)
        with torch.no_grad():
            return model(images())

    agree(probe, rtol=1e-4, atol=1e-5)


@check(
    hint="`p` is the probability to drop, not to keep, and every dropout in the model takes it from the "
    "argument of `DropoutNet`.",
    needs=("test_train_random",),
)
def test_p_is_drop_prob(student):
    """The larger p is, the more is dropped."""

    def probe(DropoutNet):
        return {"small": path_outputs(DropoutNet(p=0.2), 40), "large": path_outputs(DropoutNet(p=0.6), 40)}

    outputs = student(probe)
    small = dropped(stacked(outputs["small"], rows=1)).mean()
    large = dropped(stacked(outputs["large"], rows=1)).mean()
    assert large > small - 0.1, "With a larger p, fewer activations were set to 0."
    assert large > small + 0.1, "With a larger p, as many activations were set to 0 as with a smaller one."


@check(
    hint="`def __init__(self, p=0.5)`: without an argument, half of the activations are dropped.",
    needs=("test_train_random",),
)
def test_default_p(student):
    """`DropoutNet()` is `DropoutNet(p=0.5)`."""

    def probe(DropoutNet):
        return {"default": path_outputs(DropoutNet(), 40), "half": path_outputs(DropoutNet(p=0.5), 40)}

    outputs = student(probe)
    default, half = stacked(outputs["default"], rows=1), stacked(outputs["half"], rows=1)
    message = "`DropoutNet()` does not drop like `DropoutNet(p=0.5)`."
    assert abs(dropped(default).mean() - dropped(half).mean()) < 0.15, message
    kept_default, kept_half = default[~dropped(default)], half[~dropped(half)]
    if kept_default.size and kept_half.size:
        assert abs(np.median(kept_default) / np.median(kept_half) - 1) < 1e-3, message


@check(
    points=2,
    hint="Apply dropout to hidden activations only. The ten scores are the answer; a dropped one would be 0.",
)
def test_not_on_logits(student):
    """The output itself is never dropped."""

    def probe(DropoutNet):
        import torch

        model = with_generic_weights(DropoutNet(p=0.5))
        with torch.no_grad():
            model.fc3.weight.zero_()
            model.fc3.bias.copy_(torch.arange(1.0, 1 + CLASSES))
        return train_outputs(model, images())

    outputs = stacked(student(probe))
    assert np.allclose(outputs, np.arange(1, 1 + CLASSES), rtol=0, atol=1e-4), (
        "With the weights of fc3 set to 0 the output has to be the bias of fc3 in every pass, but it was "
        "not: something acts on the scores."
    )


@check(
    hint="Ask `self.training` in every pass: `train()` and `eval()` set it in all modules of a model, as "
    "often as they are called. Do not override them, and do not change or remove the dropout for good.",
    needs=("test_eval_equals_base", "test_train_random"),
)
def test_toggle(student):
    """Dropout goes off and on again with `eval()` and `train()`, also those of a model around yours."""

    def probe(DropoutNet):
        import torch

        model = with_generic_weights(DropoutNet(p=0.5))
        around = torch.nn.Sequential(model)
        x = images()
        evaluated, trained = [], []
        with torch.no_grad():
            for seed in (14, 15):
                trained += train_outputs(around, x, passes=4)
                around.eval()
                scramble(seed)
                evaluated.append(around(x))
            trained += train_outputs(around, x, passes=4)
        return {"eval": evaluated, "train": trained}

    outputs = student(probe)
    evaluated, trained = stacked(outputs["eval"]), stacked(outputs["train"])
    assert np.allclose(evaluated[0], evaluated[1], rtol=1e-4, atol=1e-5), (
        "When a model around yours went to eval mode twice, with train mode in between, the outputs differed."
    )
    assert not np.allclose(evaluated[0], trained[:4], rtol=1e-4, atol=1e-5), (
        "When a model around yours went to train mode, dropout did not act."
    )
    assert varies(trained[4:8]), "After `eval()` and again `train()`, dropout did not act any more."
    assert varies(trained[8:]), (
        "After `eval()` and `train()`, both for the second time, dropout did not act any more."
    )


@check(
    hint="Dropped values become 0 and kept values are divided by 1 - p, so that the mean stays what it was. "
    "`nn.Dropout` and `F.dropout` do both.",
    needs=("test_train_random",),
)
def test_inverted_scale(student):
    """Kept values are divided by 1 - p, so that dropout does not change the mean."""

    def probe(DropoutNet):
        return path_outputs(DropoutNet(p=0.2), 120)

    outputs = stacked(student(probe), rows=1)
    kept = outputs[~dropped(outputs)]
    assert 0 < kept.size < outputs.size, "With a small p, either nothing was set to 0 or everything."
    assert (kept > 0).all(), "Positive activations became negative."
    number = np.log(kept) / np.log(1 / 0.8)  # how many dropouts stand in the path
    assert (number > 0.5).all(), "Kept activations were not enlarged."
    away = np.abs(number - number.round())
    assert (away < 0.01).all(), (
        "Kept activations were not divided by 1 - p, with the p that was given: for p = 0.2 one of them "
        f"became {kept[away.argmax()]:.3g} times as large. One dropout makes it 1.25 times as large, two "
        "dropouts 1.56 times."
    )
    assert abs(outputs.mean() - 1) < 0.25, "Dropout changes the mean: the share that is kept is not 1 - p."


@check(
    hint="Nothing in `forward` may cut the output off from the parameters: no `no_grad`, `detach` or "
    "`.data`, and no change in place (`x[mask] = 0`, `x *= mask`, `inplace=True`) of what ReLU returned."
)
def test_gradients_flow(student):
    """In train mode gradients reach every layer."""

    def probe(DropoutNet):
        model = ready(DropoutNet(p=0.5)).train()
        scramble(6)
        model(images()).sum().backward()
        return [name for name, value in model.named_parameters() if value.grad is None]

    missing = student(probe)
    assert not missing, f"After `backward()` there was no gradient for {', '.join(map(str, missing))}."


# ---- dropout_output_std ----


@check(
    points=2,
    hint="Stack the outputs of all passes, take the standard deviation over the passes (not over images or "
    "classes), and then the mean. Call `model.train()` before one half of the passes and `model.eval()` "
    "before the other.",
)
def test_stats(student, reference):
    """`dropout_output_std` finds the spread in train mode, and none in eval mode."""

    def probe(dropout_output_std):
        model = linear_with_dropout().eval()
        scramble(8)
        return plain(dropout_output_std(model, fading_images(), n_passes=40))

    (train, evaluated), expected = spreads(student(probe)), spreads(reference(probe))
    assert error_of(train, expected[1]), (
        "For a model with dropout that came in eval mode, your spread in train mode is 0."
    )
    assert not error_of(evaluated, expected[1]), (
        "For a model with dropout, your spread in eval mode is not 0."
    )
    error = error_of(train, expected[0])
    assert not error, (
        f"The spread in train mode is {error}. It is the standard deviation over the passes, taken for every "
        "single output and then averaged."
    )


@check(
    hint="Measure eval mode as you measure train mode: a model that varies in eval mode has to be found out."
)
def test_stats_measures_eval(student, reference):
    """The spread in eval mode is measured: a model that forgot to switch dropout off is noticed."""

    def probe(dropout_output_std):
        import torch

        class AlwaysOn(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.linear = torch.nn.Linear(1024, CLASSES)

            def forward(self, x):
                p = 0.5 if self.training else 0.2
                return torch.nn.functional.dropout(self.linear(x.flatten(1)), p, training=True)

        torch.manual_seed(4)
        model = AlwaysOn()
        scramble(9)
        return plain(dropout_output_std(model, fading_images(), n_passes=40))

    for mode, spread, expected in zip(
        ("train", "eval"), spreads(student(probe)), spreads(reference(probe)), strict=True
    ):
        error = error_of(spread, expected)
        assert not error, (
            f"The output of a model varied in both modes. Your spread for {mode} mode is {error}."
        )


@check(
    hint="Run the model `n_passes` times in each mode. The argument says how often; 100 is only its default."
)
def test_stats_n_passes(student):
    """The model runs `n_passes` times in each mode, by default 100 times."""

    def probe(dropout_output_std):
        import torch

        class Counting(torch.nn.Module):
            def __init__(self, note):
                super().__init__()
                self.note = note  # a function stays the same one in a deep copy of the model
                self.linear = torch.nn.Linear(1024, CLASSES)

            def forward(self, x):
                self.note(self.training, len(x))
                return self.linear(x.flatten(1))

        counts = []
        for arguments in ({"n_passes": 7}, {}):
            rows = {True: 0, False: 0}

            def note(training, number, rows=rows):
                rows[training] += number

            dropout_output_std(Counting(note), images(3), **arguments)
            counts.append([rows[True] / 3, rows[False] / 3])
        return counts

    for mode, given, default in zip(("train", "eval"), *student(probe), strict=True):
        ran = f"With `n_passes=7` the model ran {given:g} times in {mode} mode"
        assert given >= 7, f"{ran}: less than `n_passes` times."
        # One pass more is allowed: some look first at what shape the output has.
        assert given <= 8, f"{ran}: more than `n_passes` times."
        assert default - given == 100 - 7, (
            f"Without `n_passes`, the model did not run 100 times in {mode} mode."
        )


@check(hint="Remember `model.training` at the start, and give it to `model.train(...)` at the end.")
def test_stats_restores_mode(student):
    """Afterwards the model is in the mode in which it came."""

    def probe(dropout_output_std):
        after = []
        for mode in (True, False):
            model = linear_with_dropout().train(mode)
            dropout_output_std(model, images(2), n_passes=3)
            after.append([module.training for module in model.modules()])
        return after

    from_train, from_eval = student(probe)
    assert from_train[0], "The model came in train mode and left in eval mode."
    assert not from_eval[0], "The model came in eval mode and left in train mode."
    as_it_came = all(from_train) and not any(from_eval)
    assert as_it_came, "Modules inside the model were left in another mode than the model itself."


@check(hint="Run the passes inside `with torch.no_grad():`, and return plain numbers (`.item()`).")
def test_stats_no_gradients(student):
    """No gradients are recorded or left behind."""

    def probe(dropout_output_std):
        import weakref

        import torch

        class Saved:
            def __init__(self, tensor):
                self.tensor = tensor

        saved, most = weakref.WeakSet(), [0]

        def save(tensor):
            held = Saved(tensor)
            saved.add(held)
            most[0] = max(most[0], len(saved))
            return held

        model = linear_with_dropout()
        # What autograd saves for a backward pass lives as long as the record of that pass.
        with torch.autograd.graph.saved_tensors_hooks(save, lambda held: held.tensor):
            dropout_output_std(model, images(2), n_passes=20)
        return {"saved": most[0], "left": any(parameter.grad is not None for parameter in model.parameters())}

    seen = student(probe)
    assert seen["saved"] < 20, (
        "The passes were recorded for gradients, and all records were kept in memory until the end."
    )
    assert not seen["left"], "Afterwards the parameters of the model had gradients."


@check(
    hint="Run `dropout_output_std(DropoutNet(), x)` yourself: there has to be a spread in train mode and "
    "none in eval mode."
)
def test_stats_of_own_net(student):
    """Your function finds for your network: the output varies in train mode only."""

    def probe(DropoutNet, dropout_output_std):
        import torch

        torch.manual_seed(12)
        model = DropoutNet()
        scramble(13)
        return plain(dropout_output_std(model, images(), n_passes=8))

    train, evaluated = spreads(student(probe))
    assert abs(evaluated) < 1e-4, "By your own measurement, the output of your network varies in eval mode."
    assert train > 1e-4, "By your own measurement, the output of your network does not vary in train mode."


# ---- answers_1_2 ----


def words(answers):
    """Return the three answers in lower case and without a leading "the "; None for what is not answered."""
    found = {}
    for question in ("a", "b", "c"):
        answer = answers.get(question)
        found[question] = answer.strip().lower().removeprefix("the ") if isinstance(answer, str) else None
    return found


@check(
    points=2,
    hint="Look at the numbers you measured, and count the parameters of both networks.",
)
def test_answers(student, reference):
    """All three choices in `answers_1_2` are right."""

    def probe(answers_1_2):
        return answers_1_2

    answers = student(probe)
    assert isinstance(answers, dict), "`answers_1_2` has to stay a dictionary with the keys 'a', 'b' and 'c'."
    given = words(answers)
    unanswered = [question for question, word in given.items() if not word]
    assert not unanswered, f"There is no answer to {', '.join(unanswered)}."
    right = words(reference(probe))
    wrong = [question for question, word in given.items() if word != right[question]]
    assert not wrong, f"Not right: {', '.join(wrong)}."
