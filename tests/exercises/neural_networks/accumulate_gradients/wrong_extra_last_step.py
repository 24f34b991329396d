"""After the last whole group there is one more step, also if no batch is left.

Fails: test_groups_of_one, test_returns_steps, test_step_count, test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad(set_to_none=False)
    steps = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        loss = criterion(model(inputs), targets) / accumulation_steps
        loss.backward()
        if number % accumulation_steps == 0:
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            steps += 1
    optimizer.step()
    return steps + 1
