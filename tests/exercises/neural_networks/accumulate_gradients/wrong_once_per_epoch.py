"""There is one step at the end of the epoch, whatever the size of the groups.

Fails: test_equals_big_batch, test_groups_of_one, test_leftover_group, test_returns_steps, test_step_count,
test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad()
    steps = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        loss = criterion(model(inputs), targets) / accumulation_steps
        loss.backward()
        if number == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
