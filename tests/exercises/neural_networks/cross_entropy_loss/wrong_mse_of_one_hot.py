"""This is still the mean squared error, between the scores and one-hot rows.

Fails: test_uniform_scores, test_confident, test_large_scores, test_value, test_gradient.
"""


def make_target(labels, num_classes=10):
    return F.one_hot(torch.tensor(labels), num_classes).float()


def classification_loss(output, target):
    return nn.MSELoss()(output, target)
