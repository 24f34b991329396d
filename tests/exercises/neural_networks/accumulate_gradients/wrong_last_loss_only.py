"""Only the last batch of each group goes backward: the losses of the others are dropped.

Fails: test_equals_big_batch, test_leftover_group, test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad()
    steps = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        loss = criterion(model(inputs), targets) / accumulation_steps
        if number % accumulation_steps == 0 or number == len(loader):
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
