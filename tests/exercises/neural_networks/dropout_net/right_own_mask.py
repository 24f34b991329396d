# A mask of its own, drawn with bernoulli; each pass is detached, and the results are tensors of one number.
class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(576, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.p = p

    def drop(self, x):
        if not self.training:
            return x
        mask = torch.bernoulli(torch.full_like(x, 1 - self.p))
        return x * mask / (1 - self.p)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.drop(torch.flatten(x, 1))
        x = self.drop(F.relu(self.fc1(x)))
        x = self.drop(F.relu(self.fc2(x)))
        return self.fc3(x)


def dropout_output_std(model, x, n_passes=100):
    was_training = model.training
    result = {}
    for mode in (True, False):
        model.train(mode)
        outputs = torch.stack([model(x).detach() for _ in range(n_passes)])
        result["train" if mode else "eval"] = outputs.std(0).mean()
    model.train(was_training)
    return result
