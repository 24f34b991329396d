"""Asks for duplicates (`remove_duplicate=False`) and so counts a shared parameter under each of its names.

Fails: test_tied_once.
"""


def count_trainable_parameters(model):
    named = dict(model.named_parameters(remove_duplicate=False))
    return sum(p.numel() for p in named.values() if p.requires_grad)
