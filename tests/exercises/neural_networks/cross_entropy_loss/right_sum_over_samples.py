# Summed loss divided by the number of samples.
def make_target(labels, num_classes=10):
    return torch.tensor(labels, dtype=torch.long)


def classification_loss(output, target):
    return F.cross_entropy(output, target, reduction="sum") / output.size(0)
