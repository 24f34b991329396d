"""A new optimizer is made in each epoch, so that the one that was given, with its settings and memories,
is not used.

Fails: test_steps.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    lr = optimizer.param_groups[0]["lr"]
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        optimizer = optim.SGD(model.parameters(), lr=lr * 0.9**epoch)
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
