"""Stops at the first level: `named_children()` finds the blocks, but not the layers inside them.

Fails: test_nested_bn, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, child in model.named_children():
        counts[name] = sum(p.numel() for p in child.parameters())
        print(f"{name}: {counts[name]}")
    return counts
