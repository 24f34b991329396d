# EarlyStopping also keeps the state, if it is given a model; nothing but `step` returns when to stop.
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0, model=None):
        self.patience = patience
        self.min_delta = min_delta
        self.model = model
        self.best = None
        self.without_improvement = 0
        self.calls = 0

    def step(self, val_loss):
        self.calls += 1
        if self.best is not None and not (self.best - val_loss > self.min_delta):
            self.without_improvement += 1
            if self.without_improvement >= self.patience:
                return True
        else:
            self.best = val_loss
            self.without_improvement = 0
            self.best_call = self.calls
            if self.model is not None:
                self.state = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        return False

    def restore(self):
        self.model.load_state_dict(self.state)


@torch.no_grad()
def mean_loss(model, loader, criterion):
    model.eval()
    pairs = [(criterion(model(x), y).item(), len(x)) for x, y in loader]
    return sum(loss * n for loss, n in pairs) / sum(n for _, n in pairs)


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    stopper = EarlyStopping(patience, min_delta, model)
    history, train_history = [], []
    for _ in range(max_epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        train_history.append(mean_loss(model, train_loader, criterion))
        history.append(mean_loss(model, val_loader, criterion))
        if stopper.step(history[-1]):
            break
    stopper.restore()
    return {"train_loss": train_history, "val_loss": history, "best_epoch": stopper.best_call}
