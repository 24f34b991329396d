# The step is written as a closure for the optimizer.
def train_with_log(model, loader, criterion, optimizer, num_epochs):
    model.train()
    history = []
    for epoch in range(num_epochs):
        total, count = 0.0, 0
        for x, y in loader:

            def closure():
                optimizer.zero_grad()
                loss = criterion(model(x), y)
                loss.backward()
                return loss

            total += optimizer.step(closure).item() * len(x)
            count += len(x)
        history.append(total / count)
        print(f"after epoch {epoch + 1} of {num_epochs} the loss is {history[-1]:.4f}")
    return history
