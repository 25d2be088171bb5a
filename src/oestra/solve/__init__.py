"""The engine: ensembles of stiff ordinary differential equations, fast."""

from oestra.solve.advance import Advance, failures
from oestra.solve.audit import Audit, audit
from oestra.solve.bounded import stream
from oestra.solve.compile import compile_model
from oestra.solve.kernel import Kernel
from oestra.solve.model import OdeModel
from oestra.solve.outcome import Outcome
from oestra.solve.schedule import Schedule
from oestra.solve.workers import in_threads, keep_to_this_thread

__all__ = [
    "Advance",
    "Audit",
    "Kernel",
    "OdeModel",
    "Outcome",
    "Schedule",
    "audit",
    "compile_model",
    "failures",
    "in_threads",
    "keep_to_this_thread",
    "stream",
]
