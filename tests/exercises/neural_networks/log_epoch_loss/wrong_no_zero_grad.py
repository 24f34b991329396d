"""`zero_grad` is never called, so each step uses the gradients of all batches so far.

Fails: test_history, test_any_criterion, test_trains, test_stale_gradients.
"""


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    history = []
    model.train()
    for epoch in range(num_epochs):
        total, samples = 0.0, 0
        for x, y in loader:
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            samples += len(x)
        history.append(total / samples)
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
