"""The record of a fit that ships with the package."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from oestra.calibration.between import BetweenTrials
from oestra.calibration.carried_over import carried_over
from oestra.calibration.checkpoint import State, stored_state
from oestra.calibration.discrepancy import discrepancy
from oestra.calibration.fact import facts
from oestra.calibration.free import free_parameters, to_parameters
from oestra.calibration.objective import Evaluation, Objective
from oestra.calibration.posterior import Posterior, contraction, laplace
from oestra.calibration.validate import LeftOut
from oestra.core.archive import read_archive, write_archive
from oestra.core.errors import InputError, OestraError
from oestra.core.partial import complete_file
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.model.belonging import fit_belongs_to
from oestra.model.fit import Fit, arrays_beside, shipped_fit
from oestra.model.parameters import cell_parameters
from oestra.network.reference import REFERENCE

__all__ = [
    "fit_record",
    "ship_fit",
    "shipped_problem",
    "shipped_state",
    "state_for",
    "write_record",
]

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
        streams = Streams(seed).spawn(Stream.ENSEMBLE, batch)
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


def _summary(
    objective: Objective, state: State, evaluation: Evaluation
) -> dict[str, Any]:
    """Write down what was fitted to what, the best set and the misses."""
    best = to_parameters(state.z, objective.base, objective.free)
    names = [item.name for item in objective.free] + list(REFERENCE)
    narrowed = contraction(laplace(state.z, np.nan_to_num(state.columns)))
    return {
        "belongs_to": fit_belongs_to(),
        "settings": {
            "patients": objective.patients,
            "most": objective.most,
            "draws": objective.draws,
            "cohorts": objective.cohorts,
            "seed": objective.seed,
            "rounds": state.round,
        },
        "losses": [float(loss) for loss in state.losses],
        "best": {name: float(f"{best[name]:.10g}") for name in names},
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


def fit_record(
    objective: Objective,
    state: State,
    evaluation: Evaluation,
    between: BetweenTrials,
    *,
    left_out: Sequence[LeftOut] = (),
    interim: bool = False,
) -> Fit:
    """Write down a fit: what was fitted to what, the best set, an ensemble, misses.

    Parameters
    ----------
    objective : Objective
        The problem.
    state : State
        Its end; the last Jacobian gives the posterior.
    evaluation : Evaluation
        The best set evaluated.
    between : BetweenTrials
        How much trials differ.
    left_out : sequence of LeftOut
        Each trial predicted from all others, which tells the model's own error.
    interim : bool
        Whether it went on from another fit.

    Returns
    -------
    Fit
        The record, ready to be written by `ship_fit`.
    """
    posterior = laplace(state.z, np.nan_to_num(state.columns))
    names, drawn = _ensemble(objective, posterior, objective.seed)
    summary = _summary(objective, state, evaluation)
    effect = {"sd": between.sd, "slope": [float(f"{x:.5g}") for x in between.slope]}
    errors = {
        kind: asdict(discrepancy([one for one in left_out if one.row.kind == kind]))
        for kind in sorted({one.row.kind for one in left_out})
    }
    return Fit.of_record(
        {
            **summary,
            "between_trials": effect,
            "discrepancy": errors,
            "names": names,
            "interim": interim,
        },
        drawn,
    )


def _package_file() -> Path:
    return Path(str(files("oestra.model"))) / "fit.json"


def shipped_state() -> State | None:
    """Return the end of the fit that ships, with its Jacobian; None when there is none.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    path = arrays_beside(_package_file())
    if not path.is_file():
        return None
    try:
        return stored_state(read_archive(path))
    except (InputError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"The shipped fit {path} is damaged ({error}); install oestra again."
        ) from error


def state_for(objective: Objective) -> State | None:
    """Return what the fit that ships knows of the slopes of a problem.

    Parameters
    ----------
    objective : Objective
        The problem of a fit that begins.

    Returns
    -------
    State or None
        Slopes by parameter and endpoint, where both fits have them; None when none
        ships.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    shipped, state = shipped_fit(), shipped_state()
    if shipped is None or state is None:
        return None
    known = (
        [entry.name for entry in shipped.fitted],
        [entry.id for entry in shipped.residuals],
    )
    asked = (
        [item.name for item in objective.free],
        [row.id for row in objective.rows] + [fact.id for fact in facts()],
    )
    now = {item.name: item for item in objective.free}
    wider = np.ones(len(shipped.fitted))
    for k, entry in enumerate(shipped.fitted):
        if entry.name in now:
            item, (low, _, high) = now[entry.name], entry.prior
            wider[k] = item.spread / item.spread_between(low, high)
    return carried_over(state, known, asked, wider)


def shipped_problem() -> tuple[Objective, State, BetweenTrials]:
    """Return the fit that ships as a problem with its end, ready to predict from.

    Raises
    ------
    InputError
        If no fit ships, its file is damaged, or it is of other parameters or endpoints
        than those of today.
    """
    shipped, state = shipped_fit(), shipped_state()
    if shipped is None or state is None:
        raise InputError(
            "No fit ships with its Jacobian; run 'oestra calibrate' and name its state "
            "with --checkpoint."
        )
    sizes = ("patients", "most", "draws", "seed", "cohorts")
    settings = {name: int(shipped.settings[name]) for name in sizes}
    objective = Objective.of_trials(free_parameters(), cell_parameters(), **settings)
    fitted = [entry.name for entry in shipped.fitted]
    met = [entry.id for entry in shipped.residuals]
    today = [item.name for item in objective.free]
    asked = [row.id for row in objective.rows] + [fact.id for fact in facts()]
    if (fitted, met) != (today, asked) or state.columns.shape != (
        len(today),
        len(asked),
    ):
        raise InputError(
            "The fit that ships is of other parameters or endpoints than those of "
            "today; run 'oestra calibrate' and name its state with --checkpoint."
        )
    slope = np.array(shipped.between_trials["slope"])
    return objective, state, BetweenTrials(sd=shipped.between_trial_sd, slope=slope)


def ship_fit(fit: Fit, path: Path | None = None, *, state: State) -> Path:
    """Write a fit: the record, and its arrays beside it, each whole or not at all.

    Parameters
    ----------
    fit : Fit
        As `fit_record` returns it.
    path : Path, optional
        The file; by default the one the package reads.
    state : State
        The end of the fit; with its Jacobian trials are predicted from all others
        without fitting again.

    Returns
    -------
    Path
        Where the record was written.
    """
    target = path or _package_file()
    kept = {
        "key": np.array(state.key),
        "z": state.z,
        "residual": state.residual,
        "columns": state.columns.astype(np.float32),
        "doubt": state.doubt.astype(np.float32),
        "round": np.array(state.round),
        "ensemble": fit.ensemble,
    }
    write_archive(arrays_beside(target), kept, compress=True)
    write_record(fit.to_json_dict(), target)
    if path is None:
        shipped_fit.cache_clear()
    return target


def write_record(record: Mapping[str, Any], target: Path) -> None:
    """Write a record as JSON, whole or not at all."""
    text = json.dumps(record, indent=1, allow_nan=False) + "\n"
    with complete_file(target) as file:
        file.write(text.encode())
