"""Counts in convolutions and linear layers only and misses the parameters that other modules hold.

Fails: test_tied_once, test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    total = 0
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            total += sum(p.numel() for p in module.parameters() if p.requires_grad)
    return total
