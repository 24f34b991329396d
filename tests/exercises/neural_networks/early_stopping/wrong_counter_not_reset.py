"""The count is never set back to 0: epochs without improvement add up over the whole training.

Fails: test_counter_resets, test_min_delta_accumulates.
"""


class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best_loss = float("inf")
        self.counter = 0

    def step(self, val_loss):
        if val_loss < self.best_loss - self.min_delta:
            self.best_loss = val_loss
        else:
            self.counter += 1
        return self.counter >= self.patience


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    stopper = EarlyStopping(patience, min_delta)
    val_losses = []
    best_epoch = 0
    best_state = None
    for epoch in range(max_epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()

        model.eval()
        total = 0.0
        with torch.no_grad():
            for x, y in val_loader:
                total += criterion(model(x), y).item() * len(x)
        val_loss = total / len(val_loader.dataset)
        val_losses.append(val_loss)

        stop = stopper.step(val_loss)
        if val_loss == stopper.best_loss:
            best_epoch = epoch + 1
            best_state = copy.deepcopy(model.state_dict())
        if stop:
            break
    model.load_state_dict(best_state)
    return {"val_loss": val_losses, "best_epoch": best_epoch}
