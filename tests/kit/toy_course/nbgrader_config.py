"""The toy course grades with nbgrader's defaults."""

c = get_config()  # noqa: F821
