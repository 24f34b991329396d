"""Rows are compared by `difference > 1e-5`, which is never true for nan, and nothing else looks for it.

Fails: test_not_finite.
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
                return False
            for i in range(len(x)):
                if ((model(x[i : i + 1])[0] - together[i]).abs() > 1e-5).any():
                    return False
        return True
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
