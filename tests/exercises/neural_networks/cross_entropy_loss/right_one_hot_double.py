# One-hot rows in double precision, filled one by one.
def make_target(labels, num_classes=10):
    rows = []
    for label in labels:
        row = [0.0] * num_classes
        row[label] = 1.0
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float64)


loss_module = nn.CrossEntropyLoss()


def classification_loss(output, target):
    return loss_module(output, target)
