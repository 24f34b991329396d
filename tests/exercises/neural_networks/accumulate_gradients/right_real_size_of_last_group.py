# Each loss is divided by the real number of batches in its group.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad()
    total = len(loader)
    steps = 0
    for i, (inputs, targets) in enumerate(loader):
        start = i - i % accumulation_steps
        size = min(accumulation_steps, total - start)
        loss = criterion(model(inputs), targets) / size
        loss.backward()
        if (i + 1) % accumulation_steps == 0 or i + 1 == total:
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
