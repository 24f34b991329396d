"""The values of the dict are tensors instead of plain numbers.

Fails: test_tutorial_net, test_other_net, test_order, test_nested_bn, test_frozen, test_pure.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        sizes = torch.tensor([p.numel() for p in module.parameters(recurse=False)])
        if len(sizes) > 0:
            counts[name] = sizes.sum()
            print(name, counts[name].item())
    return counts
