"""What worker processes load before a trial whose figures they are to draw as well.

Importing this module is what prepares them; they are forked from a process in which it
is loaded, so that the library of plots is loaded once for all of them.
"""

from matplotlib import figure, font_manager
from matplotlib.backends import backend_agg, backend_svg

from oestra.report import spider, swimmer, trial_figures
from oestra.trial import at_work

__all__ = [
    "at_work",
    "backend_agg",
    "backend_svg",
    "figure",
    "font_manager",
    "spider",
    "swimmer",
    "trial_figures",
]
