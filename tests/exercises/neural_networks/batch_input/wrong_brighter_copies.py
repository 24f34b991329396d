"""The images are one and the same, each brighter than the one before: only the first one is drawn at random.

Fails: test_images_differ.
"""


def make_batch(batch_size=5, height=32, width=32):
    image = torch.randn(1, 1, height, width)
    return torch.cat([image + 0.1 * i for i in range(batch_size)])


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x)
            if together.shape != (len(x), num_classes) or not torch.isfinite(together).all():
                return False
            alone = torch.cat([model(x[i : i + 1]) for i in range(len(x))])
        return torch.allclose(together, alone, atol=1e-5)
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
