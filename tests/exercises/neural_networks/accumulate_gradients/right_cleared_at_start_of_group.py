# The gradients are cleared when a group begins, and stay after its step.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    steps = 0
    last = len(loader) - 1
    for number, (x, y) in enumerate(loader):
        if number % accumulation_steps == 0:
            optimizer.zero_grad()
        (criterion(model(x), y) / accumulation_steps).backward()
        if number % accumulation_steps == accumulation_steps - 1 or number == last:
            optimizer.step()
            steps += 1
    return steps
