"""Takes for granted that every layer has a bias and stops with an error where there is none (`bias=False`).

Fails: test_nested_bn.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        if hasattr(module, "weight"):
            counts[name] = module.weight.numel() + module.bias.numel()
            print(name, counts[name])
    return counts
