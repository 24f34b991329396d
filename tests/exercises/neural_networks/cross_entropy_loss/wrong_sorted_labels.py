"""The labels are sorted, so they no longer belong to the samples; and the list that was passed in is changed.

Fails: test_target_batch, test_target_other_classes, test_target_n_equals_c, test_arguments_unchanged.
"""


def make_target(labels, num_classes=10):
    labels.sort()
    return torch.tensor(labels)


def classification_loss(output, target):
    return F.cross_entropy(output, target)
