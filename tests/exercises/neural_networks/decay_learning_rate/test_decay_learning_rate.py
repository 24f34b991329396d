"""Hidden checks for `train_with_lr_decay`.

The schedule is free, so nothing is compared with the reference's. A hook in the optimizer notes the learning
rates of every step; from these it is judged whether the schedule keeps the rules, and a training by hand with
the same rates tells which losses are right.
"""

import itertools

from autograde.checks import check

EPOCHS = 10
BATCHES = 3  # in an epoch of eleven samples


# ---- for the student's process ----


def tiny(seed, silent=False):
    """Return a small network and a loader: eleven samples in batches of 4, 4 and 3, with larger targets last.

    With `silent`, inputs and outputs are 0 whatever is done, so that the loss is the same in every epoch.
    """
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    generator = torch.Generator().manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 5, bias=not silent), nn.Tanh(), nn.Linear(5, 2, bias=not silent))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.rand(parameter.shape, generator=generator) - 0.5)
    inputs = torch.randn(11, 3, generator=generator) * (0 if silent else 1)
    targets = torch.randn(11, 2, generator=generator)
    targets[8:] = 3 + targets[8:].abs()
    torch.manual_seed(seed + 1)  # student code finds other random numbers than those of the model
    return model, DataLoader(TensorDataset(inputs, targets), batch_size=4)


def watched(optimizer, log):
    """Return the optimizer, which from now on notes the learning rates of its groups in each step."""

    def note(optimizer, *_):
        log.append([float(group["lr"]) for group in optimizer.param_groups])

    optimizer.register_step_pre_hook(note)
    return optimizer


def rates_of_training(train_with_lr_decay, lr=0.02, silent=False, num_epochs=10):
    """Return the learning rates of each step of a training."""
    import torch
    from torch import nn

    model, loader = tiny(3, silent)
    log = []
    optimizer = watched(torch.optim.SGD(model.parameters(), lr=lr), log)
    train_with_lr_decay(model, loader, nn.MSELoss(), optimizer, num_epochs)
    return [step[0] for step in log]


def rates_of_groups(train_with_lr_decay):
    """Return the learning rates of each step for two groups, which have rates of their own."""
    import torch
    from torch import nn

    model, loader = tiny(4)
    log = []
    groups = [
        {"params": model[0].parameters(), "lr": 0.04},
        {"params": model[2].parameters(), "lr": 0.003},
    ]
    optimizer = watched(torch.optim.SGD(groups, lr=0.5), log)
    train_with_lr_decay(model, loader, nn.MSELoss(), optimizer, 10)
    return log


# ---- for the grader's process ----


def history_of(history):
    """Return the history once it is sure that it is a dict with two lists of plain numbers."""
    assert history is not None, "`train_with_lr_decay` returns nothing: is there a `return` at its end?"
    assert isinstance(history, dict), (
        "`train_with_lr_decay` must return a dict with the keys 'lr' and 'loss', "
        f"and yours returned a value of type {type(history).__name__}."
    )
    for key in ("lr", "loss"):
        assert key in history, f"The dict that was returned has no key {key!r}."
        numbers = history[key]
        assert isinstance(numbers, list | tuple), (
            f"{key!r} must be a list; yours is of type {type(numbers).__name__}."
        )
        for number in numbers:
            assert type(number) in (int, float), (
                f"The list {key!r} must hold plain numbers, and yours holds a {type(number).__name__}."
            )
    return history


def by_epoch(rates, epochs=EPOCHS):
    """Return the rates of a training, as one list for each epoch."""
    assert len(rates) == epochs * BATCHES, (
        f"In {epochs} epochs of {BATCHES} batches, the optimizer that was given made {len(rates)} steps."
    )
    return [rates[start : start + BATCHES] for start in range(0, len(rates), BATCHES)]


def differ(one, other):
    """Whether two learning rates are more than roundings apart."""
    return abs(one - other) > 1e-6 * max(abs(one), abs(other))


def rising(epochs):
    """Return the number of the first epoch with a higher rate than the one before it, 0 if there is none."""
    for number, (before, after) in enumerate(itertools.pairwise(epochs), start=2):
        if after[0] > before[-1] and differ(after[0], before[-1]):
            return number
    return 0


def falls(epochs):
    """Whether the rate of the last epoch is lower than that of the first."""
    first, last = epochs[0][0], epochs[-1][-1]
    return last < first and differ(first, last)


# ---- the training ----


@check(
    hint='Return {"lr": [...], "loss": [...]} after the last epoch, and append one plain number to both '
    'lists in each epoch: `optimizer.param_groups[0]["lr"]`, and `loss.item()` summed up over the '
    "samples.",
)
def test_form(student):
    """The result has two lists, with one plain number for each epoch."""

    def probe(train_with_lr_decay):
        import torch
        from torch import nn

        found = []
        for num_epochs in (10, 3, 1):
            model, loader = tiny(1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
            found.append(train_with_lr_decay(model, loader, nn.MSELoss(), optimizer, num_epochs))
        return found

    for history, num_epochs in zip(student(probe), (10, 3, 1), strict=True):
        lengths = {key: len(history_of(history)[key]) for key in ("lr", "loss")}
        for key, length in lengths.items():
            assert length == num_epochs, f"After {num_epochs} epochs the list {key!r} has {length} number(s)."


@check(
    hint="Use the optimizer that was passed in, and call its `step()` once after each `backward()`: a new "
    "optimizer would know nothing of its settings and memories.",
)
def test_steps(student):
    """The given optimizer makes one step after each batch, and the given model is trained."""

    def probe(train_with_lr_decay):
        import torch
        from torch import nn

        model, loader = tiny(2)
        log = []
        optimizer = watched(torch.optim.SGD(model.parameters(), lr=0.02), log)
        before = [parameter.detach().clone() for parameter in model.parameters()]
        train_with_lr_decay(model, loader, nn.MSELoss(), optimizer, 10)
        pairs = zip(before, model.parameters(), strict=True)
        return {"rates": [step[0] for step in log], "same": any(torch.equal(*pair) for pair in pairs)}

    seen = student(probe)
    by_epoch(seen["rates"])
    assert not seen["same"], "The model that was given has parameters that were not trained at all."


@check(
    hint="Train the first epoch with the rate that the optimizer came with, and lower it only afterwards: "
    "`scheduler.step()` belongs at the end of an epoch. The schedule must not begin below the rate, "
    "as `LinearLR` does unless it is told otherwise.",
    needs=("test_steps",),
)
def test_starts_at_initial(student):
    """The first epoch is trained with the learning rate that the optimizer came with."""

    def probe(train_with_lr_decay):
        return {lr: rates_of_training(train_with_lr_decay, lr) for lr in (0.02, 0.0037)}

    for lr, rates in student(probe).items():
        first = by_epoch(rates)[0][0]
        assert not differ(first, lr), (
            f"The optimizer came with {lr}, and its first step was made with {first:.4g}."
        )


@check(
    hint="Lower the rate once per epoch, after the loop over the batches: `scheduler.step()` is indented "
    "like that loop, not like what is inside it.",
    needs=("test_steps",),
)
def test_constant_within_epoch(student):
    """Within an epoch the learning rate does not change."""

    def probe(train_with_lr_decay):
        return rates_of_training(train_with_lr_decay)

    for number, rates in enumerate(by_epoch(student(probe)), start=1):
        changed = any(differ(rate, rates[0]) for rate in rates)
        told = ", ".join(f"{rate:.4g}" for rate in rates)
        assert not changed, f"In epoch {number} the steps had the learning rates {told}."


@check(
    points=0.5,
    hint="The rate may fall or stay, but not rise: no warm-up, no restarts, no factor above 1; and the "
    "cosine needs `T_max=num_epochs`, however many these are, for after T_max epochs it rises again.",
    needs=("test_steps",),
)
def test_never_rises(student):
    """The learning rate never rises from one epoch to the next."""

    def probe(train_with_lr_decay):
        return rates_of_training(train_with_lr_decay, num_epochs=22)

    epochs = by_epoch(student(probe), 22)
    number = rising(epochs)
    assert not number, (
        f"From epoch {number - 1} to epoch {number} of 22 the learning rate rose from "
        f"{epochs[number - 2][-1]:.4g} to {epochs[number - 1][0]:.4g}."
    )


@check(
    points=1.5,
    hint="The rate must have fallen by the tenth epoch, in the optimizer itself, and by a fixed plan: call"
    ' `scheduler.step()`, or write to `group["lr"]`. What waits for the loss to stop improving may '
    "never fall, and Adam alone does not lower its rate.",
    needs=("test_steps",),
)
def test_falls(student):
    """After ten epochs the learning rate is lower than at first, whatever the losses do."""

    def probe(train_with_lr_decay):
        return {
            "better in every epoch": rates_of_training(train_with_lr_decay),
            "the same in every epoch": rates_of_training(train_with_lr_decay, silent=True),
        }

    trainings = {losses: by_epoch(rates) for losses, rates in student(probe).items()}
    told = "; ".join(
        f"from {epochs[0][0]:.4g} to {epochs[-1][-1]:.4g} where the loss was {losses}"
        for losses, epochs in trainings.items()
    )
    for epochs in trainings.values():
        assert falls(epochs), f"In ten epochs, the learning rate went {told}."


@check(
    points=0.5,
    hint="With the learning rate 0 the epoch is wasted, and with less the loss is made larger. Let the "
    "rate end above 0, for any first rate and number of epochs: multiply, rather than subtract or round.",
    needs=("test_steps",),
)
def test_stays_above_zero(student):
    """The learning rate is never 0 or less."""

    def probe(train_with_lr_decay):
        cases = [(0.02, 22), (1e-5, 10)]
        return [
            [*case, rates_of_training(train_with_lr_decay, case[0], num_epochs=case[1])] for case in cases
        ]

    for lr, length, rates in student(probe):
        epochs = by_epoch(rates, length)
        low = [number for number, epoch in enumerate(epochs, start=1) if min(epoch) <= 0]
        assert not low, (
            f"In a training of {length} epochs from the learning rate {lr:g} on, it was {min(rates):.4g} in "
            f"epoch {low[0] if low else 0}."
        )


@check(
    hint='Note `optimizer.param_groups[0]["lr"]` before the epoch or during it; after `scheduler.step()` '
    "it is already the next one. A variable of your own changes nothing in the optimizer.",
    needs=("test_form", "test_steps"),
)
def test_reports_used_rate(student):
    """The list "lr" has the learning rates with which the steps of each epoch were really made."""

    def probe(train_with_lr_decay):
        import torch
        from torch import nn

        model, loader = tiny(5)
        log = []
        groups = [
            {"params": model[0].parameters(), "lr": 0.03},
            {"params": model[2].parameters(), "lr": 0.01},
        ]
        optimizer = watched(torch.optim.SGD(groups), log)
        history = train_with_lr_decay(model, loader, nn.MSELoss(), optimizer, 10)
        return {"history": history, "rates": [step[0] for step in log]}

    seen = student(probe)
    reported = history_of(seen["history"])["lr"]
    for number, (told, used) in enumerate(zip(reported, by_epoch(seen["rates"]), strict=True), start=1):
        # A schedule that changes the rate in an epoch fails elsewhere: any of its rates may then be reported.
        right = any(not differ(told, rate) for rate in used)
        assert right, f"For epoch {number} you report {told:.4g}, and the optimizer used {used[0]:.4g}."


@check(
    hint="Go through all of `optimizer.param_groups`, and lower the rate of each from where it stands; "
    "schedulers do so by themselves.",
    needs=("test_starts_at_initial", "test_never_rises", "test_falls", "test_stays_above_zero"),
)
def test_all_groups(student):
    """With several parameter groups, each starts from its own rate, and all of them fall."""

    def probe(train_with_lr_decay):
        return rates_of_groups(train_with_lr_decay)

    steps = student(probe)
    for place, (name, lr) in enumerate((("first", 0.04), ("second", 0.003))):
        epochs = by_epoch([step[place] for step in steps])
        first = epochs[0][0]
        assert not differ(first, lr), (
            f"The {name} of two groups came with the learning rate {lr}, and began with {first:.4g}."
        )
        assert not rising(epochs), f"In the {name} of two groups, the learning rate rose."
        assert falls(epochs), (
            f"In the {name} of two groups, the learning rate went from {first:.4g} to {epochs[-1][-1]:.4g}."
        )
        assert min(map(min, epochs)) > 0, (
            f"In the {name} of two groups, the learning rate did not stay above 0."
        )


@check(
    hint="Sum up `loss.item() * len(inputs)` over the batches of an epoch, begin each epoch at 0, and "
    "divide by the number of samples. Clear the gradients before each `backward()`.",
    needs=("test_form", "test_steps"),
)
def test_loss(student, reference):
    """The list "loss" has the mean over all samples of the losses in each epoch."""

    def probe(train_with_lr_decay):
        import torch
        from torch import nn

        model, loader = tiny(6)
        log = []
        optimizer = watched(torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.8), log)
        history = train_with_lr_decay(model, loader, nn.SmoothL1Loss(), optimizer, 10)
        return {"history": history, "rates": [step[0] for step in log]}

    def by_hand(rates):
        import torch
        from torch import nn

        model, loader = tiny(6)
        optimizer = torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.8)
        criterion, steps, losses = nn.SmoothL1Loss(), iter(rates), []
        while len(losses) < 10:
            total = 0.0
            for inputs, targets in loader:
                optimizer.param_groups[0]["lr"] = next(steps)
                optimizer.zero_grad()
                loss = criterion(model(inputs), targets)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(inputs)
            losses.append(total / 11)
        return losses

    seen = student(probe)
    by_epoch(seen["rates"])
    expected = reference(by_hand, rates=seen["rates"])
    for number, (loss, right) in enumerate(
        zip(history_of(seen["history"])["loss"], expected, strict=True), 1
    ):
        assert abs(loss - right) <= 1e-3 * right, (
            f"Your loss of epoch {number} is {loss:.4g}. With the learning rates that were used, training by "
            "the rules gives another mean."
        )


@check(
    points=0.5,
    hint="Old gradients may be there when training begins: clear them before the first `backward()`, too.",
    needs=("test_form",),
)
def test_old_gradients(student):
    """Gradients that the model holds before the call have no effect."""

    def probe(train_with_lr_decay):
        import torch
        from torch import nn

        found = []
        for stale in (False, True):
            model, loader = tiny(7)
            if stale:
                for parameter in model.parameters():
                    parameter.grad = torch.full_like(parameter, 3.0)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
            found.append(train_with_lr_decay(model, loader, nn.MSELoss(), optimizer, 2)["loss"])
        return found

    clean, stale = student(probe)
    same = all(abs(one - other) <= 1e-3 * abs(one) for one, other in zip(clean, stale, strict=True))
    assert same, "A model with gradients of an earlier `backward()` gave other losses than the same without."
