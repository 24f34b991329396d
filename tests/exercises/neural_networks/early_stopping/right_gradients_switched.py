# Gradients are switched off and on again; the best epoch is found by comparing with the best loss.
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best = None
        self.c = 0

    def step(self, val_loss):
        if self.best is None:
            self.best = val_loss
        elif val_loss < self.best - self.min_delta:
            self.best = val_loss
            self.c = 0
        else:
            self.c += 1
            if self.c >= self.patience:
                return True
        return False


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    es = EarlyStopping(patience, min_delta)
    out = {"val_loss": [], "best_epoch": 1}
    best = copy.deepcopy(model.state_dict())
    for e in range(1, max_epochs + 1):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        model.eval()
        torch.set_grad_enabled(False)
        tot = sum(criterion(model(x), y).item() * len(x) for x, y in val_loader)
        n = len(val_loader.dataset)
        torch.set_grad_enabled(True)
        v = tot / n
        out["val_loss"].append(v)
        stop = es.step(v)
        if es.best == v:
            best = copy.deepcopy(model.state_dict())
            out["best_epoch"] = e
        if stop:
            break
    model.load_state_dict(best)
    return out
