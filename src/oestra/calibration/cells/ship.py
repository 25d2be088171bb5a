"""The record of the fit of the cell, and the tables that tell what it is worth."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cells.belonging import cell_fit_belongs_to
from oestra.calibration.cells.gauss_newton import CellOptimum
from oestra.calibration.cells.left_out import LeftOut, leave_out
from oestra.calibration.cells.problem import CellProblem, harden, terms
from oestra.calibration.cells.profiles import Profile
from oestra.calibration.cells.variants import Compared, variants
from oestra.core.linear_algebra import inverse
from oestra.network.reference import REFERENCE

__all__ = ["best_variant", "cell_record", "package_file", "variant_rows"]

Array = NDArray[np.float64]


def package_file() -> Path:
    """Return where the fit of the cell that ships lies."""
    return Path(str(files("oestra.model"))) / "cell_fit.json"


def best_variant(found: Sequence[Compared]) -> Compared:
    """Return the first, unless another predicts better by more than their scatter."""
    best = min(found, key=lambda one: one.left_out.score)
    first = found[0]
    worse = first.left_out.score - best.left_out.score
    return first if worse <= _scatter(first, best) else best


def _scatter(one: Compared, other: Compared) -> float:
    """Return the standard error of the difference of two scores, over experiments."""
    groups = list(one.left_out.groups)
    difference = np.array(
        [one.left_out.groups[g] - other.left_out.groups[g] for g in groups]
    )
    return 0.5 * float(difference.std(ddof=1) * np.sqrt(len(groups)))


def variant_rows(found: Sequence[Compared]) -> list[dict[str, Any]]:
    """Return one row a variant: parameters, loss, score of experiments left out."""
    best = min(found, key=lambda one: one.left_out.score)
    return [
        {
            "variant": one.variant.name,
            "free": len(one.optimum.z),
            "loss": one.optimum.losses[-1],
            "score": one.left_out.score,
            "worse": one.left_out.score - best.left_out.score,
            "error": _scatter(one, best),
        }
        for one in found
    ]


def _value(number: float) -> float:
    return float(f"{number:.10g}")


def _fitted(optimum: CellOptimum) -> dict[str, dict[str, Any]]:
    deviation = np.sqrt(np.diag(inverse(optimum.precision)))
    alone = 1.0 / np.sqrt(np.diag(optimum.precision))
    return {
        one.name: {
            "prior": [one.value(-1.96), one.value(0.0), one.value(1.96)],
            "value": _value(one.value(z)),
            "interval": [one.value(z - 1.96 * s), one.value(z + 1.96 * s)],
            "standardized": float(z),
            "contraction": float(1.0 - s**2),
            "alone": _value(a),
        }
        for one, z, s, a in zip(
            optimum.problem.free, optimum.z, deviation, alone, strict=True
        )
    }


def _sets(problem: CellProblem, draws: Array) -> list[dict[str, float]]:
    found = []
    for z in draws:
        own = problem.parameters(z)
        names = [*(one.name for one in problem.free), *problem.fixed, *REFERENCE]
        found.append({name: float(f"{own[name]:.6g}") for name in names})
    return found


def cell_record(  # noqa: PLR0913 - one argument a part of the record
    optimum: CellOptimum,
    variant: str = variants()[0].name,
    *,
    draws: Array,
    diagnostics: Mapping[str, Any],
    profiles: Sequence[Profile] = (),
    left_out: LeftOut | None = None,
    compared: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Write down a fit of the cell.

    Parameters
    ----------
    optimum : CellOptimum
        Its end.
    variant : str
        Structure that was chosen.
    draws : ndarray, shape (sets, k)
        Standardized parameters of sets that stand for what is open.
    diagnostics : mapping
        Of these sets.
    profiles : sequence of Profile
        Of some parameters.
    left_out : LeftOut, optional
        Predictions of experiments left out; found anew by default.
    compared : sequence of mapping
        Rows of `variant_rows`.

    Returns
    -------
    dict
        As `oestra.model.cell_fit.read_cell_fit` reads it.
    """
    problem = optimum.problem
    best = problem.parameters(optimum.z)
    names = [*(one.name for one in problem.free), *problem.fixed, *REFERENCE]
    apart = left_out or leave_out(optimum)
    met, predicted = harden(optimum.residual), harden(apart.residual)
    return {
        "belongs_to": cell_fit_belongs_to(),
        "variant": variant,
        "losses": list(optimum.losses),
        "values": {name: _value(best[name]) for name in names},
        "fitted": _fitted(optimum),
        "terms": [
            {
                "id": term.id,
                "kind": term.kind,
                "group": term.group,
                "value": float(f"{value:.6g}") if np.isfinite(value) else None,
                "residual": float(f"{one:.4g}"),
                "left_out": float(f"{other:.4g}"),
            }
            for term, value, one, other in zip(
                terms(), optimum.value, met, predicted, strict=True
            )
        ],
        "draws": _sets(problem, draws),
        "diagnostics": dict(diagnostics),
        "profiles": [
            {"name": one.name, "standardized": list(one.z), "excess": list(one.excess)}
            for one in profiles
        ],
        "variants": [dict(row) for row in compared],
    }
