"""The maximum is taken off the scores in place (`output -= ...`): the scores of the caller are changed.

Fails: test_arguments_unchanged.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    with torch.no_grad():
        output -= output.max(dim=1, keepdim=True).values
    return F.cross_entropy(output, target)
