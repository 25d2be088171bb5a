"""The command line as ``python -m oestra``."""

import sys

from oestra.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
