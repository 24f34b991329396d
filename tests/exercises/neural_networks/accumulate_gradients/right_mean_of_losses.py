# The losses of a group are collected, and one backward pass goes through their mean.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    losses, steps = [], 0

    def update():
        optimizer.zero_grad()
        torch.stack(losses).mean().backward()
        optimizer.step()
        losses.clear()

    for x, y in loader:
        losses.append(criterion(model(x), y))
        if len(losses) == accumulation_steps:
            update()
            steps += 1
    if losses:
        update()
        steps += 1
    return steps
