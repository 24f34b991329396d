"""The loss, which is a mean already, is divided by batches and by samples.

Fails: test_equals_big_batch, test_groups_of_one.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad()
    steps = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        loss = criterion(model(inputs), targets) / (accumulation_steps * len(inputs))
        loss.backward()
        if number % accumulation_steps == 0 or number == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
