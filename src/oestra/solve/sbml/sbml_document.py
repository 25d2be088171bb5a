"""Opening of an SBML document, and refusal by name of what is not supported."""

import re
from pathlib import Path
from typing import Any

from oestra.core.errors import InputError, nearest, shortened, shown
from oestra.solve.sbml.inspection import inspect_xml
from oestra.solve.sbml.model_folder import MAXIMUM_BYTES, ModelFolder
from oestra.solve.sbml.submodels import flatten_submodels

__all__ = ["MAXIMUM_BYTES", "folder_of", "open_document", "text_of"]

_PACKED = {
    b"\x1f\x8b": "compressed by gzip",
    b"PK\x03\x04": "a zip archive, as OMEX is",
    b"BZh": "compressed by bzip2",
}
"""What packed files begin with."""
_DRAWN = re.compile(r"package '?(?:layout|render)", re.IGNORECASE)
"""What libSBML says where a drawing is at fault, of which no equation is."""


def _is_text(source: str | Path) -> bool:
    return isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<")


def folder_of(source: str | Path) -> ModelFolder | None:
    """Return the folder of a document; None for a text.

    Parameters
    ----------
    source : str or Path
        A file, or the text itself (anything that begins with ``<``).

    Returns
    -------
    ModelFolder or None
        Where other files of the model may lie.
    """
    return None if _is_text(source) else ModelFolder(Path(source).parent)


def text_of(source: str | Path) -> tuple[str, str]:
    """Return the text of a document and what to call it in messages.

    Parameters
    ----------
    source : str or Path
        A file, or the text itself (anything that begins with ``<``).

    Returns
    -------
    text, name : str
        The document and its file's name.

    Raises
    ------
    InputError
        If the file is missing, unreadable, not text, or too large.
    """
    if isinstance(source, str) and _is_text(source):
        _check_size(len(source), "the SBML text")
        return source, "the SBML text"
    path = Path(source)
    try:
        _check_size(path.stat().st_size, path.name)
        data = path.read_bytes()
        return _decoded(data, path.name), path.name
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable file name"
        shown = str(source) if len(str(source)) < 200 else f"{str(source)[:80]}..."
        raise InputError(f"Cannot read the model file {shown!r}: {reason}.") from None


def _decoded(data: bytes, name: str) -> str:
    """Return the text of a file, its ends of lines as one character."""
    packed = next((what for mark, what in _PACKED.items() if data.startswith(mark)), "")
    if packed:
        raise InputError(f"{name} is {packed}; unpack it and name the model in it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name} is not UTF-8 text.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_size(size: int, name: str) -> None:
    if size > MAXIMUM_BYTES:
        raise InputError(
            f"Documents of up to {MAXIMUM_BYTES / 1e6:.0f} MB are read; {name} has "
            f"{size / 1e6:.0f} MB."
        )


def open_document(text: str, name: str, folder: ModelFolder | None = None) -> Any:
    """Parse a document, join its submodels and bring it to Level 3.

    Parameters
    ----------
    text : str
        The document.
    name : str
        What to call it in messages.
    folder : ModelFolder, optional
        Where files it refers to lie.

    Returns
    -------
    libsbml.SBMLDocument
        A Level 3 document without unsupported elements.

    Raises
    ------
    InputError
        If it is not SBML, has no model, or uses what is not supported.
    """
    import libsbml  # noqa: PLC0415

    inspect_xml(text, name)
    document = libsbml.readSBMLFromString(text)
    _check_errors(document, libsbml.LIBSBML_SEV_ERROR, name)
    if document.getModel() is None:
        raise InputError(f"{name} holds no SBML model.")
    flatten_submodels(document, name, folder)
    if document.getLevel() == 1:
        _refuse_formulas(document.getModel(), name)
    if document.getLevel() < 3:
        _refuse_fast(document.getModel(), name)
        strict = False
        if not document.setLevelAndVersion(3, 2, strict):
            raise InputError(
                f"{name} is SBML Level {document.getLevel()} and cannot be converted "
                "to Level 3."
            )
    _refuse(document.getModel(), name)
    return document


def _check_errors(document: Any, severity: int, name: str) -> None:
    import libsbml  # noqa: PLC0415

    if not document.getNumErrors(severity) and not document.getNumErrors(severity + 1):
        return
    every = (document.getError(k) for k in range(document.getNumErrors()))
    # A required package that libSBML does not know, and that nothing uses; and a
    # declaration that leaves out the encoding, since the text was read as UTF-8.
    idle = (libsbml.RequiredPackagePresent, libsbml.MissingXMLEncoding)
    errors = (
        e for e in every if e.getSeverity() >= severity and e.getErrorId() not in idle
    )
    first = next((e for e in errors if not _DRAWN.search(_told(e))), None)
    if first is None:
        return
    raise InputError(
        f"{name} is not valid SBML: line {first.getLine()}: {_told(first)}"
    )


def _told(error: Any) -> str:
    """Return what libSBML says of a fault itself, behind the rule that it cites."""
    rule, _, rest = error.getMessage().partition("\nReference:")
    detail = " ".join(rest.partition("\n")[2].split())
    message = detail or " ".join(rule.split())
    missed = re.match(r"Attribute '([^']+)'", detail)
    near = nearest(missed[1], re.findall(r"'(\w+)'", rule)) if missed else None
    if near is not None:
        message = f"{message.rstrip('.')}; nearest is {near!r}."
    return shortened(message)


def _refuse_formulas(model: Any, name: str) -> None:
    """Refuse formulas of Level 1 that do not parse, which libSBML drops in silence."""
    reactions = (model.getReaction(k) for k in range(model.getNumReactions()))
    laws = ((one, one.getKineticLaw()) for one in reactions)
    rules = (model.getRule(k) for k in range(model.getNumRules()))
    named = [
        *(
            (f"the rate of {one.getId()!r}", law)
            for one, law in laws
            if law is not None
        ),
        *((f"the rule of {rule.getVariable()!r}", rule) for rule in rules),
    ]
    for what, one in named:
        if one.isSetFormula() and one.getMath() is None:
            raise InputError(
                f"The formula {shown(one.getFormula())} of {what} in {name} cannot be "
                "read; powers are pow(x, y) or x^y."
            )


def _refuse_fast(model: Any, name: str) -> None:
    for k in range(model.getNumReactions()):
        reaction = model.getReaction(k)
        if reaction.isSetFast() and reaction.getFast():
            raise InputError(
                f"Reaction {reaction.getId()!r} in {name} is fast, which is not "
                "supported; give it a finite rate."
            )


def _refuse(model: Any, name: str) -> None:
    _refuse_fast(model, name)
    for k in range(model.getNumRules()):
        rule = model.getRule(k)
        if rule.isAlgebraic():
            raise InputError(
                f"Rule {k + 1} in {name} (line {rule.getLine()}) is algebraic, which "
                "is not supported; write it as an assignment or rate rule."
            )
