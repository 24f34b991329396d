"""Takes parameters of the same shape for one shared parameter, but only the same object is shared.

Fails: test_other_net, test_tied_once, test_buffers.
"""


def count_trainable_parameters(model):
    by_shape = {p.shape: p for p in model.parameters() if p.requires_grad}
    return sum(p.numel() for p in by_shape.values())
