"""Only the best class of each row is compared, and not the scores.

Fails: test_mixed_images.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was = model.training
    model.eval()
    try:
        with torch.no_grad():
            out = model(x)
            if out.shape != (len(x), num_classes) or not out.isfinite().all():
                return False
            return all(int(model(x[i : i + 1]).argmax()) == int(out[i].argmax()) for i in range(len(x)))
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was)
