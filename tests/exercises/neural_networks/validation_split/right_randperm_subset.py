# Subsets of one permutation; accuracy with max and inference_mode; validation in one large batch.
def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    g = torch.Generator()
    g.manual_seed(seed)
    indices = torch.randperm(len(dataset), generator=g).tolist()
    cut = round(len(dataset) * (1 - val_fraction))
    train = Subset(dataset, indices[:cut])
    val = Subset(dataset, indices[cut:])
    return DataLoader(train, batch_size, shuffle=True), DataLoader(val, batch_size=1000)


def accuracy(model, loader):
    was_training = model.training
    model.eval()
    hits, n = 0, 0
    with torch.inference_mode():
        for inputs, labels in loader:
            _, predicted = model(inputs).max(1)
            hits += torch.sum(predicted == labels).item()
            n += labels.size(0)
    if was_training:
        model.train()
    return hits / n


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    history = {"train_loss": [], "val_accuracy": []}
    for epoch in range(num_epochs):
        model.train()
        batch_losses, batch_sizes = [], []
        for inputs, labels in train_loader:
            outputs = model(inputs)
            loss = criterion(outputs, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
            batch_sizes.append(inputs.shape[0])
        weighted = sum(a * b for a, b in zip(batch_losses, batch_sizes))
        history["train_loss"].append(weighted / sum(batch_sizes))
        history["val_accuracy"].append(accuracy(model, val_loader))
    return history
