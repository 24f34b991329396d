"""Hidden checks for `compare_optimizers`, `best_optimizer` and the choices in `answers_5_3`.

The trainings are tiny: a smooth network, in which no gradient is 0 by chance, on eleven samples in batches of
4, 4 and 3. Nothing is shuffled.
"""

from autograde.checks import check

NAMES = ("sgd", "adam", "rmsprop")


# ---- for the student's process ----


def tiny(seed, batch_size=4, stale=False):
    """Return a small network and a loader of eleven samples; `stale` leaves old gradients in the network."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    generator = torch.Generator().manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(2 * torch.rand(parameter.shape, generator=generator) - 1)
            if stale:
                parameter.grad = torch.full_like(parameter, 3.0)
    inputs = torch.randn(11, 3, generator=generator)
    targets = torch.randn(11, 2, generator=generator)
    targets[8:] = 3 + targets[8:].abs()
    torch.manual_seed(seed + 1)  # student code finds other random numbers than those of the model
    return model, DataLoader(TensorDataset(inputs, targets), batch_size=batch_size)


def trained(compare_optimizers, seed, num_epochs=4, lr=0.1, batch_size=4, stale=False):
    """Return the result of a tiny comparison."""
    from torch import nn

    model, loader = tiny(seed, batch_size, stale)
    return compare_optimizers(model, loader, nn.SmoothL1Loss(), num_epochs=num_epochs, lr=lr)


def at_its_goal(compare_optimizers):
    """Return the result for a layer with large weights whose outputs are the targets: all gradients are 0."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    model = nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[64.0, -96.0]]))
        model.bias.fill_(128.0)
    inputs = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0], [2.0, 1.0]])  # no rounding in the outputs
    loader = DataLoader(TensorDataset(inputs, model(inputs).detach()), batch_size=4)
    return compare_optimizers(model, loader, nn.MSELoss(), num_epochs=2, lr=0.5)


def after_a_jolt(compare_optimizers):
    """Return the result for one weight whose first gradient of an epoch is very large, and the others not."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 2.0)
    inputs = torch.full((11, 1), 1e-3)
    inputs[0] = 1.0
    loader = DataLoader(TensorDataset(inputs, torch.zeros(11, 1)), batch_size=1)
    return compare_optimizers(model, loader, nn.MSELoss(), num_epochs=2, lr=0.1)


# ---- for the grader's process ----


def histories(results):
    """Return the losses of the three optimizers, once it is sure that they are lists of plain numbers."""
    assert results is not None, "`compare_optimizers` returns nothing: is there a `return` at its end?"
    assert isinstance(results, dict), (
        "`compare_optimizers` must return a dict {name: losses}, "
        f"and yours returned a value of type {type(results).__name__}."
    )
    missing = [name for name in NAMES if name not in results]
    keys = ", ".join(str(key)[:20] for key in results)
    assert not missing, f"Your dict has no key {missing[0] if missing else ''!r}. Its keys are: {keys:.100}."
    for name in NAMES:
        losses = results[name]
        assert isinstance(losses, list | tuple), (
            f"The losses of {name} must be a list, and yours are of type {type(losses).__name__}."
        )
        plain = all(type(loss) in (int, float) for loss in losses)
        assert plain, "The losses must be plain numbers: `loss.item()` makes one of a tensor."
    return {name: results[name] for name in NAMES}


def close(loss, right, rtol=1e-4):
    """Whether a loss is right; mistakes make much larger differences than roundings."""
    return abs(loss - right) <= rtol * abs(right)


def assert_epochs(name, results, expected, num_epochs, told=""):
    """Compare the losses of one optimizer; numbers before the last `num_epochs` are not looked at."""
    losses = histories(results)[name]
    assert len(losses) >= num_epochs, f"After {num_epochs} epochs there are {len(losses)} losses of {name}."
    untrained = all(close(loss, losses[-num_epochs], 1e-6) for loss in losses[-num_epochs:])
    assert not untrained, (
        f"Your loss of {name} is {losses[-1]:.4g} in each of {num_epochs} epochs: the model whose losses are "
        "recorded is not updated."
    )
    pairs = zip(losses[-num_epochs:], expected[name][-num_epochs:], strict=True)
    for epoch, (loss, right) in enumerate(pairs, start=1):
        assert close(loss, right), (
            f"Your loss of {name} in epoch {epoch}{told} is {loss:.4g}, which is not right."
        )


def assert_still(name, results):
    """Hold one optimizer to leaving a model alone whose gradients are 0."""
    losses = histories(results)[name]
    assert all(0 <= loss < 1e-8 for loss in losses), (
        f"A model whose outputs are the targets has gradient 0, and {name} must not change it. Your losses "
        f"are {', '.join(f'{loss:.2g}' for loss in losses)}: is there a setting that is not the default?"
    )


# ---- compare_optimizers ----


@check(
    points=0.5,
    hint='The keys are "sgd", "adam" and "rmsprop", in small letters, and each has a list with one plain '
    "number (`loss.item()`) for each epoch.",
)
def test_form(student):
    """The result has a list of plain numbers for each of the three optimizers."""

    def probe(compare_optimizers):
        return trained(compare_optimizers, 1, num_epochs=2)

    histories(student(probe))


@check(
    points=0.25,
    hint="One number for each epoch, its mean over all samples; `num_epochs` is 5 by default. The loss "
    "before training is not asked for here.",
    needs=("test_form",),
)
def test_lengths(student):
    """Each list has one number for each epoch."""

    def probe(compare_optimizers):
        from torch import nn

        model, loader = tiny(2, batch_size=11)
        default = compare_optimizers(model, loader, nn.MSELoss())
        return {"given": trained(compare_optimizers, 2, num_epochs=3, batch_size=11), "default": default}

    seen = student(probe)
    for name in NAMES:
        given, default = (len(histories(seen[which])[name]) for which in ("given", "default"))
        assert given == 3, f"After 3 epochs, {name} has {given} number(s)."
        assert default == 5, f"Without `num_epochs`, {name} has {default} number(s)."


@check(
    points=0.5,
    hint="Make a new `copy.deepcopy(model)` for each optimizer: all must start from the same parameters. "
    "Then the loss before the first update is the same for all.",
    needs=("test_form",),
)
def test_same_start(student, reference):
    """All optimizers start from the parameters of `model`."""

    def probe(compare_optimizers):
        return trained(compare_optimizers, 3, num_epochs=2, batch_size=11)

    losses, expected = histories(student(probe)), reference(probe)
    for name in NAMES:
        assert len(losses[name]) >= 2, f"After 2 epochs there are {len(losses[name])} losses of {name}."
        first = losses[name][-2]
        assert close(first, expected[name][0]), (
            f"With all samples in one batch, the loss of epoch 1 is the loss before any update. "
            f"For {name} it is {first:.4g}, which is not the loss of `model`."
        )


@check(
    points=0.75,
    hint="`optim.SGD(trained.parameters(), lr=lr)` with no other setting; clear the gradients before each "
    "`backward()`, one step after each batch. Weight each batch's loss by the size of the batch.",
    needs=("test_form",),
)
def test_sgd(student, reference, rng):
    """The losses of SGD are right in every epoch."""

    def probe(compare_optimizers, seed):
        return [trained(compare_optimizers, seed), at_its_goal(compare_optimizers)]

    seed = int(rng.integers(10**6))
    (results, still), (expected, _) = student(probe, seed=seed), reference(probe, seed=seed)
    assert_epochs("sgd", results, expected, 4)
    assert_still("sgd", still)


@check(
    hint="`optim.Adam(trained.parameters(), lr=lr)` with no other setting, made once before the first "
    "epoch from the parameters of the copy that is trained. A new one forgets what it remembers.",
    needs=("test_form",),
)
def test_adam(student, reference):
    """The losses of Adam are right in every epoch."""

    def probe(compare_optimizers):
        runs = trained(compare_optimizers, 11), after_a_jolt(compare_optimizers)
        return [*runs, at_its_goal(compare_optimizers)]

    (results, jolted, still), (expected, right, _) = student(probe), reference(probe)
    assert_epochs("adam", results, expected, 4)
    assert_epochs("adam", jolted, right, 2, " of a training whose gradients are small after a large one")
    assert_still("adam", still)


@check(
    hint="`optim.RMSprop(trained.parameters(), lr=lr)` with no other setting, made once before the first "
    "epoch from the parameters of the copy that is trained. A new one forgets what it remembers.",
    needs=("test_form",),
)
def test_rmsprop(student, reference):
    """The losses of RMSprop are right in every epoch."""

    def probe(compare_optimizers):
        return [trained(compare_optimizers, 12), at_its_goal(compare_optimizers)]

    (results, still), (expected, _) = student(probe), reference(probe)
    assert_epochs("rmsprop", results, expected, 4)
    assert_still("rmsprop", still)


@check(
    points=0.5,
    hint="Pass `lr=lr` to every optimizer. Its default is `lr=0.001`, in the `def` line.",
    needs=("test_form",),
)
def test_lr_used(student):
    """The learning rate that is given has an effect on each optimizer; without one it is 0.001."""

    def probe(compare_optimizers):
        from torch import nn

        found = {rate: trained(compare_optimizers, 5, num_epochs=3, lr=rate) for rate in (0.2, 0.04, 0.001)}
        model, loader = tiny(5)
        return found | {"none": compare_optimizers(model, loader, nn.SmoothL1Loss(), num_epochs=3)}

    results = {rate: histories(found) for rate, found in student(probe).items()}
    for name in NAMES:
        # Of the last epoch: before the first step no learning rate has had an effect.
        last = {rate: losses[name][-1] for rate, losses in results.items() if losses[name]}
        assert len(last) == len(results), f"The list of {name} is empty."
        same = close(last[0.2], last[0.04], 1e-6)
        assert not same, f"With the learning rates 0.2 and 0.04, {name} gave the same losses."
        right = close(last["none"], last[0.001], 1e-5)
        assert right, f"Without `lr`, {name} gave other losses than with `lr=0.001`."


@check(
    points=0.25,
    hint="Old gradients may be there when training begins: clear them before the first `backward()`, too.",
    needs=("test_form",),
)
def test_old_gradients(student):
    """Gradients that the model holds before the call have no effect."""

    def probe(compare_optimizers):
        return [trained(compare_optimizers, 6, num_epochs=2, stale=stale) for stale in (False, True)]

    clean, stale = (histories(results) for results in student(probe))
    for name in NAMES:
        same = len(clean[name]) == len(stale[name])
        same = same and all(close(*pair) for pair in zip(clean[name], stale[name], strict=True))
        assert same, (
            f"With gradients of an earlier `backward()` in the model, {name} gave other losses than without."
        )


@check(
    points=0.5,
    hint="Train a copy, `copy.deepcopy(model)`, and make the optimizer from the parameters of the copy; or"
    " put the parameters back at the end.",
)
def test_model_unchanged(student):
    """Afterwards the model has the parameters that it had before."""

    def probe(compare_optimizers):
        import torch
        from torch import nn

        model, loader = tiny(7)
        before = [parameter.detach().clone() for parameter in model.parameters()]
        compare_optimizers(model, loader, nn.MSELoss(), num_epochs=1, lr=0.01)
        return [torch.equal(*pair) for pair in zip(before, model.parameters(), strict=True)]

    assert all(student(probe)), "After the call the parameters of `model` are not what they were before."


# ---- best_optimizer ----


@check(
    points=0.75,
    hint="Compare the last numbers, `losses[-1]`, of all names in the dict, and return the name with the "
    "smallest.",
)
def test_best(student):
    """The name with the smallest loss in the last epoch is returned, whatever names there are."""

    def probe(best_optimizer, examples):
        said = [best_optimizer(results) for results in examples]
        return {"said": said, "left": examples}

    cases = [
        ("rmsprop", {"sgd": [2.3, 2.2, 2.1], "adam": [1.0, 0.1, 0.9], "rmsprop": [5.0, 4.0, 0.5]}),
        ("sgd", {"adam": [0.2, 0.3, 3.0], "sgd": [9.0, 8.0, 2.0], "rmsprop": [0.1, 0.1, 7.0]}),
        ("nadam", {"adagrad": [0.6, 0.5], "nadam": [0.9, 0.4], "zeta": [0.3, 0.7], "b": [0.2, 0.8]}),
        ("only", {"only": [11.0, 12.0]}),
        ("long", {"short": [3.0, 2.0, 1.0, 0.9, 0.1, 0.2, 0.3], "long": [4.0, 3.0, 2.0, 1.0, 0.5, 0.3, 0.2]}),
        ("bad", {"worse": [1e4, 1e9], "bad": [1e4, 3e8]}),
    ]
    examples = [results for _, results in cases]
    seen = student(probe, examples=examples)
    for (name, results), said in zip(cases, seen["said"], strict=True):
        assert isinstance(said, str), f"`best_optimizer` must return a name, and yours returned {said!r:.60}."
        assert said == name, f"Of the results {results}, your function returned {said[:40]!r}."
    assert seen["left"] == examples, "After the call, `results` does not hold the losses that it held before."


# ---- answers_5_3 ----


@check(
    hint="Look at the last numbers of your results for both learning rates. For d) call `first_step` with "
    "`optim.RMSprop`.",
)
def test_answers(student, reference):
    """All four choices in `answers_5_3` are right."""

    def probe(answers_5_3):
        return answers_5_3

    def found(results_5_3):
        return results_5_3

    answers = student(probe)
    assert isinstance(answers, dict), "`answers_5_3` has to stay a dictionary with the keys a, b, c and d."
    key = reference(probe)
    right = {question: {word(answer)} for question, answer in key.items()}
    right["a"] |= {"adam", "rmsprop"}  # they come close to each other, and which is ahead is a matter of luck
    try:
        own = student(found)
    except AssertionError:  # the experiment did not run: the numbers of this network are known anyway
        own = {}
    # Who answers what the own results say has drawn the right conclusion from them.
    right["a"] |= winner(own, 0.001)
    right["b"] |= winner(own, 0.1)
    given = {question: answers.get(question) for question in key}
    unanswered = [question for question, answer in given.items() if not isinstance(answer, str)]
    assert not unanswered, f"There is no answer to {', '.join(unanswered)}."
    wrong = [question for question, answer in given.items() if word(answer) not in right[question]]
    assert not wrong, f"Not right: {', '.join(wrong)}."


def word(answer):
    """Return an answer without what does not matter."""
    return answer.lower().replace(" ", "")


def winner(results, rate):
    """Return the optimizer with the smallest last loss in the student's own results, as a set; or none."""
    losses = results.get(rate) if isinstance(results, dict) else None
    if not isinstance(losses, dict):
        return set()
    last = {name: losses[name][-1:] for name in NAMES if isinstance(losses.get(name), list)}
    plain = {name: part[0] for name, part in last.items() if part and type(part[0]) in (int, float)}
    return {min(plain, key=lambda name: plain[name])} if len(plain) == len(NAMES) else set()
