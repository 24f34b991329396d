# Through numpy; log-softmax and nll_loss.
import numpy as np


def make_target(labels, num_classes=10):
    return torch.from_numpy(np.asarray(labels, dtype=np.int64))


def classification_loss(output, target):
    return F.nll_loss(F.log_softmax(output, dim=1), target)
