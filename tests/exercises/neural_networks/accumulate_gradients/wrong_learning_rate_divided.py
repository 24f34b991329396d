"""The learning rate is divided in place of the loss, and smaller in each epoch than in the one before.

Fails: test_second_epoch.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):

    for g in optimizer.param_groups:
        g["lr"] /= accumulation_steps
    model.train()
    optimizer.zero_grad()
    steps = 0
    for i, (x, y) in enumerate(loader):
        criterion(model(x), y).backward()
        if (i + 1) % accumulation_steps == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
