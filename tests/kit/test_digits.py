"""The course's digits are in MNIST's files, the same bytes everywhere, and torchvision reads them offline."""

import json
import runpy
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.course import Course
from autograde.sandbox.session import CellRun, Session

COURSE = Course(Path(__file__).parents[2])
MAKER = COURSE.root / "solutions/neural_networks/data/make.py"
RAW = COURSE.student_files("neural_networks") / "data/MNIST/raw"
PARTS = ("train", "t10k")

READ = """
import json, os
from torchvision import datasets
parts = [datasets.MNIST(root="./data", train=train, download=True) for train in (True, False)]
print(json.dumps([[list(part.data.shape), str(part.targets.dtype), part[0][0].size] for part in parts]))
"""
NO_NETWORK = """
import socket
def refused(*arguments, **options):
    raise OSError("no network here")
socket.socket.connect = refused
"""
COMPARE = """
import json, torch
from sklearn.datasets import load_digits
from torchvision import datasets
ours = torch.cat([datasets.MNIST("./data", train=train).data for train in (True, False)]).double()
small = torch.tensor(load_digits().images / 16).unsqueeze(1)
large = torch.nn.functional.interpolate(small, size=(20, 20), mode="bicubic", align_corners=False)
torchs = torch.nn.functional.pad(255 * large.squeeze(1).clamp(0, 1), (4, 4, 4, 4))
print(json.dumps((ours - torchs).abs().max().item()))
"""


@pytest.fixture(scope="module", name="maker")
def fixture_maker() -> dict[str, Any]:
    """What `make.py` defines."""
    return runpy.run_path(str(MAKER))


def array(data: bytes) -> np.ndarray:
    """Read an IDX file of bytes."""
    zeros, kind, dimensions = struct.unpack_from(">HBB", data)
    assert (zeros, kind) == (0, 8)
    shape = struct.unpack_from(f">{dimensions}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def printed(run: CellRun) -> Any:
    """Return what a cell printed, read as JSON."""
    assert run.fine, run.outputs
    (output,) = run.outputs
    return json.loads(output["text"])


def test_the_digits_are_split_and_in_the_format_of_mnist(maker: dict[str, Any]) -> None:
    files = {name.removeprefix("MNIST/raw/"): array(data) for name, data in maker["files"]().items()}
    assert {name: content.shape for name, content in files.items()} == {
        "train-images-idx3-ubyte": (1500, 28, 28),
        "train-labels-idx1-ubyte": (1500,),
        "t10k-images-idx3-ubyte": (297, 28, 28),
        "t10k-labels-idx1-ubyte": (297,),
    }
    for part, fewest in zip(PARTS, (146, 27), strict=True):
        counts = np.bincount(files[f"{part}-labels-idx1-ubyte"])
        assert len(counts) == 10
        assert counts.min() == fewest
    train = files["train-images-idx3-ubyte"] / 255
    assert (round(train.mean(), 3), round(train.std(), 3)) == (0.159, 0.298)  # MNIST: 0.1307, 0.3081


def test_the_digits_lie_in_the_middle(maker: dict[str, Any]) -> None:
    images = maker["mnist_like"](np.full((1, 8, 8), 16))
    expected = np.zeros((1, 28, 28), np.uint8)
    expected[:, 4:24, 4:24] = 255
    assert np.array_equal(images, expected)


def test_enlarging_is_exact(maker: dict[str, Any]) -> None:
    weights = maker["bicubic"]()
    assert weights.dtype == np.int64
    assert (weights.sum(1) == maker["UNIT"]).all()
    assert (weights == weights[::-1, ::-1]).all()
    largest = 2 * 255 * 16 * int(np.abs(weights).sum(1).max()) ** 2
    assert largest < 2**62


def test_torchvision_reads_the_files_without_a_network(open_session: Callable[..., Session]) -> None:
    session = open_session(files=COURSE.student_files("neural_networks"))
    assert session.run_cell(NO_NETWORK).fine
    assert printed(session.run_cell(READ)) == [
        [[1500, 28, 28], "torch.int64", [28, 28]],
        [[297, 28, 28], "torch.int64", [28, 28]],
    ]
    assert printed(session.run_cell("print(json.dumps(sorted(os.listdir('data/MNIST'))))")) == [
        "README.md",
        "raw",
    ]


def test_the_digits_are_enlarged_as_torch_does_it(open_session: Callable[..., Session]) -> None:
    session = open_session(files=COURSE.student_files("neural_networks"))
    assert printed(session.run_cell(COMPARE)) < 0.5 + 1e-6  # rounded to whole levels, and no further off


def test_what_students_get_names_source_and_licence() -> None:
    notice = (COURSE.root / "NOTICE").read_text("utf-8")
    handed_out = (RAW.parent / "README.md").read_text("utf-8")
    for text in (notice, handed_out):
        assert "Alpaydin" in text
        assert "https://doi.org/10.24432/C50P49" in text
        assert "https://creativecommons.org/licenses/by/4.0/" in text
