"""The mode is restored at the end, but an early `return False` leaves the function before that.

Fails: test_mode_restored.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x)
            alone = torch.cat([model(x[i : i + 1]) for i in range(len(x))])
    except (RuntimeError, ValueError):
        return False
    model.train(was_training)
    if together.shape != (len(x), num_classes) or not torch.isfinite(together).all():
        return False
    return torch.allclose(together, alone, atol=1e-5)
