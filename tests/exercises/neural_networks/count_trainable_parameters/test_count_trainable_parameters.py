"""Hidden checks for `count_trainable_parameters`."""

from numbers import Real

from autograde.checks import check


@check(
    hint="Count the numbers in the tensors, not the tensors. `model.parameters()` already walks the whole "
    "tree: to call it for every module as well counts parameters again.",
)
def test_tutorial_net(agree):
    """The parameters of the tutorial network are counted."""

    def probe(count_trainable_parameters, network):
        return count_trainable_parameters(network())

    agree(probe)


@check(hint="Work the number out from the model that was passed in, afresh in each call.")
def test_other_net(agree, rng):
    """Another network is counted too, whatever its sizes."""

    def probe(count_trainable_parameters, network, channels, width):
        import torch.nn as nn

        convolutions = nn.Sequential(nn.Conv2d(3, channels, (3, 5)), nn.ReLU(), nn.Conv2d(channels, 4, 3))
        head = nn.ModuleList([nn.Linear(4, width), nn.Linear(width, width), nn.Linear(width, 4)])
        count_trainable_parameters(network())
        return count_trainable_parameters(nn.ModuleDict({"convolutions": convolutions, "head": head}))

    agree(probe, channels=int(rng.integers(5, 30)), width=int(rng.integers(5, 60)))


@check(
    points=2,
    hint="`model.parameters()` also yields frozen ones: look at `requires_grad`. "
    "Nothing else matters, neither `train()` and `eval()` nor whether there is a gradient.",
)
def test_frozen_layer(agree):
    """Frozen layers do not count, all others do, in evaluation mode as well."""

    def probe(count_trainable_parameters, network):
        model = network()
        model.conv1.requires_grad_(False)
        return count_trainable_parameters(model.eval())

    agree(probe)


@check(
    hint="A layer may have a frozen weight and a trainable bias: look at each parameter's `requires_grad`."
)
def test_frozen_weight_only(agree):
    """A frozen weight does not take its layer's bias with it, nor the other way round."""

    def probe(count_trainable_parameters, network):
        model = network()
        model.fc1.weight.requires_grad_(False)
        model.fc2.bias.requires_grad_(False)
        return count_trainable_parameters(model)

    agree(probe)


@check(hint="With nothing left to count the answer is the number 0. Do not un-freeze anything to count it.")
def test_all_frozen(agree):
    """A network that is frozen as a whole has 0 trainable parameters."""

    def probe(count_trainable_parameters, network):
        return count_trainable_parameters(network().requires_grad_(False))

    agree(probe)


@check(hint="A tensor that two layers share is one parameter: count each parameter object once.")
def test_tied_once(agree):
    """Parameters that several layers share count once."""

    def probe(count_trainable_parameters):
        import torch.nn as nn

        class Tied(nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = nn.Linear(4, 4)
                self.decoder = nn.Linear(4, 4)
                self.decoder.weight = self.encoder.weight
                for parameter in self.parameters():  # the biases are two all the same
                    nn.init.zeros_(parameter)

        return count_trainable_parameters(Tied())

    agree(probe)


@check(hint="`state_dict()` also has buffers, such as the running statistics: no optimizer updates them.")
def test_buffers(agree):
    """Buffers, such as the running statistics of batch normalization, do not count."""

    def probe(count_trainable_parameters):
        import torch.nn as nn

        return count_trainable_parameters(nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU()))

    agree(probe)


@check(
    hint="Any module may hold parameters, under any name, beside the layers inside it. A parameter may have "
    "any shape: a scalar (shape `()`) is one number.",
)
def test_bare_parameters(agree):
    """Parameters count wherever they are held: in the model itself, in lists, as scalars."""

    def probe(count_trainable_parameters):
        import torch
        import torch.nn as nn

        class Bare(nn.Module):
            def __init__(self):
                super().__init__()
                self.scale = nn.Parameter(torch.tensor(0.5))
                self.table = nn.Parameter(torch.zeros(2, 3, 5))
                self.steps = nn.ParameterList([torch.ones(7), torch.ones(1, 2)])
                self.layer = nn.Linear(2, 2)

        return count_trainable_parameters(Bare())

    agree(probe)


@check(hint="Only read the model: leave its mode, `requires_grad`, gradients and values as they are.")
def test_pure(student):
    """The model is not changed."""

    def probe(count_trainable_parameters):
        model = used_net()
        before = state(model)
        answer = count_trainable_parameters(model)
        return {"answer": answer, "before": before, "after": state(model)}

    seen = student(probe)
    is_number = isinstance(seen["answer"], Real) and not isinstance(seen["answer"], bool)
    assert is_number, "`count_trainable_parameters` must return a number and nothing else."
    changed = [aspect for aspect, value in seen["before"].items() if seen["after"][aspect] != value]
    assert not changed, f"After the call the model has other {' and other '.join(changed)}."


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
