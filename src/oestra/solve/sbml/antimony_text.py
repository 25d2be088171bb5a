"""Models written in Antimony, as SBML."""

from pathlib import Path

from oestra.core.errors import InputError
from oestra.solve.sbml.read import read_sbml
from oestra.solve.sbml.sbml_document import text_of
from oestra.solve.sbml.sbml_model import SbmlModel

__all__ = ["read_model", "sbml_of_antimony"]

SUFFIX = ".ant"
"""Ending of a file of Antimony text."""


def read_model(path: str | Path) -> SbmlModel:
    """Read a model from a file of SBML or, if its name ends so, of Antimony (``.ant``).

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    SbmlModel
        The model.

    Raises
    ------
    InputError
        If the file cannot be read, or its model cannot be used.
    """
    path = Path(path)
    if path.suffix.casefold() != SUFFIX:
        return read_sbml(path)
    text, name = text_of(path)
    return read_sbml(sbml_of_antimony(text, name))


def sbml_of_antimony(text: str, name: str) -> str:
    """Translate Antimony into SBML.

    Parameters
    ----------
    text : str
        One or more models; the last, or the one marked with an asterisk, counts.
    name : str
        What to call the text in messages.

    Returns
    -------
    str
        An SBML document, submodels flattened.

    Raises
    ------
    InputError
        If the text is not valid Antimony, or holds no model.

    References
    ----------
    Smith LP, Bergmann FT, Chandran D, Sauro HM. Antimony: a modular model definition
    language. Bioinformatics 2009;25:2452-2454.
    """
    import antimony  # noqa: PLC0415

    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(text) < 0:
        reason = " ".join((antimony.getLastError() or "no reason given").split())
        reason = reason if len(reason) < 300 else f"{reason[:300]}..."
        raise InputError(f"{name} is not valid Antimony: {reason.rstrip('.')}.")
    sbml = antimony.getSBMLString(antimony.getMainModuleName())
    if not sbml:
        raise InputError(f"{name} holds no Antimony model.")
    return sbml
