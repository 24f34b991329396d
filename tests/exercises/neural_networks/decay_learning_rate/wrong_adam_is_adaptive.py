"""Adam adapts the step of each weight, but its learning rate stays the same; and the optimizer was given.

Fails: test_steps.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    optimizer = optim.Adam(model.parameters(), lr=optimizer.param_groups[0]["lr"])
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
    return history
