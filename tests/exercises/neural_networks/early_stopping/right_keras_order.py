# In the order of Keras: wait counts first and is set back on an improvement; `step` ends with a comparison.
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = abs(min_delta)
        self.wait = 0
        self.best = float("inf")
        self.best_epoch = 0
        self.epoch = 0

    def step(self, val_loss):
        self.epoch += 1
        self.wait += 1
        if val_loss + self.min_delta < self.best:
            self.best = val_loss
            self.best_epoch = self.epoch
            self.wait = 0
        return bool(self.wait >= self.patience)


def train_with_early_stopping(
    model, train_loader, val_loader, criterion, optimizer, max_epochs, patience=3, min_delta=0.0
):
    stopping = EarlyStopping(patience, min_delta)
    states, losses = {}, []
    for epoch in range(max_epochs):
        model.train(True)
        for batch in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(batch[0]), batch[1])
            loss.backward()
            optimizer.step()
        model.train(False)
        with torch.no_grad():
            total = sum(criterion(model(x), y) * len(y) for x, y in val_loader)
            count = sum(len(y) for _, y in val_loader)
        losses.append((total / count).item())
        stop = stopping.step(losses[-1])
        states[epoch + 1] = copy.deepcopy(model.state_dict())
        if stop:
            break
    model.load_state_dict(states[stopping.best_epoch])
    return dict(val_loss=losses, best_epoch=stopping.best_epoch)
