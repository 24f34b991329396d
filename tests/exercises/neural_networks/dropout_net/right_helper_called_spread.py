# A helper has a name that is tempting for variables, too: the cells of the notebook must not overwrite it.
class DropoutNet(network):
    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.drop_map = nn.Dropout2d(p=p)
        self.drop_unit = nn.Dropout(p=p)

    def forward(self, x):
        x = self.drop_map(F.max_pool2d(self.conv1(x).relu(), 2))
        x = self.drop_map(F.max_pool2d(self.conv2(x).relu(), 2))
        x = torch.flatten(x, 1)
        x = self.drop_unit(self.fc1(x).relu())
        return self.fc3(self.fc2(x).relu())


def spread(model, x, n):
    with torch.inference_mode():
        outputs = torch.stack([model(x) for _ in range(n)])
    return outputs.std(0, unbiased=False).mean().item()


def dropout_output_std(model, x, n_passes=100):
    came = model.training
    answer = dict(train=spread(model.train(), x, n_passes), eval=spread(model.eval(), x, n_passes))
    model.train(mode=came)
    return answer
