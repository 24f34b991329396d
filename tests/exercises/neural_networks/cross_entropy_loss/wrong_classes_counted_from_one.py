"""The classes are counted from 1, so each label is off by one; classes go from 0 to C - 1.

Fails: test_target_single, test_target_batch, test_target_other_classes, test_target_n_equals_c.
"""


def make_target(labels, num_classes=10):
    return torch.tensor([label - 1 for label in labels])


def classification_loss(output, target):
    return F.cross_entropy(output, target)
