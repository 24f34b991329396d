"""The image is cut into four quarters for the old network, and their scores are averaged: no convolution
sees it whole.

Fails: test_convolution_sees_64.
"""


class Net64(network):
    def forward(self, x):
        tiles = [x[:, :, :32, :32], x[:, :, :32, 32:], x[:, :, 32:, :32], x[:, :, 32:, 32:]]
        return sum(super(Net64, self).forward(t) for t in tiles) / 4
