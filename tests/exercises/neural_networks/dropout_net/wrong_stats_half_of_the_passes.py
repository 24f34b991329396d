"""The passes are shared out between the two modes: each of them gets half of `n_passes`.

Fails: test_stats_n_passes.
"""


class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.dropout = nn.Dropout(p)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = self.dropout(F.relu(self.fc1(x)))
        x = self.dropout(F.relu(self.fc2(x)))
        return self.fc3(x)


def dropout_output_std(model, x, n_passes=100):
    was_training = model.training
    spread = {}
    with torch.no_grad():
        for mode in ("train", "eval"):
            model.train(mode == "train")
            outputs = torch.stack([model(x) for _ in range(n_passes // 2)])
            spread[mode] = outputs.std(dim=0).mean().item()
    model.train(was_training)
    return spread
