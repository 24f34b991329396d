"""The running total is not set back to 0 when a new epoch begins, but divided by the samples of one epoch.

Fails: test_history, test_any_criterion.
"""


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    history = []
    model.train()
    total = 0.0
    for epoch in range(num_epochs):
        samples = 0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            samples += len(x)
        history.append(total / samples)
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
