# `model.zero_grad()`, epochs counted from 0, the raw number printed.
def train_with_log(model, loader, criterion, optimizer, num_epochs):
    history = []
    for epoch in range(num_epochs):
        model.train()
        weighted, n = 0, 0
        for x, y in loader:
            model.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            weighted += float(loss) * y.shape[0]
            n += y.shape[0]
        history.append(weighted / n)
        print("epoch", epoch, "loss", history[-1])
    return history
