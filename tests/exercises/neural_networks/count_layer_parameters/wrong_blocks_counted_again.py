"""Also gives an entry to every block: `parameters()` of a block contains the parameters of its layers.

Fails: test_nested_bn.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters())
        if name and number:
            counts[name] = number
            print(f"{name}: {number}")
    return counts
