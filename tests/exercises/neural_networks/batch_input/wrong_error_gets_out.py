"""Nothing catches the error of the model, so the function ends with it instead of returning False.

Fails: test_errors, test_mode_restored.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        together = model(x)
        if together.shape != (len(x), num_classes) or not torch.isfinite(together).all():
            model.train(was_training)
            return False
        alone = torch.cat([model(x[i : i + 1]) for i in range(len(x))])
    model.train(was_training)
    return torch.allclose(together, alone, atol=1e-5)
