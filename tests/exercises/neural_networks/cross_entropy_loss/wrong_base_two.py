"""The logarithm has the base 2; cross entropy takes the natural logarithm.

Fails: test_uniform_scores, test_large_scores, test_value, test_gradient.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


import math


def classification_loss(output, target):
    return F.cross_entropy(output, target) / math.log(2)
