"""`get_last_lr()` is a list with a number for each parameter group: the first of them is asked for.

Fails: test_form.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(scheduler.get_last_lr())
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
