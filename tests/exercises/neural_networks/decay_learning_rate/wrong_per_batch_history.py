"""Rate and loss are noted for each batch: one number for each epoch is asked for.

Fails: test_form.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            history["lr"].append(optimizer.param_groups[0]["lr"])
            history["loss"].append(loss.item())
        scheduler.step()
    return history
