"""The command line as ``python -m oestra``."""

from oestra.cli.app import run

if __name__ == "__main__":
    run()
