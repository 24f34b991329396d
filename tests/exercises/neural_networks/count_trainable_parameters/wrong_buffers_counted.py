"""Adds the buffers: running statistics are updated in the forward pass, but no optimizer trains them.

Fails: test_buffers.
"""


def count_trainable_parameters(model):
    total = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return total + sum(buffer.numel() for buffer in model.buffers())
