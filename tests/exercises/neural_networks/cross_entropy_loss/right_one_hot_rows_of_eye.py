# One-hot rows taken from the identity matrix, and the formula for them.
def make_target(labels, num_classes=10):
    return torch.eye(num_classes)[labels]


def classification_loss(output, target):
    return -(target * output.log_softmax(dim=-1)).sum(dim=-1).mean()
