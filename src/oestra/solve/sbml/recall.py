"""Documents that are read once and remembered in the user's cache."""

from hashlib import sha256

from oestra.solve.cache import remembered
from oestra.solve.event import Assignment, Event
from oestra.solve.model import OdeModel
from oestra.solve.sbml.content import Kind, Symbol
from oestra.solve.sbml.initial import InitialValues, Slot
from oestra.solve.sbml.read import read_sbml
from oestra.solve.sbml.sbml_model import SbmlModel
from oestra.solve.stored import pack, unpack

__all__ = ["packed_model", "recall_sbml", "unpacked_model"]

_KINDS = (Assignment, Event, InitialValues, Kind, OdeModel, SbmlModel, Slot, Symbol)


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
    return remembered(
        f"sbml {sha256(text.encode()).hexdigest()}",
        lambda: packed_model(read_sbml(text)),
        read=unpacked_model,
        suffix=".model",
    )


def packed_model(model: SbmlModel) -> bytes:
    """Return a model as bytes, equal for equal models."""
    return pack(model)


def unpacked_model(data: bytes) -> SbmlModel:
    """Return the model that `packed_model` gave as bytes.

    Raises
    ------
    ValueError
        If it is none.
    """
    found = unpack(data, _KINDS)
    if not isinstance(found, SbmlModel):
        raise ValueError("no stored model")  # noqa: TRY004 - of the data, not the call
    return found
