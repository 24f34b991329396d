"""`model.training = ...` restores the flag of the model alone; `model.train(...)` reaches the layers inside
it.

Fails: test_mode_restored.
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
            return all(torch.allclose(model(x[i : i + 1])[0], out[i], atol=1e-5) for i in range(len(x)))
    except (RuntimeError, ValueError):
        return False
    finally:
        model.training = was
