"""`F.one_hot` without `num_classes` makes as many columns as the largest label needs.

Fails: test_target_single, test_target_batch, test_target_other_classes, test_target_n_equals_c.
"""


def make_target(labels, num_classes=10):
    return F.one_hot(torch.tensor(labels)).float()


def classification_loss(output, target):
    return F.cross_entropy(output, target)
