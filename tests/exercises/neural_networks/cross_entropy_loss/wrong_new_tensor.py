"""`torch.tensor(loss.item())` makes a new tensor: its gradient does not lead back to the scores.

Fails: test_gradient, test_backprop_to_net.
"""


def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    return torch.tensor(F.cross_entropy(output, target).item(), requires_grad=True)
