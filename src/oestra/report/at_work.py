"""What worker processes load before a trial whose figures they are to draw as well.

Importing this module is what prepares them; they are forked from a process in which it
is loaded, so that the library of plots is loaded once for all of them.
"""

from contextlib import suppress
from importlib import import_module

from oestra.report import spider, swimmer, trial_figures
from oestra.trial import at_work

__all__ = ["at_work", "spider", "swimmer", "trial_figures"]

# Settings that it does not bear are told when a figure is drawn.
with suppress(ImportError, ValueError):
    for _name in ("figure", "backends.backend_agg", "backends.backend_svg"):
        import_module(f"matplotlib.{_name}")
