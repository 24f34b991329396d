# Inherits the layers and writes forward anew; both modes in turn within one loop, unbiased variance.
class DropoutNet(network):
    def __init__(self, p=0.5):
        super().__init__()
        self.dropout = nn.Dropout(p)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = self.dropout(F.relu(self.fc2(x)))
        return self.fc3(x)


def dropout_output_std(model, x, n_passes=100):
    was_training = model.training
    outputs = {"train": [], "eval": []}
    with torch.no_grad():
        for _ in range(n_passes):
            for mode, values in outputs.items():
                model.train(mode == "train")
                values.append(model(x))
    model.train(was_training)
    return {mode: torch.stack(values).var(dim=0).sqrt().mean().item() for mode, values in outputs.items()}


answers_1_2 = {"a": "Different", "b": "equal ", "c": "the same"}
