"""SBML: Level 3 core models as ordinary differential equations."""

from oestra.solve.sbml.antimony_text import read_model, sbml_of_antimony
from oestra.solve.sbml.read import read_sbml
from oestra.solve.sbml.recall import recall_sbml
from oestra.solve.sbml.sbml_model import SbmlModel

__all__ = [
    "SbmlModel",
    "read_model",
    "read_sbml",
    "recall_sbml",
    "sbml_of_antimony",
]
