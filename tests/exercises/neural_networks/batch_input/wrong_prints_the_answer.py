"""The answer is printed and not returned.

Fails: test_good_models, test_returns_bool.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            print(model(x).shape == (len(x), num_classes))
    except (RuntimeError, ValueError):
        print(False)
    model.train(was_training)
