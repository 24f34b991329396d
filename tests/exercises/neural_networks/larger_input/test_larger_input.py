"""Hidden checks for `Net64`.

Any architecture that keeps the contract passes, so nothing is compared with the reference, and no layer is
asked for by name. A network may be lazy: it runs once before its parameters are looked at.
"""

import numpy as np

from autograde.checks import check

CLASSES = 10
SIDE = 64
CORNER = 12  # pixels: rounding down in strides and poolings may well lose some at a border
STEPS = 30

# ---- for the student's process ----


def images(number, seed=7):
    """Return the same `number` random images in every call, whatever the global generators."""
    import torch

    return torch.randn(number, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))


def new(Net64, seed=3):
    """Return a new network in eval mode after one pass, which gives lazy layers their parameters."""
    import torch

    torch.manual_seed(seed)
    model = Net64().eval()
    with torch.no_grad():
        model(images(2))
    return model


def outputs(model, x):
    """Return the scores of a model in eval mode, without gradients."""
    import torch

    with torch.no_grad():
        return model.eval()(x)


def adam(model, loss_of, goal, lr):
    """Take steps of Adam, and say whether `goal(scores)` was reached: few are needed if all is well."""
    import torch

    parameters = [p for p in model.parameters() if p.requires_grad]
    means = [torch.zeros_like(p) for p in parameters]
    squares = [torch.zeros_like(p) for p in parameters]
    for step in range(1, STEPS + 1):
        scores = model(training_images())
        if goal(scores):
            return True
        if not scores.requires_grad:
            return False
        model.zero_grad()
        loss_of(scores).backward()
        with torch.no_grad():
            for parameter, mean, square in zip(parameters, means, squares, strict=True):
                if parameter.grad is not None:
                    mean.lerp_(parameter.grad, 0.1)
                    square.lerp_(parameter.grad**2, 0.001)
                    root = (square / (1 - 0.999**step)).sqrt_().add_(1e-8)
                    parameter.addcdiv_(mean, root, value=-lr / (1 - 0.9**step))
    return bool(goal(model(training_images())))


def strange_parameters(model):
    """Return the shapes of those tensors to which gradients flow back from the scores, but not as parameters.

    What a layer outside of the model holds is the same for all models, so a state dict does not miss it.
    """
    waiting, seen, found = [model(images(2)).grad_fn], set(), []
    own = set(model.parameters())
    while waiting:
        operation = waiting.pop()
        if operation is None or operation in seen:
            continue
        seen.add(operation)
        leaf = getattr(operation, "variable", None)
        if leaf is not None and leaf not in own:
            found.append(str(tuple(leaf.shape)))
        waiting += [following for following, _ in operation.next_functions]
    return sorted(found)


def training_images():
    """Return a dark image and a bright one."""
    import torch

    return images(2) + torch.tensor([-1.0, 1.0]).view(2, 1, 1, 1)


# ---- for the grader's process ----


def scores_of(number, array):
    """Return scores, once it is sure that they are (number, 10) finite numbers."""
    assert isinstance(array, np.ndarray), "`forward` has to return the output: a tensor of shape (N, 10)."
    assert array.shape == (number, CLASSES), (
        f"The output for {number} image(s) has to have the shape ({number}, {CLASSES}), not {array.shape}."
    )
    assert array.dtype.kind == "f", f"The output has to hold scores. Yours holds {array.dtype.name} numbers."
    assert np.isfinite(array).all(), "Some scores are infinite or not a number."
    return array


def close(one, other):
    """Say whether two arrays of scores are equal up to rounding."""
    return bool((np.abs(one - other) <= 1e-5 + 1e-4 * np.abs(one).max()).all())


@check(
    hint="Print `x.shape` before each layer for a batch of one. The maps of `network` go 64 -> 62 -> 31 -> "
    "29 -> 14, not 12: convolutions take the same border off a large image as off a small one. If the "
    "output has one dimension, the batch dimension was flattened or squeezed away."
)
def test_one_image(student):
    """One image of 64 x 64 pixels gives ten scores, of shape (1, 10)."""

    def probe(Net64):
        return outputs(Net64(), images(1))

    scores_of(1, student(probe))


@check(
    points=2,
    hint="Flatten with `torch.flatten(x, 1)`. `x.view(-1, n)` makes as many rows as it takes if n is not the "
    "size of one image's maps, and `x.view(1, -1)` makes one row of the whole batch.",
    needs=("test_one_image",),
)
def test_any_number_of_images(student):
    """N images give an output of shape (N, 10), for every N."""

    def probe(Net64):
        model = new(Net64)
        return {str(number): outputs(model, images(number)) for number in (2, 5, 9)}

    for number, array in student(probe).items():
        scores_of(int(number), array)


@check(
    points=2,
    hint="Each image has to stay in its row: flatten with `torch.flatten(x, 1)`, and use `dim=1` where a "
    "function asks for a dimension. Create no layers in `forward`: each pass would draw new weights.",
    needs=("test_any_number_of_images",),
)
def test_images_are_independent(student):
    """In eval mode the scores of an image do not depend on the other images of the batch."""

    def probe(Net64):
        import torch

        model = new(Net64)
        x = images(4)
        alone = torch.cat([outputs(model, x[i : i + 1]) for i in range(len(x))])
        return {"alone": alone, "together": outputs(model, x), "again": outputs(model, x)}

    found = {name: scores_of(4, array) for name, array in student(probe).items()}
    assert close(found["together"], found["again"]), (
        "In eval mode the same images were passed twice, and gave other scores the second time."
    )
    assert close(found["alone"], found["together"]), (
        "The scores of images in a batch were others than those of the same images passed alone."
    )


@check(
    points=2,
    hint="Change the network, not the image: no `interpolate`, pooling, slicing or cropping before the first "
    "convolution.",
    needs=("test_any_number_of_images",),
)
def test_convolution_sees_64(student):
    """The first convolution sees an image of at least 64 x 64 pixels."""

    def probe(Net64):
        import torch
        from torch.overrides import TorchFunctionMode

        class Watch(TorchFunctionMode):
            def __init__(self):
                super().__init__()
                self.seen = []

            def __torch_function__(self, function, types, args=(), kwargs=None):
                if getattr(function, "__name__", "").startswith("conv"):
                    image = args[0] if args else (kwargs or {}).get("input")
                    if isinstance(image, torch.Tensor):
                        self.seen.append(list(image.shape))
                return function(*args, **(kwargs or {}))

        model = new(Net64)
        with Watch() as watch:
            outputs(model, images(2))
        return watch.seen

    seen = student(probe)
    assert seen, "No convolution was applied: `Net64` has to be a convolutional network."
    height, width = seen[0][-2:]
    assert min(height, width) >= SIDE, (
        f"The first convolution sees {height} x {width} pixels of an image of {SIDE} x {SIDE}."
    )


@check(
    points=2,
    hint="Something is cut off: an image cropped by slicing, or feature maps of which only a part is used "
    "(`x[:, :, :6, :6]`). Every region has to reach the scores.",
    needs=("test_any_number_of_images",),
)
def test_whole_image(student):
    """Every region of the image has an influence on the scores."""

    def probe(Net64):
        import torch

        x = torch.zeros(17, 1, SIDE, SIDE)  # a black image, and some with strong noise in one region
        noise = 30 * images(17)
        regions = {"black": slice(0, 1)}
        places = {"start": slice(0, CORNER), "end": slice(SIDE - CORNER, SIDE)}
        at = 1
        for vertical, rows in places.items():
            for horizontal, columns in places.items():
                x[at : at + 4, :, rows, columns] = noise[at : at + 4, :, rows, columns]
                regions[f"{vertical} {horizontal}"] = slice(at, at + 4)
                at += 4
        scores = outputs(new(Net64), x)
        return {name: scores[part] for name, part in regions.items()}

    scores = student(probe)
    black = scores_of(1, scores.pop("black"))
    vertical, horizontal = {"start": "upper", "end": "lower"}, {"start": "left", "end": "right"}
    deaf = []
    for name, array in scores.items():
        row, column = name.split()
        if close(np.broadcast_to(black, (4, CLASSES)), scores_of(4, array)):
            deaf.append(f"{vertical[row]} {horizontal[column]}")
    assert not deaf, f"What is in the corner of the image has no influence on the scores: {', '.join(deaf)}."


@check(
    hint="No softmax, ReLU, sigmoid or tanh after the last layer: return what the last layer gives.",
    needs=("test_any_number_of_images",),
)
def test_raw_scores(student):
    """The scores are raw: training can make them any number, positive or negative."""

    def probe(Net64):
        def falls(scores):
            return scores.sum()

        def rises(scores):
            return -scores.sum()

        def is_low(scores):
            return scores.min() < -1.1

        def is_high(scores):
            return scores.max() > 1.1

        return {
            "lower than -1": adam(new(Net64), falls, is_low, 0.05),
            "higher than 1": adam(new(Net64), rises, is_high, 0.05),
        }

    missed = [aim for aim, reached in student(probe).items() if not reached]
    assert not missed, f"Training tried to make scores {' or '.join(missed)}, and not one of them got there."


@check(
    hint="`backward()` reaches a parameter only if its layer is used in `forward`, and if nothing on the way "
    "cuts it off: no `detach`, `no_grad`, `.data` or `argmax`. Remove layers that are not used.",
    needs=("test_any_number_of_images",),
)
def test_every_parameter_has_a_gradient(student):
    """After `backward()` every parameter has a gradient."""

    def probe(Net64):
        model = new(Net64)
        scores = model.train()(images(3))
        parameters = dict(model.named_parameters())
        missing = "all of them"
        if scores.requires_grad:
            scores.square().sum().backward()
            missing = ", ".join(name for name, parameter in parameters.items() if parameter.grad is None)
        return {"number": len(parameters), "missing": missing}

    found = student(probe)
    assert found["number"], "`Net64().parameters()` is empty."
    assert not found["missing"], f"Parameters without a gradient: {found['missing']}."


@check(
    points=2,
    hint="Layers have to be attributes of the model, created in `__init__` (a list of layers: "
    "`nn.ModuleList`; a bare tensor: `nn.Parameter`). Otherwise no optimizer finds their weights.",
    needs=("test_images_are_independent",),
)
def test_state_is_complete(student):
    """`state_dict()` holds all that the scores depend on: loaded into another `Net64`, it gives the same."""

    def probe(Net64):
        one, other = new(Net64), new(Net64, seed=4)
        other.load_state_dict(one.state_dict())
        scores = {"one": outputs(one, images(3)), "other": outputs(other, images(3))}
        return {"scores": scores, "strange": strange_parameters(one)}

    seen = student(probe)
    found = {name: scores_of(3, array) for name, array in seen["scores"].items()}
    assert close(found["one"], found["other"]), (
        "With the `state_dict()` of one `Net64` loaded, another one gave other scores."
    )
    assert not seen["strange"], (
        f"The scores depend on weights of shape {' and '.join(map(str, seen['strange']))}, which are not "
        "among the `parameters()` of the model."
    )


@check(
    hint="Gradients have to reach the layers and mean something: no zeros as initial weights, and no "
    "saturated or cut-off activations.",
    needs=("test_every_parameter_has_a_gradient",),
)
def test_learns(student):
    """A few steps of Adam on two images bring the loss down."""

    def probe(Net64):
        import torch

        labels = torch.tensor([3, 7])

        def loss_of(scores):
            return torch.nn.functional.cross_entropy(scores, labels)

        def learns(model):
            with torch.no_grad():
                before = loss_of(model(training_images()))
            return adam(model, loss_of, lambda scores: loss_of(scores) < 0.8 * before, 0.003)

        return any(learns(new(Net64, seed).train()) for seed in (3, 4))  # a start may be an unlucky one

    assert student(probe), f"In {STEPS} steps of Adam on two images the loss did not fall by a fifth."
