# Numpy averages with weights; the weights of the best epoch are found again from a list of all of them.
import numpy as np


class EarlyStopping:
    """Patience with a count that runs down."""

    def __init__(self, patience: int = 3, min_delta: float = 0.0):
        self.patience = patience
        self.left = patience
        self.min_delta = min_delta
        self.best = np.inf

    def step(self, val_loss: float) -> bool:
        if self.best - self.min_delta > val_loss:
            self.best = val_loss
            self.left = self.patience
        else:
            self.left -= 1
        return self.left <= 0


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    early_stopping = EarlyStopping(patience, min_delta)
    val_loss, snapshots, best_epoch = [], [], 0
    for epoch in range(1, 1 + max_epochs):
        model.train()
        for data, target in train_loader:
            optimizer.zero_grad()
            output = model(data)
            loss = criterion(output, target)
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            losses = [criterion(model(data), target).item() for data, target in val_loader]
        val_loss.append(np.average(losses, weights=[len(target) for _, target in val_loader]))
        snapshots.append(copy.deepcopy(model.state_dict()))
        previous_best = early_stopping.best
        stop = early_stopping.step(val_loss[-1])
        if early_stopping.best < previous_best:
            best_epoch = epoch
        if stop:
            print(f"stopped after epoch {epoch}")
            break
    else:
        print("ran to the end")
    model.load_state_dict(snapshots[best_epoch - 1])
    return {"val_loss": val_loss, "best_epoch": best_epoch}
