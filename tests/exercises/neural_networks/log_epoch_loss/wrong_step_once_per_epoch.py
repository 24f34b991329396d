"""The optimizer takes one step in an epoch, after the loop over the batches.

Fails: test_history, test_any_criterion, test_trains, test_steps, test_stale_gradients, test_printed_in_time.
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
            total += loss.item() * len(x)
            samples += len(x)
        optimizer.step()
        history.append(total / samples)
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
