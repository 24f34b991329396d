"""For an incomplete last group the last batch is passed once more, and its gradient alone is used.

Fails: test_leftover_group, test_batch_by_batch.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):

    model.train()
    optimizer.zero_grad()
    steps = 0
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / accumulation_steps
        loss.backward()
        if (i + 1) % accumulation_steps == 0:
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    if (i + 1) % accumulation_steps:
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
    return steps
