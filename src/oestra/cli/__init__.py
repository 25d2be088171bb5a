"""The command line: parse, call, show."""

from oestra.cli.app import main

__all__ = ["main"]
