"""`x[i]` has lost the batch dimension. A batch of one image is `x[i : i + 1]`, or `x[i].unsqueeze(0)`.

Fails: test_good_models.
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
            return all(torch.allclose(model(x[i]), out[i], atol=1e-5) for i in range(len(x)))
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was)
