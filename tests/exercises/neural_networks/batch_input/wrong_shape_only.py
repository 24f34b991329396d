"""Only the shape is looked at. A model that mixes up images, or gives numbers that are not finite, passes.

Fails: test_errors, test_not_finite, test_mixed_images, test_order_of_images.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            return model(x).shape == (len(x), num_classes)
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
