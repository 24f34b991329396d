import numpy as np


def make_batch(batch_size=5, height=32, width=32):
    pixels = np.random.uniform(0, 1, size=(batch_size, 1, height, width))
    return torch.from_numpy(pixels).float()


def runs_correctly(model, x, num_classes=10):
    training = model.training
    try:
        model.eval()
        with torch.inference_mode():
            batch = model(x).numpy()
            single = [model(part).numpy() for part in x.split(1)]
        if batch.shape != (len(x), num_classes):
            return False
        return np.isfinite(batch).all() and np.allclose(batch, np.concatenate(single), rtol=0, atol=1e-5)
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(training)
