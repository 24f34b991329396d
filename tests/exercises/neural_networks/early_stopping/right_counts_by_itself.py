# The loop counts by itself and keeps a deep copy of the whole model; the class keeps the list of all losses.
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.losses = []

    def step(self, val_loss):
        self.losses.append(val_loss)
        best, waiting = self.losses[0], 0
        for loss in self.losses[1:]:
            if loss < best - self.min_delta:
                best, waiting = loss, 0
            else:
                waiting += 1
        return waiting >= self.patience


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    best_loss, best_epoch, wait = float("inf"), 1, 0
    best_model = None
    val_loss = []
    for epoch in range(1, max_epochs + 1):
        model.train()
        for inputs, targets in train_loader:
            model.zero_grad()
            criterion(model(inputs), targets).backward()
            optimizer.step()
        model.eval()
        batch_losses, batch_sizes = [], []
        with torch.no_grad():
            for inputs, targets in val_loader:
                batch_losses.append(criterion(model(inputs), targets).item())
                batch_sizes.append(len(inputs))
        mean = sum(loss * size for loss, size in zip(batch_losses, batch_sizes)) / sum(batch_sizes)
        val_loss.append(mean)
        if mean < best_loss - min_delta:
            best_loss, best_epoch, wait = mean, epoch, 0
            best_model = copy.deepcopy(model)
        else:
            wait += 1
            if wait >= patience:
                break
    model.load_state_dict(best_model.state_dict())
    model.train()
    return {"val_loss": val_loss, "best_epoch": best_epoch, "stopped": wait >= patience}
