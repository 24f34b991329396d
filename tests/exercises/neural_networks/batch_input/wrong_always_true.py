"""The function says True whatever the model does.

Fails: test_wrong_shape, test_errors, test_not_finite, test_mixed_images, test_order_of_images,
test_no_gradients.
"""


def make_batch(batch_size=5, height=32, width=32):
    return torch.randn(batch_size, 1, height, width)


def runs_correctly(model, x, num_classes=10):
    return True
