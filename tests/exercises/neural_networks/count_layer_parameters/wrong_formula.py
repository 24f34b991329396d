"""Calculates the numbers from the sizes of each layer with a formula that holds for simple layers only.

Fails: test_other_net, test_nested_bn.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        if isinstance(module, (nn.Conv1d, nn.Conv2d)):
            area = 1
            for size in module.kernel_size:
                area *= size
            counts[name] = (module.in_channels * area + 1) * module.out_channels
        elif isinstance(module, nn.Linear):
            counts[name] = (module.in_features + 1) * module.out_features
    for name in counts:
        print(name, counts[name])
    return counts
