"""Clears the gradients of the model, which counting has no need to touch.

Fails: test_pure.
"""


def count_trainable_parameters(model):
    model.zero_grad()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
