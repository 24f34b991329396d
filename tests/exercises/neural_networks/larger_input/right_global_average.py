class Net64(nn.Module):
    """No hidden linear layer: each map is averaged to one number."""

    def __init__(self):
        super().__init__()
        channels = [1, 16, 32, 64]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(channels, channels[1:]))
        self.last = nn.Linear(64, 10)

    def forward(self, x):
        for conv in self.convs:
            x = F.max_pool2d(F.gelu(conv(x)), 2)
        return self.last(x.mean(dim=(2, 3)))
