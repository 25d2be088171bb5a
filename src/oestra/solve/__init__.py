"""The engine: ensembles of stiff ordinary differential equations, fast."""

from oestra.solve.kernel import Advance, Kernel, Schedule, compile_model
from oestra.solve.model import OdeModel
from oestra.solve.outcome import Outcome

__all__ = ["Advance", "Kernel", "OdeModel", "Outcome", "Schedule", "compile_model"]
