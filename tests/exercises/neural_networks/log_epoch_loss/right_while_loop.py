# A while loop, a dict of logs on the way, gradients set to None by hand.
def train_with_log(model, loader, criterion, optimizer, num_epochs):
    logs = {}
    epoch = 0
    while epoch < num_epochs:
        model.train()
        losses, weights = [], []
        for x, y in loader:
            for parameter in model.parameters():
                parameter.grad = None
            loss = criterion(model(x), y)
            losses.append(loss.item())
            weights.append(x.shape[0])
            loss.backward()
            optimizer.step()
        epoch += 1
        logs[epoch] = sum(l * w for l, w in zip(losses, weights)) / sum(weights)
        print(f"{epoch}: {logs[epoch]:.2f}")
    return list(logs.values())
