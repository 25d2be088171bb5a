"""Documents that are read once and remembered in the user's cache."""

import sys
from hashlib import sha256

import numpy as np

from oestra.solve.cache import remembered
from oestra.solve.sbml.model import SbmlModel
from oestra.solve.sbml.read import read_sbml
from oestra.solve.stored import pack, unpack

__all__ = ["recall_sbml"]


def recall_sbml(text: str) -> SbmlModel:
    """Return the model of a document, from the cache if it was read before.

    Parameters
    ----------
    text : str
        The document.

    Returns
    -------
    SbmlModel
        The same as `read_sbml` returns.

    Raises
    ------
    InputError
        If the document cannot be used (see `read_sbml`).
    """
    versions = f"{sys.version_info[:2]} {np.__version__}"
    identity = f"sbml {versions} {sha256(text.encode()).hexdigest()}"
    return unpack(remembered(identity, lambda: pack(read_sbml(text)), suffix=".model"))
