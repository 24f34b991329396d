"""The masks are drawn once, in `__init__`: each pass drops the same units. A mask has to be drawn anew in
every pass.

Fails: test_train_random, test_stats_of_own_net.
"""


class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.mask1 = (torch.rand(120) > p).float() / (1 - p)
        self.mask2 = (torch.rand(84) > p).float() / (1 - p)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        if self.training:
            x = x * self.mask1
        x = F.relu(self.fc2(x))
        if self.training:
            x = x * self.mask2
        return self.fc3(x)


def dropout_output_std(model, x, n_passes=100):
    was_training = model.training
    spread = {}
    with torch.no_grad():
        for mode in ("train", "eval"):
            model.train(mode == "train")
            outputs = torch.stack([model(x) for _ in range(n_passes)])
            spread[mode] = outputs.std(dim=0).mean().item()
    model.train(was_training)
    return spread
