"""Lists the model itself among its layers: `named_modules()` begins with the model, under the name ''.

Fails: test_tutorial_net, test_other_net, test_nested_bn, test_frozen.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        counts[name] = sum(p.numel() for p in module.parameters())
        print(name, counts[name])
    return counts
