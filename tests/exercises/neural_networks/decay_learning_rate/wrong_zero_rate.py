"""The learning rate is 0 in the last epoch, in which nothing is learnt any more.

Fails: test_stays_above_zero.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    start = [group["lr"] for group in optimizer.param_groups]
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        for group, lr in zip(optimizer.param_groups, start):
            group["lr"] = lr * (1 - epoch / max(1, num_epochs - 1))
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        history["loss"].append(total / len(loader.dataset))
    return history
