"""A line to a tenth whose slope is divided by `num_epochs - 1`: one epoch alone is an error.

Fails: test_form.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1 - 0.9 * epoch / (num_epochs - 1))
    history = {"lr": [], "loss": []}
    for _ in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        history["loss"].append(total / len(loader.dataset))
        scheduler.step()
    return history
