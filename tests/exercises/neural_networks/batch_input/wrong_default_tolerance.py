"""`torch.allclose` with its default tolerances is too strict for numbers near 0: it allows 0.00000001
there.

Fails: test_rounding.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x).double()
            if together.shape != (len(x), num_classes) or not torch.isfinite(together).all():
                return False
            alone = torch.cat([model(x[i : i + 1]) for i in range(len(x))]).double()
        return torch.allclose(together, alone, atol=1e-6)
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
