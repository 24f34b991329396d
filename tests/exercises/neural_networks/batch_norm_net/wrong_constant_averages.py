"""Fresh zeros and ones are passed to `F.batch_norm` in each pass, so nothing is kept for eval mode.

Fails: test_running_averages.
"""


class BatchNormNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        for layer, units in ((self.fc1, 120), (self.fc2, 84)):
            x = layer(x)
            x = F.relu(F.batch_norm(x, torch.zeros(units), torch.ones(units), training=self.training))
        return self.fc3(x)
