"""The `autograde` command."""

from autograde.cli import authoring, ci, classes, report
from autograde.cli.app import app, main

__all__ = ["app", "authoring", "ci", "classes", "main", "report"]
