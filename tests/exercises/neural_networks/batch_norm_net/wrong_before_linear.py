"""Batch normalization stands before the linear layers and normalizes what goes into them, not what comes
out.

Fails: test_norm_after_fc1.
"""


class BatchNormNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.bn0 = nn.BatchNorm1d(576)
        self.bn1 = nn.BatchNorm1d(576)
        self.bn2 = nn.BatchNorm1d(84)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(self.bn1(self.bn0(x))))
        x = F.relu(self.bn2(self.fc2(x)))
        return self.fc3(x)
