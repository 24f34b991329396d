"""Only the number of rows is compared; how many scores each row has is not looked at.

Fails: test_wrong_shape.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x)
            if together.shape[0] != len(x) or not torch.isfinite(together).all():
                return False
            return all(torch.allclose(model(x[i : i + 1])[0], together[i], atol=1e-5) for i in range(len(x)))
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
