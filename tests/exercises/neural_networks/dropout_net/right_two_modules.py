# A dropout module for each hidden linear layer; the spread with numpy, which divides by n.
import numpy as np


class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=3)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=3)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(576, 120)
        self.drop1 = nn.Dropout(p=p)
        self.fc2 = nn.Linear(120, 84)
        self.drop2 = nn.Dropout(p=p)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.flatten(x, start_dim=1)
        x = self.drop1(torch.relu(self.fc1(x)))
        x = self.drop2(torch.relu(self.fc2(x)))
        return self.fc3(x)


def dropout_output_std(model, x, n_passes=100):
    was_training = model.training
    result = {}
    for key, training in [("eval", False), ("train", True)]:
        model.train(training)
        with torch.no_grad():
            passes = np.array([model(x).numpy() for _ in range(n_passes)])
        result[key] = passes.std(axis=0).mean()  # a numpy scalar
    model.train(was_training)
    return result
