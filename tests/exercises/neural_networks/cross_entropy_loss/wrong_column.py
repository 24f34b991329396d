"""The target is a column of shape (N, 1); the classes need the shape (N,).

Fails: test_target_single, test_target_batch, test_target_other_classes, test_target_n_equals_c.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels).unsqueeze(1)


def classification_loss(output, target):
    return F.cross_entropy(output, target)
