"""The length of each flattened tensor, with what is frozen subtracted from the whole."""


def count_trainable_parameters(model):
    everything = sum(p.view(-1).size(0) for p in model.parameters())
    frozen = sum(p.view(-1).size(0) for p in model.parameters() if not p.requires_grad)
    return everything - frozen
