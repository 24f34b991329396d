# The score is the negated loss, as in a well-known recipe; the state goes to a buffer as a file would.
import io


class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience, self.delta = patience, min_delta
        self.counter = 0
        self.best_score = None
        self.early_stop = False

    def step(self, val_loss):
        score = -val_loss
        if self.best_score is None:
            self.best_score = score
        elif score > self.best_score + self.delta:
            self.best_score = score
            self.counter = 0
        else:
            self.counter += 1
            if self.counter >= self.patience:
                self.early_stop = True
        return self.early_stop


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    stopper = EarlyStopping(patience, min_delta)
    checkpoint = io.BytesIO()
    losses, best_epoch = [], 0
    epoch = 0
    while epoch < max_epochs and not stopper.early_stop:
        epoch += 1
        model.train()
        for x, y in train_loader:
            out = model(x)
            loss = criterion(out, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        running = 0.0
        with torch.inference_mode():
            for x, y in val_loader:
                running += float(criterion(model(x), y)) * x.shape[0]
        losses.append(running / len(val_loader.dataset))
        before = stopper.best_score
        stopper.step(losses[-1])
        if stopper.best_score != before:
            best_epoch = epoch
            checkpoint = io.BytesIO()
            torch.save(model.state_dict(), checkpoint)
    checkpoint.seek(0)
    model.load_state_dict(torch.load(checkpoint))
    return {"val_loss": losses, "best_epoch": best_epoch}
