"""Leaves out frozen parameters, but this exercise asks for all parameters of a layer.

Fails: test_frozen.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        own = [p for p in module.parameters(recurse=False) if p.requires_grad]
        if own:
            counts[name] = sum(p.numel() for p in own)
            print(name, counts[name])
    return counts
