"""The one-hot matrix is transposed: rows are classes and columns are samples.

Fails: test_target_single, test_target_batch, test_target_other_classes, test_target_n_equals_c.
"""


def make_target(labels, num_classes=10):
    target = torch.zeros(num_classes, len(labels))
    target[torch.tensor(labels), torch.arange(len(labels))] = 1.0
    return target


def classification_loss(output, target):
    return F.cross_entropy(output, target)
