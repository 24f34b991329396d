"""`optimizer.lr` is no setting of an optimizer: the assignment makes a new attribute that nobody reads.

Fails: test_falls, test_reports_used_rate.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    optimizer.lr = optimizer.param_groups[0]["lr"]
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.lr)
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        history["loss"].append(total / len(loader.dataset))
        optimizer.lr *= 0.9
    return history
