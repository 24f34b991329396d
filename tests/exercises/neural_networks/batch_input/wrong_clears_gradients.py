"""The gradients of the model are cleared: after the call it is no longer the model that came.

Fails: test_model_unchanged.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    model.zero_grad()
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
