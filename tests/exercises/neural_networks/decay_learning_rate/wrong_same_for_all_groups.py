"""All parameter groups get the rate of the first one, instead of starting each from its own.

Fails: test_all_groups.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    start = optimizer.param_groups[0]["lr"]
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        for group in optimizer.param_groups:
            group["lr"] = start * 0.9**epoch
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
