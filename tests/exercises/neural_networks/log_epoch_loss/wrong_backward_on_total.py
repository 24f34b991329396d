"""`loss.backward()` is called on the sum of the batch and not on its mean: the gradients are too large.

Fails: test_any_criterion, test_history, test_stale_gradients, test_trains.
"""


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    history = []
    model.train()
    for epoch in range(num_epochs):
        total, samples = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            (loss * len(x)).backward()
            optimizer.step()
            total += loss.item() * len(x)
            samples += len(x)
        history.append(total / samples)
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
