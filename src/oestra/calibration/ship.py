"""The record of a fit that ships with the package."""

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from oestra.calibration.checkpoint import State
from oestra.calibration.free import to_parameters
from oestra.calibration.objective import Evaluation, Objective
from oestra.calibration.posterior import Posterior, contraction, laplace
from oestra.core.errors import OestraError
from oestra.core.streams import Streams
from oestra.course.parameters import best_parameters, shipped_fit
from oestra.evidence.load import digest as evidence_digest
from oestra.network.digest import source_digest
from oestra.network.reference import REFERENCE

__all__ = ["fit_record", "ship_fit"]

_ENSEMBLE = 60
_REACH = 3.0


def _ensemble(
    objective: Objective, posterior: Posterior, seed: int
) -> tuple[list[str], list[list[float]]]:
    """Draw parameter sets; one whose cell has no steady state is drawn again."""
    names = [item.name for item in objective.free] + list(REFERENCE)
    found: list[list[float]] = []
    batch = 0
    while len(found) < _ENSEMBLE:
        streams = Streams(seed).spawn("ensemble", batch)
        batch += 1
        for z in posterior.draw(_ENSEMBLE, streams):
            try:
                drawn = to_parameters(
                    np.clip(z, -_REACH, _REACH), objective.base, objective.free
                )
            except OestraError:
                continue
            found.append([float(f"{drawn[name]:.8g}") for name in names])
            if len(found) == _ENSEMBLE:
                break
    return names, found


def fit_record(
    objective: Objective, state: State, evaluation: Evaluation
) -> dict[str, Any]:
    """Write down a fit: what was fitted to what, the best set, an ensemble, misses.

    Parameters
    ----------
    objective : Objective
        The problem.
    state : State
        Its end; the last Jacobian gives the posterior.
    evaluation : Evaluation
        The best set evaluated.

    Returns
    -------
    dict
        Ready for JSON.
    """
    columns = np.nan_to_num(state.columns)
    posterior = laplace(state.z, columns)
    best = to_parameters(state.z, objective.base, objective.free)
    names = [item.name for item in objective.free] + list(REFERENCE)
    drawn_names, drawn = _ensemble(objective, posterior, objective.seed)
    narrowed = contraction(posterior)
    return {
        "evidence": evidence_digest(),
        "model": source_digest(),
        "settings": {
            "patients": objective.patients,
            "most": objective.most,
            "seed": objective.seed,
            "rounds": state.round,
        },
        "losses": [float(loss) for loss in state.losses],
        "best": {name: float(f"{best[name]:.10g}") for name in names},
        "names": drawn_names,
        "ensemble": drawn,
        "fitted": [
            {
                "name": item.name,
                "prior": [item.value(-1.96), item.value(0.0), item.value(1.96)],
                "standardized": float(z),
                "contraction": float(share),
            }
            for item, z, share in zip(objective.free, state.z, narrowed, strict=True)
        ],
        "residuals": [
            {"id": name, "residual": float(r), "value": float(v)}
            for name, r, v in zip(
                evaluation.names, evaluation.residual, evaluation.value, strict=True
            )
        ],
    }


def ship_fit(record: dict[str, Any], path: Path | None = None) -> Path:
    """Write the record of a fit, whole or not at all.

    Parameters
    ----------
    record : dict
        As `fit_record` returns it.
    path : Path, optional
        The file; by default the one the package reads.

    Returns
    -------
    Path
        Where it was written.
    """
    target = path or Path(str(files("oestra.course"))) / "fit.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=1, allow_nan=False) + "\n"
    with tempfile.NamedTemporaryFile(
        "w", dir=target.parent, delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(target)
    if path is None:
        shipped_fit.cache_clear()
        best_parameters.cache_clear()
    return target
