# The indices are split with scikit-learn; accuracy evaluates a copy of the model, which itself stays as it is.
def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    from sklearn.model_selection import train_test_split

    train_idx, val_idx = train_test_split(
        list(range(len(dataset))), test_size=val_fraction, random_state=seed, shuffle=True
    )
    train_loader = DataLoader(Subset(dataset, train_idx), batch_size=batch_size, shuffle=True)
    val_loader = DataLoader(Subset(dataset, val_idx), batch_size=1)
    return train_loader, val_loader


def accuracy(model, loader):
    judge = copy.deepcopy(model).eval()
    n_correct = n_total = 0
    for x, y in loader:
        with torch.no_grad():
            logits = judge(x)
        n_correct += logits.argmax(dim=1).eq(y).sum().item()
        n_total += y.shape[0]
    return float(n_correct) / n_total


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    train_loss, val_accuracy = [], []
    for epoch in range(num_epochs):
        model.train()
        epoch_loss = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            output = model(x)
            loss = criterion(output, y)
            loss.backward()
            optimizer.step()
            epoch_loss += loss.item() * y.size(0)
        train_loss.append(epoch_loss / len(train_loader.dataset))
        val_accuracy.append(accuracy(model, val_loader))
    return {"train_loss": train_loss, "val_accuracy": val_accuracy}
