# Gradients set to None by hand; the number of steps by rounding up.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    import math

    model.train()
    for p in model.parameters():
        p.grad = None
    for number, (x, y) in enumerate(loader, start=1):
        loss = criterion(model(x), y)
        loss = loss * (1.0 / accumulation_steps)
        loss.backward()
        if number % accumulation_steps == 0 or number == len(loader):
            optimizer.step()
            for p in model.parameters():
                p.grad = None
    return math.ceil(len(loader) / accumulation_steps)
