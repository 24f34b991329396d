"""`a and b and c` gives one of its parts, and not True or False: with a score that is not finite it gives the tensor
that `all()` returned.

Fails: test_returns_bool.
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
        return (
            together.shape == (len(x), num_classes)
            and torch.isfinite(together).all()
            and torch.allclose(together, alone, atol=1e-5)
        )
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
