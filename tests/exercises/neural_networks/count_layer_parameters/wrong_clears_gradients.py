"""Clears the gradients of the model, which counting has no need to touch.

Fails: test_pure.
"""


def count_layer_parameters(model):
    model.zero_grad()
    counts = {}
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            counts[name] = number
            print(name, number)
    return counts
