"""Only the first image is compared with its row; the others may be wrong.

Fails: test_mixed_images, test_order_of_images.
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
            return torch.allclose(together[:1], model(x[:1]), atol=1e-5)
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
