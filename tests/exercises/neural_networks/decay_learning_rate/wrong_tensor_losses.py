"""The losses are tensors, which keep their graphs in memory: `loss.item()` is a plain number.

Fails: test_form.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total = total + loss * len(inputs)
        history["loss"].append(total / len(loader.dataset))
        scheduler.step()
    return history
