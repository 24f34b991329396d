"""The same batch is passed several times; a group consists of different batches.

Fails: test_batch_by_batch, test_equals_big_batch, test_leftover_group, test_returns_steps, test_step_count,
test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    steps = 0
    for inputs, targets in loader:
        optimizer.zero_grad()
        for _ in range(accumulation_steps):
            loss = criterion(model(inputs), targets) / accumulation_steps
            loss.backward()
        optimizer.step()
        steps += 1
    return steps
