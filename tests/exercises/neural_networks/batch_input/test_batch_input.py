"""Hidden checks for `make_batch` and `runs_correctly`.

`runs_correctly` is itself a test, so it is tested: good models must pass, and broken ones must be found. Each
broken model has one fault, and is a linear layer otherwise, with weights and pixels on a coarse grid: sums of
these are exact, so that no verdict depends on rounding.
Answers are turned into True or False before they are judged; only one check asks for their type.
"""

import numpy as np

from autograde.checks import check

CLASSES = 10

# ---- for the student's process ----


def images(number, height=32, width=32):
    """Return the same `number` random images in every call, whatever the global generators."""
    import torch

    return torch.randn(number, 1, height, width, generator=torch.Generator().manual_seed(7)).round()


def linear(classes=CLASSES, after=None):
    """Return a model that scores each image by itself; `after(scores)` may spoil its output."""
    import torch
    from torch import nn

    class Linear(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(1024, classes)

        def forward(self, x):
            if x.dim() != 4:
                raise RuntimeError("this model takes batches of shape (N, 1, 32, 32)")
            scores = self.layer(torch.flatten(x, 1))
            return after(scores) if after else scores

    torch.manual_seed(3)
    model = Linear()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((64 * parameter).round() / 64)
    return model


def leave_nan_in_memory(*shape):
    """Free memory that is full of nan: a tensor that is reserved, but not drawn, likely gets it."""
    import torch

    tensors = [torch.full(shape, float("nan")) for _ in range(8)]
    del tensors[1::2]  # with gaps in between, so that what was freed is not joined to one piece
    return tensors


def verdict(runs_correctly, model, x, **options):
    """Return True or False as meant, or what was returned instead, or raised, in words."""
    try:
        result = runs_correctly(model, x, **options)
    except NotImplementedError:
        raise
    except Exception as error:
        return f"raised {type(error).__name__}"
    if result is None:
        return "returned nothing"
    try:
        return bool(result)
    except Exception:
        return f"returned a {type(result).__name__}"


# ---- for the grader's process ----


def judge(verdicts, expected):
    """Hold each verdict against what is expected of all of them."""
    for case, given in verdicts.items():
        assert isinstance(given, bool), f"For {case} your function {given}; it has to return True or False."
        assert given is expected, f"For {case} your function says {given}."


def batch_of(array):
    """Return what `make_batch` returned, once it is sure that it is a tensor of finite float32 numbers."""
    assert isinstance(array, np.ndarray), "`make_batch` has to return a tensor."
    assert array.dtype == np.float32, (
        f"The tensor has to be of dtype float32. Yours is of {array.dtype.name}."
    )
    assert np.isfinite(array).all(), "Some pixels are infinite or not a number."
    return array


# ---- make_batch ----


@check(hint="The order is batch, channel, height, width, and a grey image has one channel.")
def test_batch_of_five(student):
    """`make_batch()` is a float32 tensor of five grey images of 32 x 32 pixels."""

    def probe(make_batch):
        _kept = leave_nan_in_memory(5, 1, 32, 32)
        return make_batch()

    batch = batch_of(student(probe))
    assert batch.shape == (5, 1, 32, 32), f"The shape of five such images is not {batch.shape}."


@check(hint="Use the three arguments, height before width, in place of fixed numbers.")
def test_other_sizes(student, rng):
    """The number of images and their size are as asked for, also for one image."""

    def probe(make_batch, number, height, width):
        sizes = [make_batch(number, height, width).shape, make_batch(height=width, width=height).shape]
        return [*map(list, sizes), list(make_batch(batch_size=1).shape)]

    number, height, width = (int(rng.integers(*bounds)) for bounds in ((6, 12), (20, 30), (31, 50)))
    found = student(probe, number=number, height=height, width=width)
    wanted = [[number, 1, height, width], [5, 1, width, height], [1, 1, 32, 32]]
    for shape, size in zip(found, wanted, strict=True):
        asked = f"{size[0]} images, {size[2]} pixels high and {size[3]} wide"
        assert shape == size, f"Asked for {asked}, your function returned a tensor of shape {tuple(shape)}."


@check(
    hint="`repeat`, `expand` or `[image] * 5` make copies of one image, and `torch.empty` draws nothing. "
    "Draw all pixels of all images."
)
def test_images_differ(student):
    """All pixels of all images are drawn at random."""

    def probe(make_batch):
        _kept = leave_nan_in_memory(8, 1, 16, 16)
        return make_batch(8, 16, 16)

    batch = batch_of(student(probe))
    assert batch.shape == (8, 1, 16, 16), (
        f"The shape {batch.shape} is not that of 8 images of 16 x 16 pixels."
    )
    assert len(np.unique(batch, axis=0)) == len(batch), "Some of the images are copies of each other."
    for axis in (-2, -1):
        varies = (np.ptp(batch, axis=axis) > 0).any(axis=(1, 2))
        assert varies.all(), "Within an image, all pixels of a row or of a column are equal."
    alike = np.abs(np.corrcoef(batch.reshape(len(batch), -1))) > 0.999
    assert alike.sum() == len(batch), "Some of the images are one image, only brighter or with more contrast."


# ---- runs_correctly: good models ----


@check(
    points=2,
    hint="Compare with len(x) and num_classes, not with fixed numbers, and run the single images as batches "
    "of one: `x[i : i + 1]`.",
)
def test_good_models(student, rng):
    """Models that work are found to work, for any number of images and of classes."""

    def probe(runs_correctly, number, classes):
        return {
            f"a good model and {number} images": verdict(runs_correctly, linear(), images(number)),
            "a good model and one image": verdict(runs_correctly, linear(), images(1)),
            f"a good model with {classes} classes": verdict(
                runs_correctly, linear(classes), images(number), num_classes=classes
            ),
        }

    judge(student(probe, number=int(rng.integers(6, 14)), classes=int(rng.integers(3, 9))), True)


@check(
    hint="Do not ask for equality (`==`, `torch.equal`). `torch.allclose(a, b, atol=1e-5)` allows rounding; "
    "with its default, `atol=1e-8`, it is too strict for numbers near 0.",
    needs=("test_good_models",),
)
def test_rounding(student):
    """Rounding is no mistake: differences below 1e-5 are allowed."""

    def probe(runs_correctly, network):
        import torch

        def rounded(scores):
            return 0.1 * torch.tanh(scores) + (4e-6 if len(scores) > 1 else 0)

        good = linear(after=rounded)
        return {
            "a good model with differences of 4e-6": verdict(runs_correctly, good, images(5)),
            "`network` and five images": verdict(runs_correctly, network(), images(5)),
        }

    judge(student(probe), True)


@check(
    points=2,
    hint="Call `model.eval()` before the passes: dropout draws anew in each pass in train mode, and batch "
    "normalization uses the other images.",
    needs=("test_good_models",),
)
def test_models_in_train_mode(student):
    """Models with dropout or batch normalization are judged in eval mode, whatever mode they come in."""

    def probe(runs_correctly):
        from torch import nn

        dropout = nn.Sequential(linear(), nn.Dropout(0.5)).train()
        norm = nn.Sequential(linear(), nn.BatchNorm1d(CLASSES, eps=0)).train()
        return {
            "a good model with dropout that came in train mode": verdict(runs_correctly, dropout, images(4)),
            "a good model with batch normalization that came in train mode": verdict(
                runs_correctly, norm, images(4)
            ),
        }

    judge(student(probe), True)


# ---- runs_correctly: broken models ----


@check(
    points=2,
    hint="Compare both numbers of the shape: `output.shape == (len(x), num_classes)`.",
    needs=("test_good_models",),
)
def test_wrong_shape(student):
    """An output of another shape than (len(x), num_classes) is found."""

    def probe(runs_correctly):
        def flat(scores):
            return scores.flatten()

        def two_rows_each(scores):
            return scores.reshape(2 * len(scores), -1)

        def one_dimension_more(scores):
            return scores.unsqueeze(-1)

        def best(scores):
            return scores.argmax(dim=1)

        def short(scores):
            return scores[:-1] if len(scores) > 1 else scores

        return {
            "a model with 8 scores for each image": verdict(runs_correctly, linear(8), images(5)),
            "a model with 10 scores when 4 are asked for": verdict(
                runs_correctly, linear(), images(5), num_classes=4
            ),
            "a model with two rows for each image": verdict(
                runs_correctly, linear(20, two_rows_each), images(5)
            ),
            "a model that leaves out an image": verdict(runs_correctly, linear(after=short), images(5)),
            "a model whose output has one dimension": verdict(runs_correctly, linear(after=flat), images(5)),
            "a model whose output has three dimensions": verdict(
                runs_correctly, linear(after=one_dimension_more), images(5)
            ),
            "a model that returns the best class only": verdict(
                runs_correctly, linear(after=best), images(5)
            ),
        }

    judge(student(probe), False)


@check(
    points=2,
    hint="Put all the passes inside `try:`, and return False after `except (RuntimeError, ValueError):`.",
    needs=("test_good_models",),
)
def test_errors(student):
    """A model that raises an error is found, and the error does not get out."""

    def probe(runs_correctly, network):
        def refuse(scores):
            raise ValueError("this model takes no images")

        def refuse_one(scores):
            if len(scores) == 1:
                raise RuntimeError("this model takes no single image")
            return scores

        return {
            "images of a size that the model cannot take": verdict(
                runs_correctly, network(), images(5, 28, 28)
            ),
            "a model that raises a ValueError": verdict(runs_correctly, linear(after=refuse), images(5)),
            "a model that raises an error for a single image": verdict(
                runs_correctly, linear(after=refuse_one), images(5)
            ),
        }

    judge(student(probe), False)


@check(
    hint="`torch.isfinite(output).all()`. A comparison does not find them: inf equals inf, and every "
    "comparison with nan is false, also `difference > 1e-5`.",
    needs=("test_good_models",),
)
def test_not_finite(student):
    """Scores that are infinite or not a number are found."""

    def probe(runs_correctly):
        def spoilt_with(number):
            def spoil(scores):
                spoilt = scores.clone()
                spoilt[:, 2] = float(number)
                return spoilt

            return spoil

        verdicts = {}
        for number in ("nan", "inf", "-inf"):
            model = linear(after=spoilt_with(number))
            verdicts[f"a model with a score of {number}"] = verdict(runs_correctly, model, images(4))
        return verdicts

    judge(student(probe), False)


@check(
    points=2,
    hint="The shape does not tell it: compare every row of the output with the output for that image alone. "
    "Rows may be too high or too low (`abs`), and a difference of more than 1e-5 is no rounding.",
    needs=("test_good_models",),
)
def test_mixed_images(student):
    """A model whose output for an image depends on the other images is found."""

    def probe(runs_correctly):
        import torch

        def centred(scores):
            return scores - scores.mean(dim=0)

        def last_row(scores):
            mixed = scores.clone()
            if len(scores) > 1:
                mixed[-1] = mixed[-1].roll(1)
            return mixed

        def lower(scores):  # no difference is positive
            return scores - 0.1 * (len(scores) > 1)

        def slightly_off(scores):
            return 0.1 * torch.tanh(scores) + 0.005 * (len(scores) > 1)

        def one_class(scores):
            mixed = scores.clone()
            mixed[1:-1, 4] = mixed[1:-1, 4] + 0.1 * (len(scores) > 1)
            return mixed

        return {
            "a model that subtracts the mean over the batch": verdict(
                runs_correctly, linear(after=centred), images(6)
            ),
            "a model that is wrong about the last image of a batch": verdict(
                runs_correctly, linear(after=last_row), images(6)
            ),
            "a model that is wrong about one class, in the middle of a batch": verdict(
                runs_correctly, linear(after=one_class), images(6)
            ),
            "a model whose scores are lower by 0.1 for images in a batch": verdict(
                runs_correctly, linear(after=lower), images(6)
            ),
            "a model whose scores are higher by 0.005 for images in a batch": verdict(
                runs_correctly, linear(after=slightly_off), images(6)
            ),
        }

    judge(student(probe), False)


@check(
    hint="Row i has to be the output for image i: compare row by row, in the order of the batch.",
    needs=("test_good_models",),
)
def test_order_of_images(student):
    """A model that gives the right rows in the wrong order is found."""

    def probe(runs_correctly):
        def reversed_rows(scores):
            return scores.flip(0)

        def swapped(scores):
            order = list(range(len(scores)))
            if len(order) > 3:
                order[1], order[2] = order[2], order[1]
            return scores[order]

        return {
            "a model that returns the rows from last to first": verdict(
                runs_correctly, linear(after=reversed_rows), images(6)
            ),
            "a model that swaps two rows": verdict(runs_correctly, linear(after=swapped), images(6)),
        }

    judge(student(probe), False)


# ---- runs_correctly: what it returns and leaves behind ----


@check(hint="`bool(...)` makes True or False of a tensor or array of one number.")
def test_returns_bool(student):
    """The answer is True or False, and nothing else."""

    def probe(runs_correctly):
        import numpy as np

        def spoilt(scores):
            return scores / 0

        def reversed_rows(scores):
            return scores.flip(0)

        models = {
            "works": linear(),
            "gives 8 scores": linear(8),
            "gives infinite scores": linear(after=spoilt),
            "returns the rows from last to first": linear(after=reversed_rows),
        }
        found = {}
        for case, model in models.items():
            answer = runs_correctly(model, images(3))
            found[case] = type(answer).__name__ if not isinstance(answer, bool | np.bool_) else ""
        return found

    for case, kind in student(probe).items():
        assert not kind, f"For a model that {case} your function returned a value of type {kind}."


@check(
    points=2,
    hint="Remember `model.training` at the start and give it to `model.train(...)` at the end, in `finally:` "
    "or before every `return`.",
)
def test_mode_restored(student):
    """The model is in the mode in which it came, also after an error."""

    def probe(runs_correctly):
        from torch import nn

        def refuse(scores):
            raise RuntimeError("this model takes no images")

        after = {}
        for case, broken in (
            ("worked", {}),
            ("had the wrong shape", {"classes": 8}),
            ("raised", {"after": refuse}),
        ):
            for mode in (True, False):
                model = nn.Sequential(linear(**broken), nn.Dropout(0.5)).train(mode)
                verdict(runs_correctly, model, images(3))
                after[f"{case}, {mode}"] = [module.training for module in model.modules()]
        return after

    for name, modes in student(probe).items():
        case, mode = name.split(", ")
        came, went = ("train", "eval") if mode == "True" else ("eval", "train")
        as_it_came = all(one is (mode == "True") for one in modes)
        assert as_it_came, f"A model that {case} came in {came} mode, and was left in {went} mode."


@check(
    hint="Passes in train mode change the running averages of batch normalization, so `model.eval()` comes "
    "first. Do not change parameters either, nor the images.",
)
def test_model_unchanged(student):
    """Neither the model nor the images are changed."""

    def probe(runs_correctly):
        import torch
        from torch import nn

        model = nn.Sequential(linear(), nn.BatchNorm1d(CLASSES)).train()
        model[0].layer.bias.requires_grad_(False)
        model[0].layer.weight.grad = torch.ones(CLASSES, 1024)

        def state():
            return {
                "parameters or running averages": {k: v.tolist() for k, v in model.state_dict().items()},
                "gradients": [p.grad is None or p.grad.sum().item() for p in model.parameters()],
                "`requires_grad`": [p.requires_grad for p in model.parameters()],
            }

        x = images(4)
        before = state()
        verdict(runs_correctly, model, x)
        changed = [name for name, value in state().items() if value != before[name]]
        return changed + (["images"] if not torch.equal(x, images(4)) else [])

    changed = student(probe)
    assert not changed, f"After the call the {', '.join(map(str, changed))} were others than before."


@check(hint="Run the passes inside `with torch.no_grad():`.")
def test_no_gradients(student):
    """No gradients are recorded in the passes."""

    def probe(runs_correctly):
        recorded = []

        def look(scores):
            recorded.append(scores.requires_grad)
            return scores

        verdict(runs_correctly, linear(after=look), images(3))
        return recorded

    recorded = student(probe)
    assert recorded, "The model was not called at all."
    assert not any(recorded), "A pass was recorded for gradients."
