"""Hidden checks for `loss_functions`, `compare_loss_functions` and the choices in `answers_3_3`.

The experiment is checked with loss functions of our own, so a mistake in `loss_functions` does not cost the
points of `compare_loss_functions`. Training uses ten samples in batches of 4, 4 and 2.
"""

import math
from numbers import Real

import numpy as np

from autograde.checks import check
from autograde.checks.compare import kind_of

EPOCHS = 3

# ---- for the student's process ----


def data():
    """Return a loader of ten samples of three classes."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    x = torch.randn(10, 4, generator=torch.Generator().manual_seed(41))
    return DataLoader(TensorDataset(x, torch.tensor([0, 2, 1, 1, 2, 0, 1, 2, 2, 0])), batch_size=4)


def small_net(norm=False):
    """Return a model for it, the same in every call."""
    import torch
    from torch import nn

    torch.manual_seed(42)
    middle = [nn.BatchNorm1d(8)] if norm else []
    return nn.Sequential(nn.Linear(4, 8), *middle, nn.Tanh(), nn.Linear(8, 3))


def cross_entropy(logits, labels):
    """Return the cross entropy."""
    import torch

    return torch.nn.functional.cross_entropy(logits, labels)


def margin(logits, labels):
    """Return another loss of raw scores."""
    import torch

    return torch.nn.functional.multi_margin_loss(logits, labels)


def scores_and_labels(samples, classes, seed):
    """Return random scores that need gradients, and labels among which the last class does not occur."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(samples, classes, generator=generator)
    return logits.requires_grad_(), torch.randint(0, classes - 1, (samples,), generator=generator)


def values(loss_functions, name, cases):
    """Return what one loss function gives for several sizes; "missing" if there is none of that name."""
    functions = loss_functions()
    if not isinstance(functions, dict) or name not in functions:
        return "missing"
    found = []
    for seed, (samples, classes) in enumerate(cases):
        loss = functions[name](*scores_and_labels(samples, classes, seed))
        found.append(loss.detach() if hasattr(loss, "detach") else loss)
    return found


def outcomes(loss_functions, judge):
    """Return what `judge(name, function)` finds of each loss function, or the error that it raises."""
    functions = loss_functions()
    if not isinstance(functions, dict):
        return None
    found = {}
    for name, function in functions.items():
        try:
            found[name] = judge(name, function)
        except Exception as error:
            found[name] = f"raises {type(error).__name__}: {' '.join(str(error).split())[:150]}"
    return found


# ---- for the grader's process ----


def is_number(value):
    """Whether a value is a plain number."""
    return isinstance(value, Real) and not isinstance(value, bool)


def compare_values(found, expected, name, cases):
    """Assert that a loss function gives the right values."""
    assert found != "missing", f'There is no loss function called "{name}".'
    for value, right, (samples, classes) in zip(found, expected, cases, strict=True):
        asked = f'For {samples} samples and {classes} classes, "{name}"'
        assert value is not None, f"{asked} returns nothing."
        assert isinstance(value, np.ndarray | Real), f"{asked} returns {kind_of(value)}, not a tensor."
        assert np.size(value) == 1, f"{asked} gives a tensor of shape {np.shape(value)}, not a single number."
        number = float(np.asarray(value).reshape(()))
        assert math.isfinite(number), f"{asked} gives {number}."
        assert abs(number - float(right)) <= 1e-4 * abs(float(right)) + 1e-5, (
            f"{asked} does not give the right value. Yours is {number:.4f}."
        )


def result_of(results, names):
    """Return the results once it is sure that they have the names that were passed in."""
    assert results is not None, "`compare_loss_functions` returns nothing: is there a `return` at its end?"
    assert isinstance(results, dict), (
        f"`compare_loss_functions` has to return a dictionary. Yours returned {kind_of(results)}."
    )
    missing = [name for name in names if name not in results]
    assert not missing, f"In the dictionary there is no entry for the loss function {missing[0]!r}."
    assert len(results) == len(names), "The dictionary has more entries than there are loss functions."
    return results


def numbers_of(results, name, kind, epochs):
    """Return the "loss" or "accuracy" of a loss function once it is sure that it is a list of numbers."""
    result = results[name]
    assert isinstance(result, dict), f"The entry of a loss function has to be a dict, not {kind_of(result)}."
    assert kind in result, f"The entry of a loss function has no key {kind!r}."
    listed = result[kind]
    assert isinstance(listed, list), f"Under {kind!r} there has to be a list, not {kind_of(listed)}."
    assert len(listed) == epochs, (
        f"After {epochs} epochs the list under {kind!r} has to have {epochs} numbers. Yours has "
        f"{len(listed)}."
    )
    # Tensors are told off in one check alone.
    numbers = [one.item() if isinstance(one, np.ndarray) and one.size == 1 else one for one in listed]
    for number in numbers:
        assert is_number(number), f"Under {kind!r} there is {kind_of(number)} in place of a number."
        assert math.isfinite(number), f"Under {kind!r} there is {number} in place of a number."
    return numbers


def compare_histories(results, expected, kind):
    """Assert that the losses or accuracies of all loss functions are right."""
    result_of(results, expected)
    for name in expected:
        right = numbers_of(expected, name, kind, EPOCHS)
        found = numbers_of(results, name, kind, EPOCHS)
        for epoch, (value, wanted) in enumerate(zip(found, right, strict=True), start=1):
            assert abs(value - wanted) <= 1e-3 * abs(wanted) + 1e-5, (
                f"With the loss function {name!r}, the {kind} of epoch {epoch} is not right. "
                f"Yours is {value:.4f}."
            )


# ---- loss_functions ----


@check(hint='Return a dictionary of functions: {"cross_entropy": ..., "mse": ..., and a third one}.')
def test_names(student):
    """There are at least three functions, among them "cross_entropy" and "mse"."""

    def probe(loss_functions):
        functions = loss_functions()
        if not isinstance(functions, dict):
            return functions
        return {name: callable(function) for name, function in functions.items()}

    functions = student(probe)
    assert isinstance(functions, dict), (
        f"`loss_functions` has to return a dictionary. Yours returned {kind_of(functions)}."
    )
    for name in ("cross_entropy", "mse"):
        assert name in functions, f'There is no loss function called "{name}".'
    assert len(functions) >= 3, f"There are only {len(functions)} loss functions instead of three."
    assert all(functions.values()), "Some entries of the dictionary are no functions: do not call them."


@check(
    hint="`F.cross_entropy(logits, labels)`: raw scores, without a softmax, and the mean over the samples."
)
def test_cross_entropy_value(student, reference):
    """The function "cross_entropy" gives the mean cross entropy of raw scores."""
    cases = ((5, 10), (4, 4), (7, 3))

    def probe(loss_functions, cases):
        return values(loss_functions, "cross_entropy", cases)

    compare_values(student(probe, cases=cases), reference(probe, cases=cases), "cross_entropy", cases)


@check(
    hint="Compare the raw scores with one-hot rows: decimal numbers, 1 at the class and 0 elsewhere. Take "
    "the mean over all N * C squared differences.",
)
def test_mse(student, reference):
    """The function "mse" gives the mean squared error between raw scores and one-hot rows."""
    cases = ((5, 10), (10, 10), (1, 10))

    def probe(loss_functions, cases):
        return values(loss_functions, "mse", cases)

    compare_values(student(probe, cases=cases), reference(probe, cases=cases), "mse", cases)


@check(hint="The number of classes is `logits.shape[1]`: neither always 10 nor the largest label plus 1.")
def test_mse_other_classes(student, reference):
    """The function "mse" is right for other numbers of classes, also if the last class does not occur."""
    cases = ((5, 4), (4, 4), (6, 17))

    def probe(loss_functions, cases):
        return values(loss_functions, "mse", cases)

    compare_values(student(probe, cases=cases), reference(probe, cases=cases), "mse", cases)


@check(
    hint="Return the loss itself, a tensor without dimensions. `argmax` has no gradient, `.item()` and "
    "`.detach()` cut it off, and `reduction='none'` leaves one number for each sample."
)
def test_all_have_gradients(student):
    """Every loss function gives a single number, from which gradients flow back to the scores."""

    def probe(loss_functions):
        import torch

        def judge(name, function):
            sizes = ((6, 10), (1, 10)) if name in ("cross_entropy", "mse") else ((6, 10), (1, 10), (5, 3))
            for samples, classes in sizes:
                logits, labels = scores_and_labels(samples, classes, seed=7)
                loss = function(logits, labels)
                if not isinstance(loss, torch.Tensor):
                    return f"returns a {type(loss).__name__} and not a tensor"
                if loss.shape != ():
                    return f"returns a tensor of shape {tuple(loss.shape)} and not a single number"
                if not loss.requires_grad:
                    return "is cut off from the scores: no gradient can flow back"
                loss.backward()
                if logits.grad is None or not logits.grad.isfinite().all():
                    return "gives no gradient for the scores, or one that is not finite"
                if samples > 1 and not logits.grad.any():
                    return "gives a gradient that is 0 for all scores"
            return ""

        return outcomes(loss_functions, judge)

    found = student(probe)
    assert isinstance(found, dict), "`loss_functions` has to return a dictionary {name: function}."
    for name, problem in found.items():
        assert not problem, f'"{str(name)[:40]}" {problem}.'


@check(
    hint="A loss is smaller for right answers than for wrong ones, and not negative. Does the function "
    "take raw scores and classes? `nn.NLLLoss` wants log-probabilities; L1 and the like want one-hot rows."
)
def test_third_is_sensible(student):
    """A further loss function costs less for right scores than for wrong ones, and is not negative."""

    def probe(loss_functions):
        import torch

        def judge(name, function):
            pairs = []
            for classes in (10, 4):
                labels = torch.tensor([2, 0, 2, 2, 1])
                right = torch.eye(classes)[labels]
                wrong = torch.eye(classes)[(labels + 1) % classes]
                pairs.append([float(function(right, labels)), float(function(wrong, labels))])
            return pairs

        return outcomes(loss_functions, judge)

    found = student(probe)
    assert isinstance(found, dict), "`loss_functions` has to return a dictionary {name: function}."
    for name, pairs in found.items():
        if name in ("cross_entropy", "mse"):
            continue  # they are compared with the right values
        called = f'"{str(name)[:40]}"'
        assert isinstance(pairs, list), f"{called} {pairs}."
        for right, wrong in pairs:
            assert math.isfinite(right), f"{called} gives {right} for right scores."
            assert math.isfinite(wrong), f"{called} gives {wrong} for wrong scores."
            assert right > -1e-6, f"{called} is negative for right scores: {right:.4f}."
            assert right < wrong - 1e-6, (
                f"{called} gives {right:.4f} if the right classes have the score 1 and all others 0, and "
                f"{wrong:.4f} if wrong classes have the 1."
            )


# ---- compare_loss_functions ----


@check(
    hint='`results[name] = {"loss": losses, "accuracy": accuracies}`, with one plain number per epoch in '
    "both."
)
def test_structure(student):
    """The result has the names that were passed in, with a list of losses and a list of accuracies each."""

    def probe(compare_loss_functions):
        return compare_loss_functions(small_net(), data(), {"first": cross_entropy, "other": margin}, 2, 0.1)

    names = ("first", "other")
    results = result_of(student(probe), names)
    for name in names:
        for kind in ("loss", "accuracy"):
            numbers_of(results, name, kind, 2)


@check(
    hint="`loss.item()` is a plain number, and so is `(predicted == labels).sum().item()`.",
    needs=("test_structure",),
)
def test_plain_numbers(student):
    """The lists hold plain numbers and no tensors."""

    def probe(compare_loss_functions):
        return compare_loss_functions(small_net(), data(), {"first": cross_entropy}, 1, 0.1)

    for kind, listed in result_of(student(probe), ("first",))["first"].items():
        for one in listed:
            assert is_number(one), f"Under {str(kind)[:20]!r} there is {kind_of(one)}, not a plain number."


@check(
    points=2,
    hint="Every loss function starts from a copy of the model as it came: `copy.deepcopy(model)` inside "
    "the loop over the loss functions, and an optimizer for the parameters of this copy.",
    needs=("test_structure",),
)
def test_same_start(student):
    """The same loss function under two names gives the same history twice."""

    def probe(compare_loss_functions):
        functions = {"one": cross_entropy, "between": margin, "two": cross_entropy}
        return compare_loss_functions(small_net(norm=True), data(), functions, 1, 0.3)

    results = result_of(student(probe), ("one", "between", "two"))
    for kind in ("loss", "accuracy"):
        one, two = (numbers_of(results, name, kind, 1) for name in ("one", "two"))
        assert np.allclose(one, two, rtol=1e-5, atol=1e-6), (
            f"The same loss function was passed in under two names, and the {kind} differs: "
            f"{one[0]:.4f} and {two[0]:.4f}."
        )


@check(
    points=2,
    hint="As in exercise 3.2: zero_grad, forward, loss, backward, step with plain SGD for each batch, and "
    "a sum of the losses, weighted by the size of the batch, that begins at 0 in every epoch.",
    needs=("test_structure",),
)
def test_losses(student, reference):
    """The losses of all epochs are right."""

    def probe(compare_loss_functions):
        functions = {"cross_entropy": cross_entropy, "margin": margin}
        return compare_loss_functions(small_net(), data(), functions, 3, 0.4)

    compare_histories(student(probe), reference(probe), "loss")


@check(
    points=2,
    hint="When an epoch is over, go through the loader once more: `argmax(dim=1)` of the scores, compared "
    "with the labels. Count the right ones of all batches, and divide by the number of samples.",
    needs=("test_structure",),
)
def test_accuracies(student, reference):
    """The accuracies after all epochs are right."""

    def probe(compare_loss_functions):
        functions = {"cross_entropy": cross_entropy, "margin": margin}
        return compare_loss_functions(small_net(), data(), functions, 3, 0.4)

    compare_histories(student(probe), reference(probe), "accuracy")


@check(
    hint="Divide the number of right answers in all batches by the number of all samples: a share from 0 "
    "to 1.",
    needs=("test_structure",),
)
def test_accuracy_of_all_samples(student):
    """The accuracy is the share of all samples, also if the last batch is smaller."""

    def probe(compare_loss_functions):
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        labels = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
        answers = torch.tensor(
            [0, 1, 2, 0, 1, 2, 0, 1, 0, 1]
        )  # the last two, a batch of their own, are wrong
        model = nn.Linear(3, 3, bias=False)
        with torch.no_grad():
            model.weight.copy_(torch.eye(3))
        loader = DataLoader(TensorDataset(torch.eye(3)[answers], labels), batch_size=4)
        return compare_loss_functions(model, loader, {"any": cross_entropy}, 1, 0.0)

    (accuracy,) = numbers_of(result_of(student(probe), ("any",)), "any", "accuracy", 1)
    assert abs(accuracy - 0.8) < 1e-6, (
        "A model that was right for 8 of 10 samples, and was not changed (learning rate 0), has the accuracy "
        f"0.8. The last two samples made up the last batch. Yours is {accuracy:.4f}."
    )


@check(hint="`trained.train()` before the batches of every epoch, and `trained.eval()` before measuring.")
def test_modes(student):
    """Training goes in train mode and measuring in eval mode, whatever mode the model came in."""

    def probe(compare_loss_functions):
        import torch
        from torch import nn

        events = []

        class Watched(nn.Module):
            def __init__(self):
                super().__init__()
                self.linear = nn.Linear(4, 3)

            def forward(self, x):
                events.append((self.training, torch.is_grad_enabled()))
                return self.linear(x)

        def watched_loss(logits, labels):
            events.append("loss")
            return cross_entropy(logits, labels)

        found = []
        for training in (True, False):
            events.clear()
            torch.manual_seed(3)
            model = Watched().train(training)
            compare_loss_functions(model, data(), {"one": watched_loss}, 2, 0.1)
            seen = {"trained": [], "measured": []}
            for event, following in zip(events, [*events[1:], None], strict=True):
                if event != "loss":
                    mode, with_gradients = event
                    kind = "trained" if with_gradients and following == "loss" else "measured"
                    seen[kind].append(mode)
            found.append(seen)
        return found

    for seen, came in zip(student(probe), ("train", "eval"), strict=True):
        assert seen["trained"], "The model was not called to compute the loss."
        assert all(seen["trained"]), f"The model came in {came} mode, and was trained in eval mode."
        assert not any(seen["measured"]), (
            f"The model came in {came} mode, and its accuracy was measured in train mode."
        )
        assert seen["measured"], "The model was not called to measure the accuracy when an epoch was over."


@check(
    hint="Train a deep copy. A state dict refers to the weights themselves, so save it as a deep copy, too."
)
def test_model_unchanged(student):
    """Afterwards the model has the parameters, the buffers and the mode with which it came."""

    def probe(compare_loss_functions):
        import torch

        changed = []
        for training in (True, False):
            model = small_net(norm=True).train(training)
            before = {name: value.clone() for name, value in model.state_dict().items()}
            compare_loss_functions(model, data(), {"one": cross_entropy}, 1, 0.3)
            after, parameters = model.state_dict(), dict(model.named_parameters())
            differ = [name for name, value in before.items() if not torch.allclose(after[name], value)]
            changed += ["other parameters" for name in differ if name in parameters][:1]
            changed += ["other running statistics" for name in differ if name not in parameters][:1]
            modes = [module.training for module in model.modules()]
            changed += ["another mode (train or eval)"] if modes != [training] * len(modes) else []
        return changed

    changed = student(probe)
    assert not changed, f"After the call the model has {' and '.join(dict.fromkeys(map(str, changed)))}."


@check(
    hint="`num_epochs=5` and `lr=0.1` are the defaults; use the arguments, and no numbers of your own.",
    needs=("test_structure",),
)
def test_defaults(student, reference):
    """Without further arguments there are five epochs with learning rate 0.1."""

    def probe(compare_loss_functions):
        return compare_loss_functions(small_net(), data(), {"only": cross_entropy})

    found = numbers_of(result_of(student(probe), ("only",)), "only", "loss", 5)
    right = numbers_of(reference(probe), "only", "loss", 5)
    assert np.allclose(found, right, rtol=1e-3), (
        "Without `lr`, the losses are not those of learning rate 0.1."
    )


# ---- answers_3_3 ----


def last_numbers(results):
    """Return the last loss and the last accuracy of each loss function of the student's experiment."""
    assert isinstance(results, dict), (
        "`results_3_3` is no dictionary: run the experiment above the questions."
    )
    assert results, "There are no results of your experiment: run the cell above the questions."
    try:
        last = {
            name.strip().lower(): (float(result["loss"][-1]), float(result["accuracy"][-1]))
            for name, result in results.items()
        }
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        last = {}
    last = {name: pair for name, pair in last.items() if all(map(math.isfinite, pair))}
    assert last, "Your experiment has no losses and accuracies that the answers could be compared with."
    return last


@check(
    points=2,
    hint="Read a) and b) off the table of your own experiment. For c), compare the order of the losses "
    "with that of the accuracies.",
)
def test_answers(student, reference):
    """All three choices in `answers_3_3` are right, by the results of your own experiment."""

    def probe(answers_3_3, results_3_3):
        return {"answers": answers_3_3, "results": results_3_3}

    seen = student(probe)
    answers = seen["answers"]
    assert isinstance(answers, dict), "`answers_3_3` has to stay a dictionary with the keys 'a', 'b' and 'c'."
    given = {
        question: answers[question].strip().lower() if isinstance(answers.get(question), str) else ""
        for question in ("a", "b", "c")
    }
    unanswered = [question for question, word in given.items() if not word]
    assert not unanswered, f"There is no answer to {', '.join(unanswered)}."
    last = last_numbers(seen["results"])
    smallest = min(loss for loss, _ in last.values())
    best = max(accuracy for _, accuracy in last.values())
    # Computers round differently, and training magnifies that: what is nearly equal here may have won there.
    right = {
        "a": {name for name, (loss, _) in last.items() if loss <= smallest + 0.1 * abs(smallest)},
        "b": {name for name, (_, accuracy) in last.items() if accuracy >= best - 0.02},
        "c": {reference(probe)["answers"]["c"]},
    }
    wrong = [question for question, word in given.items() if word not in right[question]]
    assert not wrong, f"Not right: {', '.join(wrong)}."
