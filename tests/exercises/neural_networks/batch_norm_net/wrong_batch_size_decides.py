"""The number of images decides, and not the mode: several of them are normalized with their own mean and variance
in eval mode, too.

Fails: test_new_net_is_network, test_eval_ignores_batch.
"""


class BatchNormNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.norm1, self.norm2 = nn.BatchNorm1d(120), nn.BatchNorm1d(84)

    def forward(self, x):
        for norm in (self.norm1, self.norm2):
            norm.train(len(x) > 1)
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.norm1(self.fc1(x)))
        x = F.relu(self.norm2(self.fc2(x)))
        return self.fc3(x)
