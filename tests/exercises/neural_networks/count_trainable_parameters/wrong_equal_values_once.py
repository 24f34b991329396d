"""Takes parameters with equal values for shared ones: two biases of zeros are still two parameters.

Fails: test_tied_once.
"""


def count_trainable_parameters(model):
    kept = []
    for module in model.modules():
        for parameter in module.parameters(recurse=False):
            if parameter.requires_grad and not any(torch.equal(parameter, other) for other in kept):
                kept.append(parameter)
    return sum(parameter.numel() for parameter in kept)
