"""The digits of scikit-learn as the four files of `MNIST/raw`, where torchvision's MNIST looks for its own.

`autograde build` runs this file and hands out what `files` returns. Everything is integer arithmetic, so that
the bytes are the same on every machine and with every version of numpy.
"""

import struct

import numpy as np
from sklearn.datasets import load_digits

TRAIN = 1500  # of 1,797; the digits are ordered by writer, so those of the test part are by other hands
LEVELS = 16  # of ink in a pixel of the original
SIZE, BOX, MARGIN = 8, 20, 4  # MNIST, too, has a digit in a box of 20 x 20 in the middle of 28 x 28
STEPS = 2 * BOX  # a place in the enlarged image is a whole number of 1/40 of a pixel of the original
UNIT = 4 * STEPS**3  # and its weights are whole numbers of 1/UNIT


def files() -> dict[str, bytes]:
    """Return the images and the labels of both parts."""
    digits = load_digits()
    images = mnist_like(digits.images.astype(np.int64))
    labels = digits.target.astype(np.uint8)
    return {
        "MNIST/raw/train-images-idx3-ubyte": idx(images[:TRAIN]),
        "MNIST/raw/train-labels-idx1-ubyte": idx(labels[:TRAIN]),
        "MNIST/raw/t10k-images-idx3-ubyte": idx(images[TRAIN:]),
        "MNIST/raw/t10k-labels-idx1-ubyte": idx(labels[TRAIN:]),
    }


def mnist_like(images: np.ndarray) -> np.ndarray:
    """Return images of 8 x 8 whole numbers from 0 to 16 as 28 x 28 bytes."""
    weights = bicubic()
    enlarged = weights @ images @ weights.T  # in units of 1 / (16 * UNIT**2)
    full = LEVELS * UNIT**2
    grey = (2 * 255 * enlarged.clip(0, full) + full) // (2 * full)  # to the nearest, a half upwards
    return np.pad(grey.astype(np.uint8), ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))


def bicubic() -> np.ndarray:
    """Return the weights of 8 pixels in each of 20, in units of 1/UNIT.

    They are Keys's cubic convolution with a = -3/4, pixel centres at halves, the border repeated.
    """
    weights = np.zeros((BOX, SIZE), np.int64)
    for row in range(BOX):
        place = (2 * row + 1) * SIZE - BOX  # of the centre, in STEPS
        first = place // STEPS - 1
        for pixel in range(first, first + 4):
            weights[row, min(max(pixel, 0), SIZE - 1)] += keys(abs(place - pixel * STEPS))
    return weights


def keys(distance: int) -> int:
    """Return the weight of a pixel at a distance of so many STEPS, in units of 1/UNIT."""
    d, one = distance, STEPS
    if d <= one:
        return 5 * d**3 - 9 * d**2 * one + 4 * one**3
    return -3 * d**3 + 15 * d**2 * one - 24 * d * one**2 + 12 * one**3


def idx(array: np.ndarray) -> bytes:
    """Return an array of bytes in the IDX format: two zeros, the type 8, the number of dimensions, the shape."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()
