"""The loss is measured in another pass when the epoch is over, and not during training.

Fails: test_history, test_any_criterion.
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
        with torch.no_grad():
            for x, y in loader:
                total += criterion(model(x), y).item() * len(x)
                samples += len(x)
        history.append(total / samples)
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
