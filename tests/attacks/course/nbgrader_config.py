"""The course that is attacked."""

c = get_config()  # noqa: F821
