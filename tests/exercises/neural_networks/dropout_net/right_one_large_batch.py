# `p` by keyword only, dropout in nn.Sequential blocks; all passes in one batch of copies of x.
class DropoutNet(nn.Module):
    def __init__(self, *, p=0.5):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 3), nn.Conv2d(6, 16, 3)
        self.fc1, self.fc2, self.fc3 = nn.Linear(576, 120), nn.Linear(120, 84), nn.Linear(84, 10)
        self.after_conv = nn.Sequential(nn.ReLU(), nn.Dropout2d(p), nn.MaxPool2d(2))
        self.after_fc = nn.Sequential(nn.Dropout(p), nn.ReLU())

    def forward(self, x):
        x = self.after_conv(self.conv1(x))
        x = self.after_conv(self.conv2(x))
        x = x.flatten(start_dim=1)
        return self.fc3(self.after_fc(self.fc2(self.after_fc(self.fc1(x)))))


def dropout_output_std(model, x, n_passes=100):
    training = model.training
    copies = x.repeat(n_passes, 1, 1, 1)
    with torch.no_grad():
        train = model.train()(copies).view(n_passes, len(x), -1).std(0).mean().item()
        evaluated = model.eval()(copies).view(n_passes, len(x), -1).std(0).mean().item()
    model.train(training)
    return {"train": train, "eval": evaluated}
