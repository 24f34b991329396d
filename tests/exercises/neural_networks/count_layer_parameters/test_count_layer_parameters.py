"""Hidden checks for `count_layer_parameters`."""

import re
from numbers import Real

from autograde.checks import check


@check(points=2, hint="A parameter tensor has `numel()` numbers; add those of a layer's weight and bias.")
def test_tutorial_net(student, reference):
    """The tutorial network's five layers are counted."""

    def probe(count_layer_parameters, network):
        return count_layer_parameters(network())

    assert_same_counts(student(probe), reference(probe))


@check(
    points=2,
    hint="Read every number off the parameters of the model that was passed in: "
    "its layers may have any size and any type, and each call starts afresh.",
)
def test_other_net(student, reference, rng):
    """Another network is counted too, whatever its layers and their sizes."""

    def probe(count_layer_parameters, network, channels, width):
        count_layer_parameters(network())
        return count_layer_parameters(mixed_net(channels, width))

    sizes = {"channels": 2 * int(rng.integers(2, 30)), "width": int(rng.integers(5, 60))}
    assert_same_counts(student(probe, **sizes), reference(probe, **sizes))


@check(hint="Go through the modules in the order in which the model defines them, and sort nothing.")
def test_order(student, reference):
    """The layers come in the order in which the model defines them."""

    def probe(count_layer_parameters):
        import torch.nn as nn

        model = nn.Module()
        for name, width in zip("tbqasmcz", (5, 9, 3, 8, 2, 7, 4, 6), strict=True):
            model.add_module(f"{name}_layer", nn.Linear(width, 3))
        return count_layer_parameters(model)

    expected = list(own_numbers(reference(probe)))
    order = [name for name in own_numbers(student(probe)) if name in expected]
    assert len(order) == len(expected), "Some layers have no entry under their own name."
    assert order == expected, "The keys of your dict are in another order than the layers of the model."


@check(
    points=2,
    hint="`named_modules()` finds layers at every depth. Count each of them, but not the blocks around them. "
    "A layer may have no bias. BatchNorm2d(4) has 8 parameters; running mean and variance are buffers.",
)
def test_nested_bn(student, reference):
    """Layers inside blocks are found, each counted once, without the buffers of batch normalization."""

    def probe(count_layer_parameters):
        import torch.nn as nn

        stem = nn.Sequential(
            nn.Conv2d(1, 4, 3, bias=False),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.Sequential(nn.Conv2d(4, 6, 3), nn.BatchNorm2d(6)),
        )
        model = nn.Module()
        model.features = nn.ModuleDict({"stem": stem, "norm": nn.LayerNorm(7)})
        model.classifier = nn.ModuleList([nn.Linear(7, 5), nn.Dropout(), nn.Linear(5, 3)])
        return count_layer_parameters(model)

    assert_same_counts(student(probe), reference(probe))


@check(hint="This exercise asks for all parameters of a layer: `requires_grad` does not matter here.")
def test_frozen(student, reference):
    """Frozen parameters count like all others."""

    def probe(count_layer_parameters):
        model = plain_net()
        model.stem.requires_grad_(False)
        model.fc1.weight.requires_grad_(False)
        return count_layer_parameters(model)

    assert_same_counts(student(probe), reference(probe))


@check(
    hint="Call `print` once for each layer, when its number is complete. The line needs the layer's whole "
    "name and its number."
)
def test_printed(student, reference):
    """One line is printed for each layer, with its name and its number of parameters."""

    def probe(count_layer_parameters):
        import contextlib
        import io

        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            count_layer_parameters(printed_net())
        return printed.getvalue()

    def counts(count_layer_parameters):
        return count_layer_parameters(printed_net())

    def weights(count_layer_parameters):
        modules = printed_net().named_modules()
        return {name: module.weight.numel() for name, module in modules if hasattr(module, "weight")}

    text = student(probe)
    assert text.strip(), "Nothing was printed."
    layers = own_numbers(reference(counts))
    found = [{name for name in layers if shows(line, name, layers[name])} for line in text.splitlines()]
    missing = sum(not any(name in names for names in found) for name in layers)
    assert not missing, f"Layers without a line that has their name and number: {missing} of {len(layers)}."
    alone = [name for names in found if len(names) == 1 for name in names]
    assert set(alone) == set(layers), "Several layers stand on one line: give each layer a line of its own."
    unfinished = {
        name for name, number in reference(weights).items() if shown_alone(text, name, number, layers)
    }
    assert unfinished != set(layers), (
        "Each layer has a line with the number of its weights alone, before the line with its whole number."
    )


@check(hint="Only read the model: leave its mode, `requires_grad`, gradients and values as they are.")
def test_pure(student):
    """The model is not changed."""

    def probe(count_layer_parameters):
        model = used_net()
        before = state(model)
        answer = count_layer_parameters(model)
        return {"answer": answer, "before": before, "after": state(model)}

    seen = student(probe)
    own_numbers(seen["answer"])
    changed = [aspect for aspect, value in seen["before"].items() if seen["after"][aspect] != value]
    assert not changed, f"After the call the model has other {' and other '.join(changed)}."


def own_numbers(answer):
    """Return the layers of `answer` that have parameters; layers without may be left out or listed with 0."""
    assert answer is not None, "`count_layer_parameters` returns nothing: is there a `return` at its end?"
    assert isinstance(answer, dict), "`count_layer_parameters` must return a dict {layer name: number}."
    assert all(isinstance(name, str) for name in answer), "The keys of your dict must be the layers' names."
    for name, number in answer.items():
        is_number = isinstance(number, Real) and not isinstance(number, bool)
        assert is_number, f"The value of {name[:60]!r} must be a plain number."
    return {name: number for name, number in answer.items() if number != 0}


def assert_same_counts(answer, expected):
    """Compare {layer name: number} in any order; a message names no layer that the student did not name."""
    counts, expected = own_numbers(answer), own_numbers(expected)
    strange = [name[:60] for name in counts if name not in expected]
    assert not any(name.endswith((".weight", ".bias")) for name in strange), (
        f"{strange[0]!r} is one tensor of a layer: count the weight and the bias of a layer together."
    )
    assert not strange, (
        f"{strange[0]!r} is not the name of a layer with parameters of its own; "
        "`model.named_modules()` gives the names."
    )
    missing = len(expected) - len(counts)
    assert not missing, f"Layers that are missing or have 0: {missing} of {len(expected)}."
    wrong = [name for name in expected if counts[name] != expected[name]]
    assert not wrong, f"The number is wrong for {', '.join(wrong)}."


def shown_alone(text, name, weights, layers):
    """Whether a line gives the number of a layer's weights for that of the layer, without saying so."""
    lines = [line for line in text.splitlines() if "weight" not in line.lower()]
    return any(shows(line, name, weights) and not shows(line, name, layers[name]) for line in lines)


def shows(line, name, number):
    """Whether `line` has `name`, and `number` as a number of its own: 69240, 69,240, 69_240 or 69240.0."""
    line = re.sub(r"\x1b\[[0-9;]*m", "", line)  # colours
    rest, named = re.subn(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", "|", line, flags=re.IGNORECASE)
    before = r"(?<![a-z0-9])(?<!\d\.)"  # neither inside a word or a longer number nor decimals
    digits = f"{number:,}".replace(",", r"[,._'\s]?")
    after = r"(?:\.0+)?(?!\d|\.\d|[,_']\d{3}(?!\d)|\s?%|\s?[kmg]\b|e[-+\d])"  # and no decimals or unit
    return bool(named and re.search(before + digits + after, rest, flags=re.IGNORECASE))


def mixed_net(channels, width):
    """Return a network with a grouped convolution and a layer of a type of its own; `channels` is even."""
    import torch
    import torch.nn as nn

    class Scale(nn.Module):
        def __init__(self, features):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(features))
            self.bias = nn.Parameter(torch.zeros(features))

    class MixedNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.entry = nn.Conv1d(2, channels, 5)
            self.grouped = nn.Conv2d(channels, channels, (3, 4), groups=2)
            self.relu = nn.ReLU()
            self.scale = Scale(channels + 3)
            self.fc = nn.Linear(channels + 3, width)
            self.fc_out = nn.Linear(width, 11)

    return MixedNet()


def plain_net():
    """Return a network of convolutions and linear layers."""
    import torch.nn as nn

    model = nn.Module()
    model.stem = nn.Conv2d(1, 6, 3)
    model.conv2 = nn.Conv2d(6, 20, 3)
    model.fc1 = nn.Linear(80, 90)
    model.relu = nn.ReLU()
    model.fc2 = nn.Linear(90, 15)
    model.fc3 = nn.Linear(15, 5)
    return model


def printed_net():
    """Return a network in which no number has three digits: `60,1100` can only be two numbers."""
    import torch.nn as nn

    model = plain_net()
    model.head = nn.Sequential(nn.ReLU(), nn.Linear(5, 9))
    return model


def used_net():
    """Return a network in the middle of its use: mixed modes, some layers frozen, some gradients there."""
    import torch
    import torch.nn as nn

    layers = [nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(), nn.Linear(2, 3), nn.Linear(3, 2)]
    model = nn.Sequential(*layers)
    model[1].eval()
    model[3].requires_grad_(False)
    model[4].weight.grad = torch.ones(2, 3)
    model[4].bias.grad = torch.zeros(2)
    return model


def state(model):
    """Return all that counting must leave alone, as plain data."""
    parameters = list(model.named_parameters())
    return {
        "modes (train or eval)": [module.training for module in model.modules()],
        "`requires_grad`": {name: p.requires_grad for name, p in parameters},
        "gradients": {name: None if p.grad is None else p.grad.tolist() for name, p in parameters},
        "values": {name: [str(x.dtype), x.tolist()] for name, x in model.state_dict().items()},
        "attributes": {
            name: {key: len(value) if isinstance(value, dict) else 0 for key, value in vars(module).items()}
            for name, module in model.named_modules()
        },
    }
