"""The image is cropped to 32 x 32 pixels in the middle: the network never sees the rest.

Fails: test_convolution_sees_64, test_whole_image.
"""


class Net64(network):
    def forward(self, x):
        x = x[:, :, 16:48, 16:48]
        return super().forward(x)
