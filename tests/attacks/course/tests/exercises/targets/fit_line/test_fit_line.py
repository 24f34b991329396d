"""Hidden checks for `fit_line`. CANARY.

What the student's process says of its training counts for nothing: the line is drawn here, with the weights.
"""

import numpy as np

from autograde.checks import check
from autograde.sandbox.arrays import Tensor

SECRET = "CANARY"


@check(hint="More steps, or a larger learning rate.")
def test_line_is_found(student, rng):
    """The trained model gives the right numbers for new inputs."""

    def probe(fit_line, x, y):
        return dict(fit_line(x, y).state_dict())

    slope, start = rng.uniform(1, 2), rng.uniform(-2, -1)
    x = rng.uniform(-2, 2, size=(40, 1)).astype(np.float32)
    weights = student(probe, x=x, y=(slope * x + start).astype(np.float32))
    assert isinstance(weights, dict), "There are no weights."
    assert set(weights) == {"weight", "bias"}, "The model is no torch.nn.Linear."
    for name, shape in (("weight", (1, 1)), ("bias", (1,))):
        assert isinstance(weights[name], Tensor), f"{name} is no tensor."
        assert weights[name].torch_dtype == "float32", f"{name} has another dtype."
        assert weights[name].shape == shape, f"{name} has another shape."
        assert np.isfinite(weights[name]).all(), f"{name} is not finite."
    new = np.linspace(-3, 3, 50)
    errors = new * float(weights["weight"][0, 0]) + float(weights["bias"][0]) - (slope * new + start)
    assert float(np.abs(errors).max()) <= 0.05, "The line is another one."
