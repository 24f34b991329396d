class BN(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.register_buffer("running_mean", torch.zeros(1, n))
        self.register_buffer("running_std", torch.ones(1, n))

    def forward(self, x):
        if self.training:
            m = x.mean(dim=0, keepdim=True)
            s = x.std(dim=0, keepdim=True) + 1e-5
            self.running_mean = 0.9 * self.running_mean + 0.1 * m.detach()
            self.running_std = 0.9 * self.running_std + 0.1 * s.detach()
        else:
            m, s = self.running_mean, self.running_std
        return (x - m) / s


class BatchNormNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.bn1 = BN(120)
        self.bn2 = BN(84)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.bn1(self.fc1(x)))
        x = F.relu(self.bn2(self.fc2(x)))
        return self.fc3(x)
