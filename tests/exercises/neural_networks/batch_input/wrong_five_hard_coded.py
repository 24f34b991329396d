"""The number of images is taken for 5, although `x` may hold any number.

Fails: test_good_models.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x)
            if together.shape != (5, num_classes) or not torch.isfinite(together).all():
                return False
            alone = torch.cat([model(x[i : i + 1]) for i in range(5)])
        return torch.allclose(together, alone, atol=1e-5)
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
