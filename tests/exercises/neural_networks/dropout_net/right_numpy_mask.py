# A module of its own that draws masks with numpy; mean square minus squared mean, in double precision.
import numpy as np


class InvertedDropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.keep = 1.0 - p

    def forward(self, x):
        if self.training:
            mask = np.random.rand(*x.shape) < self.keep
            x = x * torch.as_tensor(mask / self.keep, dtype=x.dtype)
        return x


class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.features = InvertedDropout(p)
        self.hidden = InvertedDropout(p)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.features(x).flatten(1)
        x = self.hidden(F.relu(self.fc1(x)))
        return self.fc3(F.relu(self.fc2(x)))


def dropout_output_std(model, x, n_passes=100):
    mode = model.training
    spread = []
    for training in (True, False):
        model.train(training)
        total = total_of_squares = 0.0
        with torch.no_grad():
            for _ in range(n_passes):
                output = model(x).double()
                total = total + output
                total_of_squares = total_of_squares + output**2
        variance = total_of_squares / n_passes - (total / n_passes) ** 2
        spread.append(variance.clamp(min=0).sqrt().mean().item())
    model.train(mode)
    return dict(zip(("train", "eval"), spread))
