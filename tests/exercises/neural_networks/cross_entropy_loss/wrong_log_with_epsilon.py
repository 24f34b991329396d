"""A small number added inside the logarithm avoids infinity, but a confident mistake can then not cost more
than 18.4, and has no gradient.

Fails: test_confident, test_large_scores.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    probabilities = torch.softmax(output, dim=1)
    return F.nll_loss(torch.log(probabilities + 1e-8), target)
