"""One loss per sample is returned: `reduction="none"` leaves out the mean.

Fails: test_uniform_scores, test_confident, test_large_scores, test_value, test_gradient, test_backprop_to_net.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    return F.cross_entropy(output, target, reduction="none")
