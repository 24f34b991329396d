"""fc1 was replaced by batch normalization, and another layer does its work.

Fails: test_keeps_layers.
"""


class BatchNormNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.linear1 = nn.Linear(576, 120)
        self.fc1 = nn.BatchNorm1d(120)
        self.linear2 = nn.Linear(120, 84)
        self.fc2 = nn.BatchNorm1d(84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(self.linear1(x)))
        x = F.relu(self.fc2(self.linear2(x)))
        return self.fc3(x)
