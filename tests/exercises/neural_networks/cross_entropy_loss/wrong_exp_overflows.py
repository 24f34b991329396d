"""`exp` of a score above 88 is infinite: `torch.logsumexp` takes the largest score of each row off first.

Fails: test_large_scores.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels)


def classification_loss(output, target):
    right = output[torch.arange(len(target)), target]
    return (torch.log(torch.exp(output).sum(dim=1)) - right).mean()
