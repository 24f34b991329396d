"""The largest score of the whole batch is taken off, and not that of each row: `exp` of a row far below it is 0, and
the logarithm of 0 infinite.

Fails: test_large_scores.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels)


def classification_loss(output, target):
    shifted = output - output.max()
    right = shifted[torch.arange(len(target)), target]
    return (torch.log(torch.exp(shifted).sum(dim=1)) - right).mean()
