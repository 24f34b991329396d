"""The image is resized to 32 x 32 for the old network. The network was to be changed, not the image.

Fails: test_convolution_sees_64.
"""


class Net64(network):
    def forward(self, x):
        x = F.interpolate(x, size=(32, 32), mode="bilinear", align_corners=False)
        return super().forward(x)
