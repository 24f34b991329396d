"""A fixed number is taken off the learning rate in each epoch, which is more than small rates have: they
become negative.

Fails: test_stays_above_zero.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
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
        for group in optimizer.param_groups:
            group["lr"] -= 0.003
    return history
