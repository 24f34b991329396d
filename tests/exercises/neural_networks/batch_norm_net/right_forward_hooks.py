class BatchNormNet(network):
    """The old forward; hooks pass what fc1 and fc2 give through the batch normalization."""

    def __init__(self):
        super().__init__()
        self.bn1 = nn.BatchNorm1d(120)
        self.bn2 = nn.BatchNorm1d(84)
        self.fc1.register_forward_hook(lambda layer, given, result: self.bn1(result))
        self.fc2.register_forward_hook(lambda layer, given, result: self.bn2(result))
