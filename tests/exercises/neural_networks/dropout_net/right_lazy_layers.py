# Layers that find their input sizes in the first pass; looks at the shape of the output first.
class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.LazyConv2d(6, 3)
        self.conv2 = nn.LazyConv2d(16, 3)
        self.fc1 = nn.LazyLinear(120)
        self.fc2 = nn.LazyLinear(84)
        self.fc3 = nn.LazyLinear(10)
        self.act = nn.Sequential(nn.ReLU(), nn.Dropout(p))

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = self.act(self.fc1(torch.flatten(x, 1)))
        x = self.act(self.fc2(x))
        return self.fc3(x)


def dropout_output_std(model, x, n_passes=100):
    before = model.training
    out = {}
    with torch.no_grad():
        for name in ["train", "eval"]:
            model.train(name == "train")
            shape = model(x).shape
            results = torch.empty(n_passes, *shape)
            for i in range(n_passes):
                results[i] = model(x)
            out[name] = results.std(dim=0, correction=0).mean().item()
    model.train(before)
    return out
