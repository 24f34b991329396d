"""Label smoothing changes the loss: a confident right answer then costs something, too.

Fails: test_confident, test_large_scores, test_value, test_gradient.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    return F.cross_entropy(output, target, label_smoothing=0.1)
