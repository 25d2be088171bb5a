"""Which endpoints depend on which parameters: tables and record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from oestra.appraisal.fit_tables import known_kind
from oestra.calibration.sensitivity import REACH, Sensitivity, Sweep
from oestra.core.disclaimer import DISCLAIMER

__all__ = [
    "Ranked",
    "group_table",
    "parameter_table",
    "sensitivity_record",
    "sensitivity_table",
]

_TOP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A sensitivity analysis with what it was made of.

    Parameters
    ----------
    sweep : Sweep
        The sample.
    found : Sensitivity
        Its indices.
    parameters : tuple of str, length k
        The fitted parameters.
    hashes : mapping of str to str
        Fingerprints of model and evidence.
    settings : mapping
        Patients and seed.
    """

    sweep: Sweep
    found: Sensitivity
    parameters: tuple[str, ...]
    hashes: Mapping[str, str]
    settings: Mapping[str, int]


def sensitivity_table(ranked: Ranked) -> pd.DataFrame:
    """Return one row an endpoint and parameter, the strongest first.

    Parameters
    ----------
    ranked : Ranked
        The analysis.

    Returns
    -------
    DataFrame
        Endpoint, its kind and group (its trial, or the fact itself), parameter, index,
        what chance alone reaches, whether the index is above it, and the rank
        correlation.
    """
    endpoints, names = ranked.sweep.endpoints, ranked.parameters
    kinds = [known_kind(name) for name in endpoints]
    size = len(names)
    noise = np.repeat(ranked.found.noise, size)
    table = pd.DataFrame(
        {
            "endpoint": np.repeat(endpoints, size),
            "kind": np.repeat([kind for kind, _ in kinds], size),
            "group": np.repeat([group for _, group in kinds], size),
            "parameter": np.tile(names, len(endpoints)),
            "index": ranked.found.index.ravel(),
            "chance": noise,
            "above_chance": ranked.found.index.ravel() > noise,
            "rank_correlation": ranked.found.direction.ravel(),
        }
    )
    order = np.argsort(-table["index"].to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def group_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest dependence of each kind of endpoint of each trial.

    Parameters
    ----------
    table : DataFrame
        Of `sensitivity_table`.

    Returns
    -------
    DataFrame
        Columns as there; one row a kind, group and parameter, only those above chance.
    """
    above = table.loc[table["above_chance"]]
    return above.drop_duplicates(["kind", "group", "parameter"]).reset_index(drop=True)


def sensitivity_record(ranked: Ranked) -> dict[str, Any]:
    """Return the analysis ready for JSON.

    Parameters
    ----------
    ranked : Ranked
        The analysis.

    Returns
    -------
    dict
        Settings and fingerprints; for each parameter how many endpoints depend on it
        and its largest index, the most influential first; for each endpoint the
        parameters it depends on most.
    """
    table = sensitivity_table(ranked)
    return {
        "about": DISCLAIMER,
        "method": "PAWN, median over ranges of the parameter",
        "reach_prior_sd": REACH,
        "sets": len(ranked.sweep.z),
        "skipped": ranked.sweep.skipped,
        "settings": dict(ranked.settings),
        "hashes": dict(ranked.hashes),
        "parameters": parameter_table(table).to_dict("records"),
        "endpoints": [
            _endpoint(name, part)
            for name, part in table.groupby("endpoint", sort=False)
        ],
    }


def _endpoint(name: object, part: pd.DataFrame) -> dict[str, Any]:
    first = part.iloc[0]
    top = part.loc[part["above_chance"]].head(_TOP)
    kept = ["parameter", "index", "rank_correlation"]
    return {
        "id": str(name),
        "kind": first["kind"],
        "group": first["group"],
        "chance": float(first["chance"]),
        "parameters_above_chance": int(part["above_chance"].sum()),
        "strongest": top[kept].to_dict("records"),
    }


def parameter_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many endpoints depend on each parameter, the strongest first."""
    excess = (table["index"] - table["chance"]).clip(lower=0.0)
    grouped = table.assign(excess=excess).groupby("parameter", sort=False)
    found = pd.DataFrame(
        {
            "endpoints": grouped["above_chance"].sum().astype(int),
            "largest": grouped["index"].max(),
            "mean_above_chance": grouped["excess"].mean(),
        }
    )
    return found.reset_index().sort_values(
        "mean_above_chance", ascending=False, kind="stable", ignore_index=True
    )
