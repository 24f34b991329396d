"""The largest difference is looked for without `abs`: a row that is lower everywhere passes.

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
        return (together - alone).max().item() <= 1e-5
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
