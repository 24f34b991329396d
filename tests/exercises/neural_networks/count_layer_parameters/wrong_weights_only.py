"""Counts only the weights: a layer's bias consists of parameters too.

Fails: test_tutorial_net, test_other_net, test_nested_bn, test_frozen, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        if hasattr(module, "weight"):
            counts[name] = module.weight.numel()
            print(name, counts[name])
    return counts
