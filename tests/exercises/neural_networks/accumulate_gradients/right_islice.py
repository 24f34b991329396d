# An iterator over the loader is read group by group, until it is empty.
from itertools import islice


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    rest = iter(loader)
    steps = 0
    while group := list(islice(rest, accumulation_steps)):
        optimizer.zero_grad()
        for x, y in group:
            criterion(model(x), y).div(len(group)).backward()
        optimizer.step()
        steps += 1
    return steps
