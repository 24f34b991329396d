class Net64(nn.Module):
    def __init__(self):
        super().__init__()
        self.filters1 = nn.Parameter(torch.randn(6, 1, 3, 3) / 3)
        self.filters2 = nn.Parameter(torch.randn(16, 6, 3, 3) / 7)
        self.fc1 = nn.Linear(3136, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(F.conv2d(x, self.filters1)), 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, self.filters2)), 2)
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)
