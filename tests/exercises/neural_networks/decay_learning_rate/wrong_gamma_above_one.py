"""With a factor above 1 the learning rate grows from epoch to epoch.

Fails: test_never_rises, test_falls.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=1.1)
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        history["loss"].append(total / len(loader.dataset))
        scheduler.step()
    return history
