class BatchNormNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.bn_fc1 = nn.BatchNorm1d(120, eps=1e-3, momentum=0.01)
        self.bn_fc2 = nn.BatchNorm1d(84, eps=1e-3, momentum=0.01)
        self.pool = nn.MaxPool2d(2)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = x.reshape(x.shape[0], -1)
        x = self.relu(self.bn_fc1(self.fc1(x)))
        x = self.relu(self.bn_fc2(self.fc2(x)))
        return self.fc3(x)
