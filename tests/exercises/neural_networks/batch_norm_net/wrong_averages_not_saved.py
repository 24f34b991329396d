"""The running averages are plain attributes: `state_dict()` does not have them, and a saved model loses
them.

Fails: test_state_is_complete.
"""


class BatchNormNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.mean1, self.var1 = torch.zeros(120), torch.ones(120)
        self.mean2, self.var2 = torch.zeros(84), torch.ones(84)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(F.batch_norm(self.fc1(x), self.mean1, self.var1, training=self.training))
        x = F.relu(F.batch_norm(self.fc2(x), self.mean2, self.var2, training=self.training))
        return self.fc3(x)
