# A log-softmax before the loss does nothing: it is the same twice as once.
def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    return nn.CrossEntropyLoss()(nn.LogSoftmax(dim=1)(output), target)
