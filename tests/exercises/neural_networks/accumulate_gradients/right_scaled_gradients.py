# The gradients are added up unscaled and divided just before the step.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad()
    in_group = steps = 0
    for number, (x, y) in enumerate(loader, 1):
        criterion(model(x), y).backward()
        in_group += 1
        if in_group == accumulation_steps or number == len(loader):
            with torch.no_grad():
                for p in model.parameters():
                    if p.grad is not None:
                        p.grad /= in_group
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            steps, in_group = steps + 1, 0
    return steps
