"""The target is still a list, and not a tensor.

Fails: test_target_single, test_target_batch, test_target_other_classes, test_target_n_equals_c.
"""


def make_target(labels, num_classes=10):
    return list(labels)


def classification_loss(output, target):
    return F.cross_entropy(output, target)
