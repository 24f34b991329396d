"""Lists every module, also blocks and the model itself, with what it holds directly: 0 for most."""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        counts[name] = sum(p.numel() for p in module.parameters(recurse=False))
        print(f"{name or '(model)':.<30}{counts[name]}")
    return counts
