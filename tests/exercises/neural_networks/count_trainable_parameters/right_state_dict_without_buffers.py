"""`state_dict(keep_vars=True)` keeps the parameter objects: the real parameters among them, each once."""


def count_trainable_parameters(model):
    tensors = {id(t): t for t in model.state_dict(keep_vars=True).values() if isinstance(t, nn.Parameter)}
    return sum(t.numel() for t in tensors.values() if t.requires_grad)
