"""The gradients are never cleared: each group still holds those of all groups before.

Fails: test_groups_of_one, test_leftover_group, test_second_epoch, test_stale_gradients, test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    steps = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        loss = criterion(model(inputs), targets) / accumulation_steps
        loss.backward()
        if number % accumulation_steps == 0 or number == len(loader):
            optimizer.step()
            steps += 1
    return steps
