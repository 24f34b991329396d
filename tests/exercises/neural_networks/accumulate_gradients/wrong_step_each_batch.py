"""There is a step after each batch: nothing is accumulated.

Fails: test_equals_big_batch, test_leftover_group, test_returns_steps, test_step_count, test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    steps = 0
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        steps += 1
    return steps
