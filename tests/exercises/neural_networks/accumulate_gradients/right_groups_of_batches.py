# Batches are cut into groups first, then each group is trained with.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    batches = list(loader)
    groups = [batches[at : at + accumulation_steps] for at in range(0, len(batches), accumulation_steps)]
    for group in groups:
        optimizer.zero_grad()
        for x, y in group:
            loss = criterion(model(x), y) / len(group)
            loss.backward()
        optimizer.step()
    return len(groups)
