"""Looks for the layers of the tutorial network by name and misses those of any other model.

Fails: test_other_net, test_order, test_nested_bn, test_frozen, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name in ["conv1", "conv2", "fc1", "fc2", "fc3"]:
        layer = getattr(model, name, None)
        if layer is not None:
            counts[name] = sum(p.numel() for p in layer.parameters())
            print(name, counts[name])
    return counts
