# The best loss starts as None; the loop asks an attribute, and weights its batches by target.size(0).
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best = None
        self.bad_epochs = 0
        self.improved = False

    def step(self, val_loss):
        self.improved = self.best is None or val_loss < self.best - self.min_delta
        if self.improved:
            self.best, self.bad_epochs = val_loss, 0
            return False
        self.bad_epochs += 1
        return self.bad_epochs >= self.patience


def evaluate(model, loader, criterion):
    model.eval()
    loss_sum, n = 0.0, 0
    with torch.no_grad():
        for data, target in loader:
            loss_sum += criterion(model(data), target).item() * target.size(0)
            n += target.size(0)
    return loss_sum / n


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    early = EarlyStopping(patience=patience, min_delta=min_delta)
    history = {"val_loss": [], "best_epoch": 0}
    for epoch in range(1, max_epochs + 1):
        model.train()
        for data, target in train_loader:
            optimizer.zero_grad()
            criterion(model(data), target).backward()
            optimizer.step()
        history["val_loss"].append(evaluate(model, val_loader, criterion))
        should_stop = early.step(history["val_loss"][-1])
        if early.improved:
            history["best_epoch"] = epoch
            best = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        if should_stop:
            break
    model.load_state_dict(best)
    return history
