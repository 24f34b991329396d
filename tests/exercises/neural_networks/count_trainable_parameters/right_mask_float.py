"""A tensor of sizes times a tensor of zeros and ones; returns a float."""


def count_trainable_parameters(model):
    parameters = list(model.parameters())
    sizes = torch.tensor([p.numel() for p in parameters], dtype=torch.float64)
    mask = torch.tensor([p.requires_grad for p in parameters])
    return (sizes * mask).sum().item()
