"""A new optimizer with a learning rate of its own is made, and the given one is not used.

Fails: test_equals_big_batch, test_groups_of_one, test_leftover_group, test_second_epoch,
test_stale_gradients, test_step_count, test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    steps = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        loss = criterion(model(inputs), targets) / accumulation_steps
        loss.backward()
        if number % accumulation_steps == 0 or number == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
