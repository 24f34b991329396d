# Gradients are cleared after each step, and once before the first.
def train_with_log(model, loader, criterion, optimizer, num_epochs):
    losses = []
    model.train()
    optimizer.zero_grad()
    for epoch in range(1, num_epochs + 1):
        running_loss = 0.0
        for inputs, targets in loader:
            outputs = model(inputs)
            loss = criterion(outputs, targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            running_loss += loss.item() * inputs.size(0)
        epoch_loss = running_loss / len(loader.dataset)
        losses.append(epoch_loss)
        print(f"Epoch {epoch}/{num_epochs}, Loss: {epoch_loss:.2f}")
    return losses
