"""The layers are created and never called in `forward`.

Fails: test_norm_after_fc1, test_norm_after_fc2, test_train_uses_batch, test_running_averages,
test_every_parameter_has_a_gradient.
"""


class BatchNormNet(network):
    def __init__(self):
        super().__init__()
        self.bn1 = nn.BatchNorm1d(120)
        self.bn2 = nn.BatchNorm1d(84)
