"""The mean is taken over all N * C numbers instead of the N samples, so the loss is too small by a factor of C.

Fails: test_confident, test_gradient, test_large_scores, test_uniform_scores, test_value.
"""


def make_target(labels, num_classes=10):
    return F.one_hot(torch.tensor(labels), num_classes).float()


def classification_loss(output, target):
    return -(target * F.log_softmax(output, dim=1)).mean()
