"""The target is a row of shape (1, N), as `view(1, -1)` made it for the mean squared error.

Fails: test_target_single, test_target_batch, test_target_other_classes, test_target_n_equals_c.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels).view(1, -1)


def classification_loss(output, target):
    return F.cross_entropy(output, target)
