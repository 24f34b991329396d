"""The gradients are cleared only after each step: what the model held before the call goes into the first
one.

Fails: test_old_gradients.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total = 0.0
        for inputs, targets in loader:
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item() * len(inputs)
        history["loss"].append(total / len(loader.dataset))
        scheduler.step()
    return history
