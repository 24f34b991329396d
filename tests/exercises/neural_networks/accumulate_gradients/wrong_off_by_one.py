"""Batches are counted from 0 and tested with `i % k == 0`: the first group has one batch only.

Fails: test_equals_big_batch, test_leftover_group, test_returns_steps, test_step_count, test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad()
    steps = 0
    for i, (inputs, targets) in enumerate(loader):
        loss = criterion(model(inputs), targets) / accumulation_steps
        loss.backward()
        if i % accumulation_steps == 0 or i == len(loader) - 1:
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
