# Whole feature maps are dropped after the convolutions, single values after fc1; Welford's running variance.
class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.drop_maps = nn.Dropout2d(p)
        self.drop_units = nn.Dropout(p)

    def forward(self, x):
        x = self.drop_maps(F.max_pool2d(F.relu(self.conv1(x)), 2))
        x = self.drop_maps(F.max_pool2d(F.relu(self.conv2(x)), 2))
        x = self.drop_units(F.relu(self.fc1(x.flatten(1))))
        return self.fc3(F.relu(self.fc2(x)))


def running_std(model, x, n_passes):
    mean, squares = 0.0, 0.0
    for count in range(1, n_passes + 1):
        output = model(x)
        difference = output - mean
        mean = mean + difference / count
        squares = squares + difference * (output - mean)
    return torch.sqrt(squares / (n_passes - 1)).mean().item()


def dropout_output_std(model, x, n_passes=100):
    before = model.training
    try:
        with torch.no_grad():
            train = running_std(model.train(), x, n_passes)
            evaluated = running_std(model.eval(), x, n_passes)
    finally:
        model.train(before)
    return dict(train=train, eval=evaluated)
