"""The command line: parse, call, show."""

from oestra.cli.app import main, run

__all__ = ["main", "run"]
