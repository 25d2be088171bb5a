"""One parameter with all its layers: file, fit, user, and who writes over it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.resources.abc import Traversable
from typing import Any

from oestra.core.errors import unknown_name
from oestra.core.library import SHIPPED, Kind, Library, package_files
from oestra.core.parameter_set import NO_SETTINGS
from oestra.core.quantity import Quantity
from oestra.course.traits import TRAITS
from oestra.culture.hormones import CULTURE_SETS
from oestra.culture.strain import PACES
from oestra.culture.substance import substances
from oestra.drugs.target import levers
from oestra.history.version import HISTORIES
from oestra.model.cell_fit import shipped_cell_fit
from oestra.model.fit import shipped_fit
from oestra.model.quantities import quantities
from oestra.network.alteration import alterations
from oestra.network.cell_line import cell_lines
from oestra.network.compose import pathways
from oestra.network.reference import REFERENCE

__all__ = ["Explained", "Layer", "explain", "parameter_rows"]

_PACKAGES = (
    ("oestra.network.parameters", Kind.PARAMETERS),
    ("oestra.patients.parameters", None),
    ("oestra.tumor.parameters", None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A value that one layer gives.

    Parameters
    ----------
    layer : str
        ``"file"``, ``"fit"`` or ``"user"``.
    value : float
        The value, in the unit of the parameter.
    told : str
        Where it comes from.
    """

    layer: str
    value: float
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """All that is known of one parameter.

    Parameters
    ----------
    name, unit : str
        The parameter.
    value : float
        What the model runs with, unless something below writes over it.
    layers : tuple of Layer
        File first; a later one goes before those in front of it.
    interval : tuple of float
        What its file calls plausible; of a fitted parameter, its prior.
    origin, source, reason : str
        Of the file's value.
    overwritten : tuple of str
        Who writes over it, where, and with what.
    equations : tuple of str
        Lines of pathways that hold it, by file and line.
    histories : bool
        Whether the lives before a trial depend on it: a change of it simulates the
        pool anew.
    """

    name: str
    unit: str
    value: float
    layers: tuple[Layer, ...]
    interval: tuple[float, float]
    origin: str
    source: str
    reason: str
    overwritten: tuple[str, ...]
    equations: tuple[str, ...]
    histories: bool

    def to_json_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def _files(library: Library) -> Iterator[Traversable]:
    for package, kind in _PACKAGES:
        if kind is None:
            yield from package_files(package)
        else:
            yield from library.files(kind, package)


def _place(name: str, library: Library) -> str:
    """Return file and line that declare a parameter."""
    start = re.compile(rf"^{re.escape(name)}\s*:")
    for file in _files(library):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            if start.match(line):
                return f"{file.name}, line {number}"
    return "a file of the library"


def _layers(
    name: str, quantity: Quantity, settings: Mapping[str, float], library: Library
) -> Iterator[Layer]:
    yield Layer(layer="file", value=quantity.value, told=_place(name, library))
    of_cell = shipped_cell_fit()
    if of_cell is not None and name in of_cell.values:
        told = "the reference cell's steady state, found anew for the fit to cells"
        if name in of_cell.fitted:
            one = of_cell.fitted[name]
            low, middle, high = one.prior
            told = (
                f"fitted to measurements on cells; prior {middle:.4g} ({low:.4g} to "
                f"{high:.4g}), after them {one.interval[0]:.4g} to "
                f"{one.interval[1]:.4g}; they removed "
                f"{100.0 * one.contraction:.0f} % of its spread"
            )
        elif name not in REFERENCE:
            told = f"held by the structure that was chosen: {of_cell.variant}"
        yield Layer(layer="cells", value=of_cell.values[name], told=told)
    fit = shipped_fit()
    if fit is not None and name in fit.best:
        known = {one.name: one for one in fit.fitted}
        told = "the reference cell's steady state, found anew for the fit"
        if name in known:
            low, middle, high = known[name].prior
            share = 100.0 * known[name].contraction
            told = (
                f"fitted; prior {middle:.4g} ({low:.4g} to {high:.4g}), "
                f"{known[name].standardized:+.1f} standard deviations from it; the "
                f"evidence removed {share:.0f} % of its spread"
            )
        yield Layer(layer="fit", value=fit.best[name], told=told)
    if name in settings:
        yield Layer(layer="user", value=settings[name], told="--set")


def _overwritten(name: str, library: Library) -> Iterator[str]:
    """Say who writes over a parameter."""
    if name in REFERENCE:
        yield (
            "found anew from the reference cell's steady state whenever a parameter of "
            "the cell changes"
        )
    if name in TRAITS:
        yield f"in patients: {TRAITS[name]}"
    if name in CULTURE_SETS:
        yield f"in cultures: {CULTURE_SETS[name]}"
    if name in PACES:
        yield "in cultures: set so that the line grows as measured"
    yield from _by_genes(name, library)
    yield from _by_treatment(name, library)


def _by_treatment(name: str, library: Library) -> Iterator[str]:
    """Say which drugs and media write over a parameter."""
    for lever in levers(library).values():
        if name in (lever.parameter, lever.kill):
            yield f"by drugs on {lever.target}"
    for one in substances(library).values():
        if one.parameter == name:
            yield f"by a medium: its concentration of {one.id}"
        elif name in one.acts_as:
            yield f"by a medium: {one.acts_as[name].value:g} times its {one.id}"


def _by_genes(name: str, library: Library) -> Iterator[str]:
    """Say which lines and alterations write over a parameter."""
    for line in cell_lines(library).values():
        for trait in line.traits.values():
            if trait.parameter == name:
                yield f"in the line {line.id}: {trait.value:g}"
    for (gene, change), item in alterations(library).items():
        if name in item.set:
            yield f"by {gene} {change}: set to {item.set[name]:g}"
        if name in item.scale:
            yield f"by {gene} {change}: times {item.scale[name]:g}"


def _equations(name: str, library: Library) -> Iterator[str]:
    pattern = re.compile(rf"\b{re.escape(name)}\b")
    for pathway, text in pathways(library).items():
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line.split("//")[0]):
                yield f"{pathway}.ant, line {number}: {line.strip()}"


def explain(
    name: str,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
) -> Explained:
    """Explain a parameter: its layers, who writes over it, and where it acts.

    Parameters
    ----------
    name : str
        The parameter.
    library : Library
        Whose parameter it is.
    settings : mapping of str to float
        Values of the user.

    Returns
    -------
    Explained
        All that is known.

    Raises
    ------
    InputError
        If there is no such parameter; names the nearest.
    """
    known = quantities(library)
    if name not in known:
        raise unknown_name("parameter", name, known, where="oestra parameters")
    quantity = known[name]
    layers = tuple(_layers(name, quantity, settings, library))
    return Explained(
        name=name,
        unit=quantity.unit,
        value=layers[-1].value,
        layers=layers,
        interval=quantity.interval,
        origin=quantity.origin.value,
        source=quantity.source,
        reason=quantity.reason,
        overwritten=tuple(_overwritten(name, library)),
        equations=tuple(_equations(name, library)),
        histories=name in HISTORIES.known().parameters,
    )


def parameter_rows(
    library: Library = SHIPPED, settings: Mapping[str, float] = NO_SETTINGS
) -> list[dict[str, Any]]:
    """Return one row a parameter: value, the layer it comes from, origin, source."""
    fit, of_cell = shipped_fit(), shipped_cell_fit()
    layers = {
        "user": settings,
        "fit": fit.best if fit else {},
        "cells": of_cell.values if of_cell else {},
    }
    rows = []
    for name, one in quantities(library).items():
        layer = next((key for key, held in layers.items() if name in held), "file")
        value = layers[layer][name] if layer != "file" else one.value
        rows.append(
            {
                "name": name,
                "value": value,
                "unit": one.unit,
                "layer": layer,
                "low": one.interval[0],
                "high": one.interval[1],
                "origin": "fitted" if layer in ("fit", "cells") else one.origin.value,
                "source": one.source or one.reason,
            }
        )
    return rows
