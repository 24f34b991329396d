"""Only every other row and column of the image is used.

Fails: test_convolution_sees_64.
"""


class Net64(network):
    def forward(self, x):
        return super().forward(x[:, :, ::2, ::2])
