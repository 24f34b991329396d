"""The list has one loss for each batch, and not one for each epoch.

Fails: test_length, test_printed.
"""


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    history = []
    model.train()
    for epoch in range(num_epochs):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            history.append(loss.item())
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
