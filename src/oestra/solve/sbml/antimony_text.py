"""Models written in Antimony, as SBML."""

from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from oestra.core.errors import InputError, shortened
from oestra.solve.sbml.antimony_imports import ImportedFiles
from oestra.solve.sbml.model_folder import ModelFolder
from oestra.solve.sbml.read import read_sbml
from oestra.solve.sbml.sbml_document import text_of
from oestra.solve.sbml.sbml_model import SbmlModel

__all__ = ["last_error", "read_model", "sbml_of_antimony"]

_ONE_AT_A_TIME = Lock()
"""Antimony keeps the model it read for the whole process."""

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
        If the file cannot be read, its model cannot be used, or it imports a file that
        is missing or lies outside its folder.
    """
    path = Path(path)
    if path.suffix.casefold() != SUFFIX:
        return read_sbml(path)
    text, name = text_of(path)
    if text.lstrip().startswith("<"):
        raise InputError(
            f"{name} holds XML and not Antimony; SBML is read from files whose name "
            f"does not end in {SUFFIX}, such as {path.stem}.xml."
        )
    return read_sbml(_translated(text, name, ModelFolder(path.parent)))


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
        If the text is not valid Antimony, holds no model, or imports a file; only a
        file can import others (see `read_model`).

    References
    ----------
    Smith LP, Bergmann FT, Chandran D, Sauro HM. Antimony: a modular model definition
    language. Bioinformatics 2009;25:2452-2454.
    """
    return _translated(text, name, None)


def last_error() -> str:
    """Return why Antimony refused a text, also where it cuts a letter in two."""
    import antimony  # noqa: PLC0415

    try:
        return antimony.getLastError() or ""
    except UnicodeDecodeError as error:
        # It quotes the first byte of a character of several.
        told = bytes(error.object).decode("utf-8", "replace")
        where = told.rpartition("content in ")[2].partition(":")[0]
        return f"{where}: names are of the letters a to z, digits and underscores"


def _translated(text: str, name: str, folder: ModelFolder | None) -> str:
    import antimony  # noqa: PLC0415

    with _ONE_AT_A_TIME, TemporaryDirectory() as scratch:
        files = ImportedFiles(folder=folder, scratch=Path(scratch).resolve())
        text = files.settle(text, name, folder.path if folder else Path())
        antimony.clearPreviousLoads()
        if antimony.loadAntimonyString(text) < 0:
            reason = " ".join((last_error() or "no reason given").split())
            raise InputError(files.explain(shortened(reason), name))
        sbml = antimony.getSBMLString(antimony.getMainModuleName())
    if not sbml:
        raise InputError(f"{name} holds no Antimony model.")
    return sbml
