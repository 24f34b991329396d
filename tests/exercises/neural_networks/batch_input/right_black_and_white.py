def make_batch(batch_size=5, height=32, width=32):
    return torch.bernoulli(torch.full((batch_size, 1, height, width), 0.5))


def _scores(model, x):
    try:
        with torch.no_grad():
            return model(x)
    except (RuntimeError, ValueError):
        return None


def runs_correctly(model, x, num_classes=10):
    before = [(module, module.training) for module in model.modules()]
    model.eval()
    whole = _scores(model, x)
    singles = [_scores(model, x[i : i + 1]) for i in range(len(x))]
    for module, mode in before:
        module.training = mode
    if whole is None or any(one is None for one in singles):
        return False
    if list(whole.shape) != [len(x), num_classes] or not whole.isfinite().all():
        return False
    return all((whole[i] - one).abs().max().item() < 2e-5 for i, one in enumerate(singles))
