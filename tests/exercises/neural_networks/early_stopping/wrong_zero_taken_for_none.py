"""`not self.best` asks whether there is a best loss yet, and is also True if the best is 0.0.

Fails: test_compares_with_best.
"""


class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best = None
        self.count = 0

    def step(self, val_loss):
        if not self.best or val_loss < self.best - self.min_delta:
            self.best = val_loss
            self.count = 0
        else:
            self.count += 1
        return self.count >= self.patience


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    stopper = EarlyStopping(patience, min_delta)
    val_losses, best_epoch, best_state = [], 0, None
    for epoch in range(1, max_epochs + 1):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        model.eval()
        total, count = 0.0, 0
        with torch.no_grad():
            for x, y in val_loader:
                total += criterion(model(x), y).item() * len(x)
                count += len(x)
        val_loss = total / count
        val_losses.append(val_loss)
        stop = stopper.step(val_loss)
        if stopper.count == 0:
            best_epoch = epoch
            best_state = copy.deepcopy(model.state_dict())
        if stop:
            break
    model.load_state_dict(best_state)
    return {"val_loss": val_losses, "best_epoch": best_epoch}
