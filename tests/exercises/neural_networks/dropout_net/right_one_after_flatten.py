# A single dropout, on the flattened maps; the spread with the statistics module, number by number.
import statistics


class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.dropout = nn.Dropout(p)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.dropout(x.reshape(x.size(0), -1))
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


def dropout_output_std(model, x, n_passes=100):
    training = model.training
    found = {}
    for mode in "train", "eval":
        getattr(model, mode)()
        rows = []
        for _ in range(n_passes):
            with torch.no_grad():
                rows.append(model(x).flatten().tolist())
        found[mode] = statistics.fmean(statistics.stdev(values) for values in zip(*rows))
    model.train() if training else model.eval()
    return found
