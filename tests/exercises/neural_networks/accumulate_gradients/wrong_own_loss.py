"""The loss is always cross entropy: the given `criterion` is not used.

Fails: test_groups_of_one, test_leftover_group, test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad()
    steps = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        loss = F.cross_entropy(model(inputs), targets) / accumulation_steps
        loss.backward()
        if number % accumulation_steps == 0 or number == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
