"""The batch losses, which are means already, are added up and divided by the number of samples.

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
            total += loss.item()
            samples += len(x)
        history.append(total / samples)
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
