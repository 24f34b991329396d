# The scale goes into `backward` as its argument.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    model.zero_grad()
    share = torch.tensor(1 / accumulation_steps)
    steps = 0
    for number, (x, y) in enumerate(loader):
        criterion(model(x), y).backward(gradient=share)
        if (number + 1) % accumulation_steps and number + 1 != len(loader):
            continue
        optimizer.step()
        optimizer.zero_grad()
        steps += 1
    return steps
