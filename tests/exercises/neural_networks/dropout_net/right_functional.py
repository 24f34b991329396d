# The functional form, told the mode in every call; deviations by hand, from the mean over the passes.
class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.p = p

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, 16 * 6 * 6)
        x = F.dropout(F.relu(self.fc1(x)), p=self.p, training=self.training)
        x = F.dropout(F.relu(self.fc2(x)), p=self.p, training=self.training)
        return self.fc3(x)


@torch.no_grad()
def dropout_output_std(model, x, n_passes=100):
    mode_before = model.training

    def spread():
        outputs = torch.stack([model(x) for _ in range(n_passes)])
        deviations = outputs - outputs.mean(0, keepdim=True)
        return float((deviations.pow(2).sum(0) / n_passes).sqrt().mean())

    model.train()
    train = spread()
    model.eval()
    evaluated = spread()
    model.train(mode_before)
    return {"train": train, "eval": evaluated}
