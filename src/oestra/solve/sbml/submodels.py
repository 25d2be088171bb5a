"""Models composed of models: the ``comp`` package of SBML, flattened by libSBML [1]_.

References
----------
.. [1] Smith LP, Hucka M, Hoops S, et al. (2015). SBML Level 3 package: Hierarchical
   Model Composition, Version 1 Release 3. J Integr Bioinform 12(2):268.
   doi:10.1515/jib-2015-268.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from oestra.core.errors import InputError, shown, unknown_name
from oestra.solve.sbml.inspection import inspect_xml
from oestra.solve.sbml.model_folder import ModelFolder

__all__ = ["MOST_ELEMENTS", "flatten_submodels"]

MOST_ELEMENTS = 1_000_000
"""Most elements of a flattened model: definitions can double at every level."""


def flatten_submodels(document: Any, name: str, folder: ModelFolder | None) -> None:
    """Replace the submodels of a document by what they declare.

    Parameters
    ----------
    document : libsbml.SBMLDocument
        The document, changed in place; one without submodels stays as it is.
    name : str
        What to call it in messages.
    folder : ModelFolder or None
        Where files of external model definitions lie; None for a document that is no
        file.

    Raises
    ------
    InputError
        If a model definition is missing, goes round in a circle, lies outside the
        folder, or is not valid, or if the flattened model is too large.
    """
    if document.getPlugin("comp") is None:
        return
    with TemporaryDirectory() as scratch:
        files = _Files(folder=folder, scratch=Path(scratch))
        whole = files.settle(document, name, folder.path if folder else Path())
        model = document.getModel()
        if model is not None:
            size = _Sizes().of(whole, model)
            if size > MOST_ELEMENTS:
                raise InputError(
                    f"Models of up to {MOST_ELEMENTS:,} elements are read; with its "
                    f"submodels {name} has {size:,}."
                )
        _flatten(document, name)


def _flatten(document: Any, name: str) -> None:
    import libsbml  # noqa: PLC0415

    wanted = libsbml.ConversionProperties()
    wanted.addOption("flatten comp", True)  # noqa: FBT003 - positional in libSBML
    # What is used is checked by the reader; units are not.
    wanted.addOption("performValidation", False)  # noqa: FBT003
    before = document.getNumErrors()
    if document.convert(wanted) == libsbml.LIBSBML_OPERATION_SUCCESS:
        return
    # The last message is the fault; those before tell how it was met.
    last = document.getNumErrors() - 1
    told = document.getError(last).getMessage() if last >= before else "no reason given"
    told = " ".join(told.split())
    told = told if len(told) < 300 else f"...{told[-300:]}"
    raise InputError(f"The submodels of {name} cannot be joined: {told.rstrip('.')}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """A parsed document and those its external definitions name.

    Parameters
    ----------
    tree : libsbml.SBMLDocument
        The document.
    name : str
        What to call it in messages.
    externals : dict of str to _Document
        By identifier of the definition.
    """

    tree: Any
    name: str
    externals: dict[str, "_Document"]


@dataclass(slots=True, kw_only=True)
class _Files:
    """Copies of external files, so that libSBML opens those and no others.

    Parameters
    ----------
    folder : ModelFolder or None
        Where the files are.
    scratch : Path
        Where copies go.
    """

    folder: ModelFolder | None
    scratch: Path
    _placed: dict[Path, _Document] = field(default_factory=dict)
    _active: list[Path] = field(default_factory=list)

    def settle(self, tree: Any, name: str, beside: Path) -> _Document:
        """Point the external definitions of a document at copies."""
        externals: dict[str, _Document] = {}
        for definition in _definitions(tree, "ExternalModelDefinition"):
            source = definition.getSource()
            if self.folder is None:
                raise InputError(
                    f"{name} takes the model {shown(definition.getId())} from the file "
                    f"{shown(source)}; read it as a file, so that files beside it are "
                    "found."
                )
            path = self.folder.find(source, beside, name)
            externals[definition.getId()] = self._place(path, name, self.folder)
            definition.setSource(str(self._copy_of(path)))
        return _Document(tree=tree, name=name, externals=externals)

    def _copy_of(self, path: Path) -> Path:
        return self.scratch / f"{list(self._placed).index(path)}.xml"

    def _place(self, path: Path, name: str, folder: ModelFolder) -> _Document:
        import libsbml  # noqa: PLC0415

        if path in self._active:
            raise InputError(f"{name} and {path.name} refer to each other in a circle.")
        if path in self._placed:
            return self._placed[path]
        text = folder.text_of(path)
        inspect_xml(text, path.name)
        tree = libsbml.readSBMLFromString(text)
        if tree.getNumErrors(libsbml.LIBSBML_SEV_ERROR) or tree.getModel() is None:
            raise InputError(f"{path.name}, which {name} refers to, is not valid SBML.")
        self._active.append(path)
        placed = self.settle(tree, path.name, path.parent)
        self._active.pop()
        self._placed[path] = placed
        copy = self._copy_of(path)
        copy.write_text(libsbml.writeSBMLToString(tree), encoding="utf-8")
        return placed


def _definitions(tree: Any, kind: str) -> Iterator[Any]:
    """Yield the definitions of models of one kind that a document holds."""
    plugin = tree.getPlugin("comp")
    if plugin is not None:
        for k in range(getattr(plugin, f"getNum{kind}s")()):
            yield getattr(plugin, f"get{kind}")(k)


def _submodels(model: Any) -> Iterator[Any]:
    plugin = model.getPlugin("comp")
    if plugin is not None:
        for k in range(plugin.getNumSubmodels()):
            yield plugin.getSubmodel(k)


@dataclass(slots=True)
class _Sizes:
    """Elements of models with all their submodels, each counted once."""

    _known: dict[tuple[int, str], int] = field(default_factory=dict)
    _active: list[tuple[int, str]] = field(default_factory=list)

    def of(self, place: _Document, model: Any) -> int:
        """Return the size of a model of a document."""
        key = (id(place), model.getId())
        if key in self._active:
            raise InputError(
                f"Submodel definitions of {place.name} go round in a circle: "
                + " -> ".join([*(n for _, n in self._active), model.getId()])
                + "."
            )
        if key not in self._known:
            self._active.append(key)
            size = _own_size(model)
            for submodel in _submodels(model):
                where = f"submodel {submodel.getId()!r} of {place.name}"
                size += self.of(*_find(place, submodel.getModelRef(), where))
            self._active.pop()
            self._known[key] = size
        return self._known[key]


def _find(place: _Document, wanted: str, where: str) -> tuple[_Document, Any]:
    """Return a model that a document defines, and the document that holds it."""
    models = {m.getId(): m for m in _definitions(place.tree, "ModelDefinition")}
    models[place.tree.getModel().getId()] = place.tree.getModel()
    if wanted in models:
        return place, models[wanted]
    externals = {
        d.getId(): d for d in _definitions(place.tree, "ExternalModelDefinition")
    }
    if wanted not in externals:
        raise unknown_name("model", wanted, [*models, *externals], where=where)
    other = place.externals[wanted]
    inner = externals[wanted].getModelRef() or other.tree.getModel().getId()
    return _find(other, inner, where)


def _own_size(model: Any) -> int:
    kinds = (
        "Compartments", "Species", "Parameters", "Reactions", "Rules", "Events",
        "InitialAssignments", "FunctionDefinitions", "UnitDefinitions",
    )  # fmt: skip
    lists = [getattr(model, f"getListOf{kind}")().size() for kind in kinds]
    return 1 + sum(lists)
