"""The losses in the list are rounded; only the printed ones may be.

Fails: test_weighted_mean, test_history, test_any_criterion.
"""


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    history = []
    model.train()
    for epoch in range(num_epochs):
        total, samples = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            samples += len(x)
        history.append(round(total / samples, 1))
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
