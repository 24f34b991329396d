"""The `autograde` command."""

from autograde.cli import authoring, classes
from autograde.cli.app import app, main

__all__ = ["app", "authoring", "classes", "main"]
