"""The answer is a tensor with True or False in it, and not True or False itself.

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
            if together.shape != (len(x), num_classes):
                return torch.tensor(False)
            alone = torch.cat([model(x[i : i + 1]) for i in range(len(x))])
        return torch.isfinite(together).all() & ((together - alone).abs() < 2e-5).all()
    except (RuntimeError, ValueError):
        return torch.tensor(False)
    finally:
        model.train(was_training)
