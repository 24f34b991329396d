"""The loss is turned into a Python number by `.item()`: no gradient can flow back from it.

Fails: test_gradient, test_backprop_to_net.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    return F.cross_entropy(output, target).item()
