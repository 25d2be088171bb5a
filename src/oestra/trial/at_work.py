"""What worker processes load before the first replicate: the code and what it reads.

Importing this module is what prepares them; from a process in which it is loaded
workers are forked, so that drugs, practice and the cell are read once for all of them.
"""

from contextlib import suppress

from oestra.core.errors import OestraError
from oestra.core.library import SHIPPED
from oestra.history.therapies import practice
from oestra.network.cell import cell
from oestra.trial import run
from oestra.trial.assumption import assumptions
from oestra.work.release import release

__all__ = ["run"]

# What cannot be read is told by the command, which reads it too.
with suppress(OestraError, OSError):
    practice(SHIPPED)
    cell(SHIPPED)
    assumptions()
    release()
