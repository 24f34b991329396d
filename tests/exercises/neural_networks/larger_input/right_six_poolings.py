class Net64(nn.Module):
    def __init__(self):
        super().__init__()
        blocks, before = [], 1
        for after in (8, 16, 16, 32, 32, 64):
            blocks += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            before = after
        self.blocks = nn.Sequential(*blocks)
        self.fc1 = nn.Linear(64, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = torch.flatten(self.blocks(x), 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)
