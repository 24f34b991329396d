def make_batch(batch_size=5, height=32, width=32):
    images = []
    for _ in range(batch_size):
        images.append(torch.randn(1, height, width))
    return torch.stack(images)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x)
            alone = torch.cat([model(x[i : i + 1]) for i in range(len(x))])
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
    if together.shape != (len(x), num_classes) or alone.shape != together.shape:
        return False
    return bool(torch.isfinite(together).all() and torch.allclose(together, alone, atol=1e-5))
