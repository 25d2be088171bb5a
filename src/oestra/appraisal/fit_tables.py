"""The record of a fit as tables: what it misses, and what it learned."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from oestra.calibration.cells.facts import measure_cell_facts
from oestra.calibration.fact import Fact, cell_facts, facts
from oestra.calibration.free import free_parameters
from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.evidence.published import targets
from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import EndpointKind
from oestra.model.quantities import quantities
from oestra.network.parameter import parameter_table
from oestra.patients.population import population_table
from oestra.trial.endpoint_kinds import kind_label
from oestra.trial.endpoints import ENDPOINTS

__all__ = [
    "cell_table",
    "endpoint_label",
    "inside_counts",
    "known_kind",
    "parameter_rows",
    "residual_table",
]

_FACTS = {
    "moment": "receptor and mutations",
    "cell": "cells",
    "culture": "cells",
}
"""Kinds of facts; those of endpoints stand in their registry."""
_PRIOR = ("prior_low", "prior", "prior_high")
_WIDE = 1.96


def endpoint_label(name: str) -> str:
    """Return the id of an endpoint or fact as a figure shows it."""
    parts = name.replace("_", " ").split("/")
    if len(parts) != 4:
        return parts[-1]
    trial, stratum, _, arm = parts
    known = ENDPOINTS.get(name.split("/")[2])
    tells = known is not None and known.kind == EndpointKind.RESPONSE
    words = [
        trial,
        "" if stratum == "ITT" else stratum,
        arm,
        known.label if known is not None and tells else "",
    ]
    return ", ".join(word for word in words if word)


def _published(item: TargetRow | Fact) -> dict[str, object]:
    return {
        "kind": _kind(item),
        "published": item.estimate,
        "low": item.low,
        "high": item.high,
        "source": item.source if isinstance(item, Fact) else item.trial,
    }


def known_kind(name: str) -> tuple[str, str]:
    """Return the kind of an endpoint or fact in words, and its trial or short name.

    Raises
    ------
    InputError
        If the evidence does not hold it.
    """
    item = _known().get(name)
    if item is None:
        raise InputError(f"The evidence holds no endpoint or fact {name!r}.")
    group = endpoint_label(name) if isinstance(item, Fact) else item.trial
    return _kind(item), group


def _kind(item: TargetRow | Fact) -> str:
    return _FACTS.get(item.kind) or kind_label(item.kind)


def _known() -> Mapping[str, TargetRow | Fact]:
    rows = {row.id: row for row in targets()}
    return {**rows, **{fact.id: fact for fact in (*facts(), *cell_facts())}}


def _sorted(rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    table["inside"] = table["residual"].abs() <= _WIDE
    order = np.argsort(-table["residual"].abs().to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def residual_table(record: Mapping[str, Any]) -> pd.DataFrame:
    """Return what was fitted beside what came out, misses first.

    Parameters
    ----------
    record : mapping
        The record of a fit.

    Returns
    -------
    DataFrame
        Id, kind, published value with interval, source, simulated value, standard
        errors between them, and whether that is within 1.96.

    Raises
    ------
    InputError
        If the record holds an endpoint or fact that the evidence no longer does.
    """
    known = _known()
    rows = []
    for entry in record["residuals"]:
        if entry["id"] not in known:
            raise InputError(
                f"The fit holds {entry['id']!r}, which the evidence no longer does; "
                "run 'oestra calibrate' again."
            )
        rows.append(
            {
                "id": entry["id"],
                **_published(known[entry["id"]]),
                "simulated": entry["value"],
                "residual": entry["residual"],
            }
        )
    return _sorted(rows)


def cell_table(parameters: ParameterSet) -> pd.DataFrame:
    """Measure all facts of cells with one parameter set, misses first.

    Parameters
    ----------
    parameters : ParameterSet
        The set.

    Returns
    -------
    DataFrame
        Columns as of `residual_table`.
    """
    value = measure_cell_facts(parameters)
    return _sorted(
        [
            {
                "id": fact.id,
                **_published(fact),
                "simulated": value[fact.id],
                "residual": fact.residual(value[fact.id]),
            }
            for fact in cell_facts()
        ]
    )


def inside_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many of each kind are within 1.96 standard errors."""
    grouped = table.groupby("kind", sort=False)["inside"]
    return grouped.agg(inside="sum", all="size").reset_index()


def _storey(name: str) -> str:
    if name in parameter_table():
        return "cell"
    return "population" if name in population_table() else "tumor"


def parameter_rows(record: Mapping[str, Any]) -> pd.DataFrame:
    """Return prior and posterior of each fitted parameter, best determined first.

    Parameters
    ----------
    record : mapping
        The record of a fit.

    Returns
    -------
    DataFrame
        Name, storey, unit, 95 % interval and middle of prior and posterior,
        standardized best value with its standard deviation, and contraction.

    Raises
    ------
    InputError
        If the record holds a parameter that is no longer fitted.
    """
    free = {item.name: item for item in free_parameters()}
    units = quantities()
    rows = []
    for entry in record["fitted"]:
        name = entry["name"]
        if name not in free:
            raise InputError(
                f"The fit holds {name!r}, which is no longer fitted; run 'oestra "
                "calibrate' again."
            )
        best, narrowed = entry["standardized"], entry["contraction"]
        deviation = float(np.sqrt(max(1.0 - narrowed, 0.0)))
        ends = [free[name].value(best + x * deviation) for x in (-_WIDE, 0.0, _WIDE)]
        rows.append(
            {
                "name": name,
                "storey": _storey(name),
                "unit": units[name].unit,
                **dict(
                    zip(
                        ("prior_low", "prior", "prior_high"),
                        entry["prior"],
                        strict=True,
                    )
                ),
                **dict(zip(("low", "best", "high"), ends, strict=True)),
                "standardized": best,
                "deviation": deviation,
                "contraction": narrowed,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values("contraction", ascending=False, kind="stable").reset_index(
        drop=True
    )
