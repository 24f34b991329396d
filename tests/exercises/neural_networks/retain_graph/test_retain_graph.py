"""Hidden checks for `compare_retain_graph`, `backward_twice` and the choices in `answers_4_3`.

The true results are always the same: no difference, None, and 2. So that nobody can write them down without
trying, some loss functions here behave otherwise: their gradients change from call to call, or they store
nothing that could be released.
"""

import math

from autograde.checks import check

LISTS = ("default", "retained")


# ---- for the student's process ----


def small_model():
    """Return the same small model in every call."""
    import torch
    from torch import nn

    torch.manual_seed(31)
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))


def batch():
    """Return inputs and targets, the same in every call."""
    import torch

    generator = torch.Generator().manual_seed(32)
    return torch.randn(5, 4, generator=generator), torch.randn(5, 3, generator=generator)


def state(model):
    """Return all that must stay as it is, as plain data."""
    return {
        "parameters": {name: value.tolist() for name, value in model.state_dict().items()},
        "gradients": [None if p.grad is None else p.grad.tolist() for p in model.parameters()],
        "modes (train or eval)": [module.training for module in model.modules()],
        "`requires_grad`": [p.requires_grad for p in model.parameters()],
    }


def plain(value):
    """Return a tensor or array of one number as a Python number, also inside a dict, list or tuple."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    try:
        return value.item()
    except (AttributeError, RuntimeError, ValueError):
        return value


def with_old_gradients(model):
    """Return the model after it has received gradients from elsewhere."""
    import torch

    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    return model


# ---- for the grader's process ----


def comparison_of(result):
    """Return the two lists and the difference, once it is sure that they are numbers."""
    name = "`compare_retain_graph`"
    assert result is not None, f"{name} returns nothing: is there a `return` at its end?"
    assert isinstance(result, dict), f"{name} must return a dictionary."
    for key in (*LISTS, "max_weight_difference"):
        assert key in result, f"The dictionary that {name} returned has no key {key!r}."
    for key in LISTS:
        losses = result[key]
        assert isinstance(losses, list | tuple), f"{key!r} must be a list of numbers, one for each step."
        kinds = {type(loss).__name__ for loss in losses} - {"int", "float"}
        assert not kinds, (
            f"{key!r} holds values that are no plain numbers: {', '.join(sorted(kinds)).lower()[:60]}."
        )
    value = result["max_weight_difference"]
    assert type(value) in (int, float), (
        f"'max_weight_difference' must be a plain number. Yours is of type {type(value).__name__}."
    )
    return result


def assert_same_losses(result, expected):
    """Compare both lists with those of the reference."""
    result = comparison_of(result)
    for key in LISTS:
        losses, right = result[key], expected[key]
        assert losses, f"{key!r} is empty."
        assert near(losses[0], right[0]), (
            f"The first loss of {key!r} is not the loss of `model` as it came: {losses[0]:.4g}. "
            "Both copies start from its parameters, and the loss is noted before the step."
        )
        pairs = list(zip(losses, right, strict=False))
        assert len(losses) == 1 or len(right) == 1 or not near(losses[0], losses[1]), (
            f"The losses of {key!r} do not change: the parameters are not updated."
        )
        wrong = next((number for number, pair in enumerate(pairs, start=1) if not near(*pair)), 0)
        assert not wrong, (
            f"From step {wrong} on, the losses of {key!r} are not those of plain gradient descent "
            "with the given learning rate."
        )


def near(loss, expected):
    """Tell whether two losses are equal up to rounding."""
    return math.isclose(loss, expected, rel_tol=1e-4, abs_tol=1e-6)


# ---- compare_retain_graph ----


@check(
    points=2,
    hint="Copy the model for each of the two trainings. In each step: clear the gradients, compute the loss, "
    "go backward once, and move the parameters.",
)
def test_losses(student, reference):
    """Both copies start from `model` and train by plain gradient descent."""

    def probe(compare_retain_graph):
        from torch import nn

        x, target = batch()
        labels = target.argmax(dim=1)
        results = [
            compare_retain_graph(small_model(), x, target, nn.MSELoss()),
            compare_retain_graph(small_model(), x, labels, nn.CrossEntropyLoss(), num_steps=4, lr=0.5),
        ]
        return plain(results)

    for result, expected in zip(student(probe), reference(probe), strict=True):
        assert_same_losses(result, expected)


@check(hint="Note one loss in each step, with `loss.item()`; default is 5 steps.")
def test_lengths(student):
    """Each list holds one plain number for each step."""

    def probe(compare_retain_graph):
        from torch import nn

        x, target = batch()
        results = {
            number: compare_retain_graph(small_model(), x, target, nn.MSELoss(), num_steps=number)
            for number in (1, 3)
        }
        return results | {5: compare_retain_graph(small_model(), x, target, nn.MSELoss())}

    for number, result in student(probe).items():
        result = comparison_of(result)
        for key in LISTS:
            assert len(result[key]) == number, (
                f"In a training of {number} steps, {key!r} holds {len(result[key])} numbers."
            )


@check(
    points=2,
    hint="One copy calls `loss.backward()`, the other `loss.backward(retain_graph=True)`, once in each step.",
)
def test_flag_used(student):
    """One training retains the graph in each step, the other in none."""

    def probe(compare_retain_graph):
        import torch

        called = []  # what is known of each loss; they differ from call to call, to tell the trainings apart

        def criterion(output, target):
            error = output - target
            loss = error.square().mean() * (1 + len(called) / 8)
            seen = {"loss": loss, "error": error, "passes": 0, "recorded": False}
            called.append(seen)

            def note(gradient):
                seen["passes"] += 1
                seen["recorded"] = gradient.requires_grad

            if error.requires_grad:
                error.register_hook(note)
            return loss

        def retained(seen):
            try:
                torch.autograd.grad(seen["loss"], seen["error"], retain_graph=True)
            except RuntimeError:
                return False
            return True

        result = plain(compare_retain_graph(small_model(), *batch(), criterion, num_steps=3))
        told = []
        for seen in called:
            facts = {
                name: seen[name] for name in ("passes", "recorded")
            }  # before trying, which is a pass, too
            kept = bool(seen["passes"]) and retained(seen)
            told.append(facts | {"retained": kept, "loss": seen["loss"].item()})
        return told, result

    called, result = student(probe)
    seen = [one for one in called if one["passes"]]
    kept, released = [one for one in seen if one["retained"]], [one for one in seen if not one["retained"]]
    assert seen, "No backward pass was seen."
    assert all(one["passes"] == 1 for one in seen), "There was more than one backward pass for one loss."
    assert released, "The graph was retained in all backward passes, of both trainings."
    assert kept, "The graph was retained in no backward pass: `retain_graph=True` has not been used."
    assert not any(one["recorded"] for one in kept), (
        "The gradients themselves were recorded, as `create_graph=True` does: use `retain_graph=True`."
    )
    assert len(kept) == len(released) == 3, (
        f"In two trainings of 3 steps the graph was retained {len(kept)} times and released "
        f"{len(released)} times."
    )
    result = comparison_of(result)
    for key, others in (("default", kept), ("retained", released)):
        swapped = [one for one in others if any(near(loss, one["loss"]) for loss in result[key])]
        assert not swapped, f"The losses of {key!r} are those of the other training: the names are swapped."


@check(hint="After the last step, go through the parameters of both copies in pairs: `(a - b).abs().max()`.")
def test_difference(student, reference):
    """`max_weight_difference` is the largest difference between the two copies after training."""

    def probe(compare_retain_graph):
        import torch
        from torch import nn

        results = []
        factors = torch.tensor([[0.1, 0.2, -0.4], [0.4, -0.5, 0.5], [-0.3, 0.9, -0.5], [0.2, 0.1, 0.8]])
        for signs in ((1.0, 1.0, 1.0), (-1.0, -1.0, -1.0), (1.0, -1.0, 1.0)):
            used, calls = [], iter(factors * torch.tensor(signs))

            def criterion(output, target, calls=calls, used=used):
                # The output is weight + bias. Each call has other gradients, so the copies become different.
                factor = next(calls, None)
                factor = torch.ones(3) if factor is None else factor
                if output.requires_grad:
                    output.register_hook(lambda gradient: used.append(factor))
                return (output.flatten() * factor).sum()

            model = nn.Linear(3, 1)
            found = compare_retain_graph(
                model, torch.eye(3), torch.zeros(3, 1), criterion, num_steps=1, lr=0.5
            )
            results.append((plain(found), used))
        x, target = batch()
        return results, plain(compare_retain_graph(small_model(), x, target, nn.MSELoss()))

    results, equal = student(probe)
    assert comparison_of(equal)["max_weight_difference"] == 0, (
        "Both copies start equal and get the same gradients: the difference should be exactly 0, and "
        f"yours is {equal['max_weight_difference']:.3g}."
    )
    for found, used in results:
        value = comparison_of(found)["max_weight_difference"]
        assert len(used) == 2, f"In two trainings of one step there were {len(used)} backward passes."
        apart = used[0] - used[1]
        expected = 0.5 * max(abs(apart).max(), abs(apart.sum()))
        assert value != 0, (
            "With a loss that differs from call to call the copies differ, but your difference is 0."
        )
        assert math.isclose(value, expected, rel_tol=1e-4), (
            f"With a loss that differs from call to call, {value:.4g} is not the largest absolute difference "
            "over all parameters."
        )


# ---- both functions ----


@check(hint="Train and differentiate copies only: `copy.deepcopy(model)`.")
def test_model_unchanged(student):
    """`model` keeps its parameters, gradients and mode."""

    def probe(compare_retain_graph, backward_twice):
        from torch import nn

        x, target = batch()
        changes = {}
        for name in ("compare_retain_graph", "backward_twice"):
            model = with_old_gradients(small_model())
            model[1].eval()
            model[2].bias.grad = None
            before = state(model)
            if name == "compare_retain_graph":
                compare_retain_graph(model, x, target, nn.MSELoss())
            else:
                backward_twice(model, x, target, nn.MSELoss(), True)
            changes[name] = before, state(model)
        return changes

    for function, (before, after) in student(probe).items():
        changed = [aspect for aspect, value in before.items() if after[aspect] != value]
        assert not changed, f"After `{function}` the model has other {' and other '.join(changed)}."


@check(hint="Clear the gradients of the copy before its first backward pass.")
def test_old_gradients(student):
    """Gradients that `model` has from elsewhere do not matter."""

    def probe(compare_retain_graph, backward_twice):
        from torch import nn

        def results(model):
            return [
                compare_retain_graph(model, *batch(), nn.MSELoss()),
                backward_twice(model, *batch(), nn.MSELoss(), True),
            ]

        return plain([results(with_old_gradients(small_model())), results(small_model())])

    (old_losses, old_ratio), (losses, ratio) = student(probe)
    old_losses, losses = comparison_of(old_losses), comparison_of(losses)
    for key in LISTS:
        same = len(old_losses[key]) == len(losses[key]) and all(map(near, old_losses[key], losses[key]))
        assert same, f"The losses of {key!r} are others if `model` comes with gradients."
    numbers = type(old_ratio) is type(ratio) is float
    same = math.isclose(old_ratio, ratio, rel_tol=1e-3) if numbers else old_ratio == ratio
    assert same, (
        f"`backward_twice` gives {str(old_ratio)[:20]} with old gradients, and {str(ratio)[:20]} without."
    )


# ---- backward_twice ----


def assert_ratio(ratio, expected):
    """Hold a ratio to the reference's."""
    assert ratio is not None, (
        "`backward_twice` returned None, although the second backward pass was possible."
    )
    assert type(ratio) in (int, float), (
        f"`backward_twice` must return a plain number. Yours is of type {type(ratio).__name__}."
    )
    assert math.isclose(ratio, expected, rel_tol=1e-3), (
        f"{ratio:.4g} is not the sum of all absolute gradients after the second backward pass, divided by "
        "the sum after the first."
    )


@check(hint="Call `loss.backward()` twice on the same loss: a new forward pass would make a new graph.")
def test_second_backward_default(student):
    """Without `retain_graph` the second backward pass fails, and the result is None."""

    def probe(backward_twice):
        from torch import nn

        return backward_twice(small_model(), *batch(), nn.MSELoss(), False)

    ratio = student(probe)
    assert ratio is None, (
        "With retain_graph=False the second backward pass through the graph raises RuntimeError, and the "
        f"result is None. Yours is {str(ratio)[:40]}."
    )


@check(
    hint="The second backward pass adds to the first. Take the first sum before it runs, as a number: `grad` "
    "is the same tensor before and after, and changes in place."
)
def test_second_backward_retained(student, reference):
    """With `retain_graph` the result is the growth of the gradients."""

    def probe(backward_twice):
        from torch import nn

        return backward_twice(small_model(), *batch(), nn.MSELoss(), True)

    assert_ratio(student(probe), reference(probe))


@check(
    hint="Let both backward passes run, and see what happens: whether there is an error depends on the graph."
)
def test_really_tries(student, reference):
    """The result comes from two real backward passes, whatever the model and the loss."""

    def probe(backward_twice):
        import torch
        from torch import nn

        # With a bias alone to differentiate for, the graph stores nothing, so that nothing is released.
        shift = nn.Linear(2, 2)
        weight = shift.weight.detach()
        del shift.weight
        shift.register_buffer("weight", weight)

        def total(output, target):
            return (output - target).sum()

        def growing(output, target):
            """Return a loss that has other gradients in a second backward pass."""
            factors = iter((torch.ones(3), torch.tensor([-2.0, 3.0, 1.0])))
            output.register_hook(lambda gradient: gradient * next(factors, 1.0))
            return (output - target).square().mean()

        results = {
            "a loss that has other gradients in each pass": backward_twice(
                small_model(), *batch(), growing, True
            ),
            "a model whose graph stores nothing, with retain_graph=False": backward_twice(
                shift, torch.ones(3, 2), torch.zeros(3, 2), total, False
            ),
        }
        return plain(results)

    seen, expected = student(probe), reference(probe)
    for case, ratio in seen.items():
        assert type(ratio) in (int, float), (
            f"With {case}, no number was returned, although the second backward pass was possible."
        )
        assert math.isclose(ratio, expected[case], rel_tol=1e-3), (
            f"With {case}, {ratio:.4g} is not the ratio of the two sums."
        )


# ---- answers_4_3 ----


def words(answers):
    """Return the four answers in lower case; None for what is not answered."""
    found = {}
    for question in ("a", "b", "c", "d"):
        answer = answers.get(question)
        found[question] = " ".join(answer.lower().split()) if isinstance(answer, str) else None
    return found


@check(
    points=2,
    hint="Look at the difference and the ratios you measured, and at the megabytes that the graph keeps.",
)
def test_answers(student, reference):
    """All four choices in `answers_4_3` are right."""

    def probe(answers_4_3):
        return answers_4_3

    answers = student(probe)
    assert isinstance(answers, dict), "`answers_4_3` has to stay a dictionary with the keys 'a' to 'd'."
    given = words(answers)
    unanswered = [question for question, word in given.items() if not word]
    assert not unanswered, f"There is no answer to {', '.join(unanswered)}."
    right = words(reference(probe))
    wrong = [question for question, word in given.items() if word != right[question]]
    assert not wrong, f"Not right: {', '.join(wrong)}."
