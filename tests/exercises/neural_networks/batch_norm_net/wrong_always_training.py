"""`F.batch_norm` is told `training=True`, so that eval mode uses the batch as well.

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
        for name, units in (("1", 120), ("2", 84)):
            self.register_buffer("mean" + name, torch.zeros(units))
            self.register_buffer("var" + name, torch.ones(units))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(F.batch_norm(self.fc1(x), self.mean1, self.var1, training=True))
        x = F.relu(F.batch_norm(self.fc2(x), self.mean2, self.var2, training=True))
        return self.fc3(x)
