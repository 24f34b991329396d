"""A softmax is applied to the scores before the loss, which applies one itself: even the best scores of ten
classes then cost 1.4612.

Fails: test_confident, test_large_scores, test_value, test_gradient.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    probabilities = torch.softmax(output, dim=1)
    return F.cross_entropy(probabilities, target)
