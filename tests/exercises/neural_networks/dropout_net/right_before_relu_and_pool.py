# Dropout everywhere between two layers, before the ReLU and before the pooling; inference mode.
class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(576, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.drop = nn.Dropout(p)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            x = F.max_pool2d(F.relu(self.drop(conv(x))), 2)
        x = torch.flatten(x, 1)
        for layer in (self.fc1, self.fc2):
            x = F.relu(self.drop(layer(x)))
        return self.fc3(x)


def dropout_output_std(model, x, n_passes=100):
    state = model.training
    with torch.inference_mode():
        train = torch.stack([model.train()(x) for _ in range(n_passes)], dim=-1).std(dim=-1).mean().item()
        evaluated = torch.stack([model.eval()(x) for _ in range(n_passes)], dim=-1).std(dim=-1).mean().item()
    model.train(mode=state)
    return {"eval": evaluated, "train": train}
