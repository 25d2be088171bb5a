"""SBML: Level 3 core models as ordinary differential equations."""

from oestra.solve.sbml.antimony_text import read_model, sbml_of_antimony
from oestra.solve.sbml.read import read_sbml
from oestra.solve.sbml.recall import packed_model, recall_sbml, unpacked_model
from oestra.solve.sbml.sbml_model import SbmlModel

__all__ = [
    "SbmlModel",
    "packed_model",
    "read_model",
    "read_sbml",
    "recall_sbml",
    "sbml_of_antimony",
    "unpacked_model",
]
