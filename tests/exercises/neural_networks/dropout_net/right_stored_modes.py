# Dropout between the convolutions only, the mode asked in forward; every module gets its own mode back.
class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        nn.Module.__init__(self)
        self.p = p
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        if self.training:
            x = F.dropout2d(x, self.p)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def dropout_output_std(model, x, n_passes=100):
    modes = [(module, module.training) for module in model.modules()]
    torch.set_grad_enabled(False)
    spread = {}
    for mode in ("train", "eval"):
        model.train(mode == "train")
        outputs = torch.cat([model(x)[None] for _ in range(n_passes)])
        spread[mode] = round(outputs.std(0).mean().item(), 6)
    torch.set_grad_enabled(True)
    for module, training in modes:
        module.training = training
    return spread
