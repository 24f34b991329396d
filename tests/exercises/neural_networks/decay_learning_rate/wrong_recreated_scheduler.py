"""A new scheduler is made in each epoch: each begins to count anew, and none of them comes to the epoch in
which it would lower the rate.

Fails: test_falls.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
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
