"""`squeeze()` removes the dimension of the batch as well if there is a single sample.

Fails: test_target_single, test_target_other_classes.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels).view(-1, 1).squeeze()


def classification_loss(output, target):
    return F.cross_entropy(output, target)
