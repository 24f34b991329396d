# A helper trains one optimizer; gradients are cleared after the step, and once before the first.
def train_one(model, loader, criterion, optimizer, num_epochs):
    history = []
    optimizer.zero_grad(set_to_none=False)
    for _ in range(num_epochs):
        losses = []
        for batch in loader:
            inputs, targets = batch
            outputs = model(inputs)
            loss = criterion(outputs, targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            losses.extend([loss.item()] * inputs.shape[0])
        history.append(sum(losses) / len(losses))
    return history


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    nets = [copy.deepcopy(model) for _ in range(3)]
    return {
        "sgd": train_one(nets[0], loader, criterion, optim.SGD(nets[0].parameters(), lr=lr), num_epochs),
        "adam": train_one(nets[1], loader, criterion, optim.Adam(nets[1].parameters(), lr=lr), num_epochs),
        "rmsprop": train_one(
            nets[2], loader, criterion, optim.RMSprop(nets[2].parameters(), lr=lr), num_epochs
        ),
    }


def best_optimizer(results: dict) -> str:
    names = list(results)
    finals = torch.tensor([results[name][-1] for name in names])
    return names[int(finals.argmin())]
