"""The `autograde` command."""

from autograde.cli import authoring, ci, classes
from autograde.cli.app import app, main

__all__ = ["app", "authoring", "ci", "classes", "main"]
