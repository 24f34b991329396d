class BatchNormNet(network):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.BatchNorm1d(120, momentum=None)
        self.norm2 = nn.BatchNorm1d(84, momentum=None)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.norm1(self.fc1(x)))
        x = self.norm2(F.relu(self.fc2(x)))
        return self.fc3(x)
