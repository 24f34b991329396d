"""Deep-learning exercises as nbgrader notebooks, graded by hidden pytest checks in a process of their own."""

__version__ = "0.1.0"
