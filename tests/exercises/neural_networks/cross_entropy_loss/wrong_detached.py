"""The scores are detached from the network before the loss: no gradient can flow back.

Fails: test_gradient, test_backprop_to_net.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    return F.cross_entropy(output.detach(), target)
