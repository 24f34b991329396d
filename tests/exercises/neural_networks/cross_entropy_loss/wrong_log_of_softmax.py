"""`torch.log(torch.softmax(...))` gives log(0), minus infinity, when a score is far behind the others.

Fails: test_large_scores.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    probabilities = torch.softmax(output, dim=1)
    return -torch.log(probabilities[torch.arange(len(target)), target]).mean()
