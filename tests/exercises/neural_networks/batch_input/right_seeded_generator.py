def make_batch(batch_size=5, height=32, width=32):
    generator = torch.Generator().manual_seed(42)
    return torch.randn([batch_size, 1, height, width], generator=generator, dtype=torch.float32)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x)
            if together.shape != torch.Size((len(x), num_classes)):
                return False
            if not bool(torch.isfinite(together).all()):
                return False
            difference = 0.0
            for i, image in enumerate(x):
                alone = model(image.unsqueeze(0))
                difference = max(difference, float((alone - together[i]).abs().max()))
            return difference <= 1e-5
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train() if was_training else model.eval()
