# The optimizer calls a closure, which clears, adds up and returns the loss of the group.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    group, steps = [], 0

    def closure():
        optimizer.zero_grad()
        total = 0.0
        for x, y in group:
            loss = criterion(model(x), y) / len(group)
            loss.backward()
            total += loss.item()
        return total

    for number, batch in enumerate(loader, start=1):
        group.append(batch)
        if len(group) == accumulation_steps or number == len(loader):
            optimizer.step(closure)
            steps += 1
            group.clear()
    return steps
