"""Tells tied parameters apart from others by the address of their data."""


def count_trainable_parameters(model):
    sizes = {}
    for module in model.modules():
        for parameter in module._parameters.values():
            if parameter is not None and parameter.requires_grad:
                sizes[parameter.data_ptr()] = parameter.numel()
    return sum(sizes.values())
