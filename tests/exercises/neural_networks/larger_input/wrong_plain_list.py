"""The convolutions stand in a plain list: PyTorch does not know them, and they are neither trained nor
saved.

Fails: test_state_is_complete.
"""


class Net64(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = [nn.Conv2d(1, 6, 3), nn.Conv2d(6, 16, 3)]
        self.fc1 = nn.Linear(16 * 14 * 14, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        for conv in self.convs:
            x = F.max_pool2d(F.relu(conv(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)
