"""What worker processes load before the first replicate: the code and what it reads.

Importing this module is what prepares them; from a process in which it is loaded
workers are forked, so that drugs and practice are read once for all of them.
"""

from oestra.core.library import SHIPPED
from oestra.history.therapies import practice
from oestra.trial import run

__all__ = ["run"]

practice(SHIPPED)
