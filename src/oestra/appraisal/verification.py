"""Verification that runs with the report: the solver and the statistics."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from ruamel.yaml import YAML

from oestra.course.tumors import ATOL, RTOL
from oestra.network.cell import cell
from oestra.solve import OdeModel, Outcome, audit, compile_model
from oestra.solve.expression import parameter, state
from oestra.survival import hazard_ratio, log_rank, product_limit

__all__ = [
    "CellAudit",
    "audit_cell",
    "compare_statistics",
    "known_solution_error",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_DAYS, _POINTS = 730.0, 25
_STIFF = np.geomspace(0.01, 1000.0, 16)
_LOADS = {
    "untreated": {},
    "estrogen deprived": {"load_cyp19a1": 50.0},
    "tamoxifen": {"load_esr1_serm": 50.0},
    "fulvestrant": {"load_esr1_serd": 30.0},
    "deprived, everolimus": {"load_cyp19a1": 50.0, "load_mtorc1_allosteric": 10.0},
    "deprived, PI3K inhibited": {"load_cyp19a1": 50.0, "load_pik3ca": 10.0},
}
"""Loads of the reference cell: free concentrations over potency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAudit:
    """The cell integrated as in every trial, and again far more strictly.

    Parameters
    ----------
    errors : dict of str to float
        Largest relative error by treatment.
    oscillating : tuple of str
        Treatments whose end is not at rest.
    """

    errors: dict[str, float]
    oscillating: tuple[str, ...]

    @property
    def worst(self) -> float:
        """Largest of the errors."""
        return max(self.errors.values())


@cache
def known_solution_error() -> float:
    """Return the largest error of the solver where the solution is known.

    A chain of two decays with rates from slow to stiff, at the tolerances of trials;
    relative to the whole, which is 1.
    """
    (a, b), (k, m) = (state(0), state(1)), (parameter(0), parameter(1))
    model = OdeModel(
        name="chain",
        states=("a", "b"),
        parameters=("k", "m"),
        initial=np.array([1.0, 0.0]),
        values=np.array([1.0, 0.5]),
        rhs=(-(k * a), k * a - m * b),
        outputs={"a": a, "b": b},
        digest="chain",
    )
    at = np.linspace(0.5, 20.0, 40)
    p = np.column_stack([_STIFF, np.full(len(_STIFF), 0.3)])
    y = np.tile(model.initial, (len(p), 1))
    kernel = compile_model(model, ("a", "b"))
    found = kernel.advance(y, p, 0.0, at[-1], at=at, rtol=RTOL, atol=ATOL).outputs
    return float(np.abs(found - _chain(p, at)).max())


def _chain(p: Floats, at: Floats) -> Floats:
    """Return the exact courses of the chain, shape (lanes, points, 2)."""
    k, m = p[:, :1], p[:, 1:]
    first, second = np.exp(-k * at), np.exp(-m * at)
    return np.stack([first, k / (m - k) * (first - second)], axis=-1)


@cache
def audit_cell() -> CellAudit:
    """Integrate the reference cell for two years under treatments, twice.

    Returns
    -------
    CellAudit
        The errors at the tolerances of trials.
    """
    model = cell()
    p = model.parameter_array(len(_LOADS), {})
    for lane, loads in enumerate(_LOADS.values()):
        for name, value in loads.items():
            p[lane, model.column(name)] = value
    y = np.tile(model.model.initial_states(p[0]), (len(p), 1))
    at = np.linspace(_DAYS / _POINTS, _DAYS, _POINTS)
    lanes = np.arange(len(p))
    found = audit(
        model.kernel, y, p, lanes, t0=0.0, t1=_DAYS, at=at, rtol=RTOL, atol=ATOL
    )
    ends = zip(_LOADS, found.outcomes, strict=True)
    return CellAudit(
        errors=dict(zip(_LOADS, found.errors.tolist(), strict=True)),
        oscillating=tuple(n for n, end in ends if end is not Outcome.REACHED_END),
    )


@cache
def compare_statistics() -> pd.DataFrame:
    """Compute what R prints of two public data sets.

    Returns
    -------
    DataFrame
        Data set, statistic, R's number, ours, and whether ours rounds to R's.
    """
    text = files("oestra.appraisal").joinpath("verification.yaml").read_text("utf-8")
    ours = {name: _statistics(*data) for name, data in _data().items()}
    rows = []
    for row in YAML(typ="safe").load(text):
        printed = row["printed"]
        digits = len(printed.partition(".")[2])
        value = ours[row["data"]][row["what"]]
        rows.append(
            {
                "data": row["data"],
                "statistic": row["what"],
                "R": printed,
                "here": value,
                "same": f"{value:.{digits}f}" == printed,
            }
        )
    return pd.DataFrame(rows)


def _data() -> dict[str, tuple[Floats, Flags, Flags]]:
    from lifelines.datasets import (  # noqa: PLC0415 - slow to load
        load_leukemia,
        load_lung,
    )

    leukemia, lung = load_leukemia(), load_lung()
    return {
        "leukemia": (
            leukemia["t"].to_numpy(dtype=float),
            leukemia["status"].to_numpy(dtype=bool),
            (leukemia["Rx"] == 0).to_numpy(),
        ),
        "lung": (
            lung["time"].to_numpy(dtype=float),
            lung["status"].to_numpy(dtype=bool),
            (lung["sex"] == 2).to_numpy(),
        ),
    }


def _statistics(time: Floats, event: Flags, treated: Flags) -> dict[str, float]:
    ratio = hazard_ratio(time, event, treated)
    medians = {
        f"median {name}": product_limit(time[who], event[who]).median
        for name, who in (("treated", treated), ("control", ~treated))
    }
    found = {
        "log hazard ratio": ratio.log_hazard_ratio,
        "standard error": ratio.standard_error,
        "log-rank statistic": log_rank(time, event, treated).statistic,
        **medians,
    }
    return {n: float("nan") if v is None else float(v) for n, v in found.items()}
