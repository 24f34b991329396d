"""The softmax is written with `torch.exp` of the scores, which is infinite for large scores.

Fails: test_large_scores.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    exponentials = torch.exp(output)
    probabilities = exponentials / exponentials.sum(dim=1, keepdim=True)
    return -torch.log(probabilities[range(len(target)), target]).mean()
