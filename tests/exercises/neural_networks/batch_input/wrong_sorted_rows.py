"""Rows are found in any order: it is not asked whether row i belongs to image i.

Fails: test_order_of_images.
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
            for i in range(len(x)):
                distance = (together - model(x[i : i + 1])).abs().amax(dim=1)
                if distance.min() > 1e-5:
                    return False
        return True
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
