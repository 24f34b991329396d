"""Only the first 100 numbers of each row are kept, as many as fc1 takes: most of the maps are thrown away.

Fails: test_whole_image.
"""


class Net64(network):
    def __init__(self):
        super().__init__()
        self.conv2 = nn.Conv2d(6, 1, 3)
        self.fc1 = nn.Linear(100, 120)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)[:, :100]
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)
