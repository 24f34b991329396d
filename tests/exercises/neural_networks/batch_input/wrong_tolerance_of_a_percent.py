"""The tolerance is one percent: far more than rounding, so a model that is slightly wrong passes.

Fails: test_mixed_images.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x)
            if together.shape != (len(x), num_classes) or not torch.isfinite(together).all():
                return False
            alone = torch.cat([model(x[i : i + 1]) for i in range(len(x))])
        return torch.allclose(together, alone, rtol=0.01, atol=0.01)
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
