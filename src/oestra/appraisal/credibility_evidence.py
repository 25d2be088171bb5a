"""What the credibility report rests on, gathered from the model as it stands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oestra.appraisal.claim_check import check_all
from oestra.appraisal.verdict import ClaimResult
from oestra.calibration.checkpoint import State
from oestra.calibration.ship import shipped_problem, shipped_state
from oestra.calibration.validate import LeftOut, leave_all_out
from oestra.claims.claim import Level
from oestra.claims.claim_library import claims
from oestra.claims.laboratory import Laboratory, open_sets
from oestra.core.errors import InputError, OestraError
from oestra.core.progress import Progress
from oestra.evidence.published import digest as evidence_digest
from oestra.model.belonging import stale_fit
from oestra.model.fit import shipped_fit
from oestra.network.digest import source_digest

__all__ = ["Evidence", "fit_record", "gather", "read_sensitivity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Results on which credibility is judged.

    Parameters
    ----------
    record : mapping
        The record of the fit that ships; empty when there is none.
    stale : str
        Why that fit does not belong to this model; empty when it does.
    state : State, optional
        Its end, with the Jacobian.
    left_out : tuple of LeftOut
        Each fitted trial predicted from all others; empty when that cannot be done.
    not_validated : str
        Why it cannot.
    claims : tuple of ClaimResult
        Statements on cells, tried.
    sensitivity : mapping, optional
        The record of ``oestra validate --sensitivity``.
    model, evidence : str
        Fingerprints of today.
    heat_map : str
        The figure of the sensitivity analysis, as SVG; empty without one.
    """

    record: Mapping[str, Any]
    stale: str
    state: State | None
    left_out: tuple[LeftOut, ...]
    not_validated: str
    claims: tuple[ClaimResult, ...]
    sensitivity: Mapping[str, Any] | None
    model: str
    evidence: str
    heat_map: str = ""


def fit_record() -> dict[str, Any]:
    """Return the record of the fit that ships; empty when there is none."""
    fit = shipped_fit()
    if fit is None:
        return {}
    return fit.to_json_dict() | {"ensemble": fit.ensemble.tolist()}


def gather(progress: Progress, *, sensitivity: Path | None = None) -> Evidence:
    """Try the claims on cells, and predict each fitted trial from all others.

    Parameters
    ----------
    progress : callable
        Told what is done, steps done and steps in all.
    sensitivity : Path, optional
        Folder that ``oestra validate --sensitivity`` wrote.

    Returns
    -------
    Evidence
        Everything the report shows; what cannot be had is left empty, with the reason.

    Raises
    ------
    InputError
        If the folder holds no such result, or the shipped fit is damaged.
    """
    ranked = None if sensitivity is None else read_sensitivity(sensitivity)
    found, reason = _validate(progress)
    return Evidence(
        record=fit_record(),
        stale=stale_fit(),
        state=shipped_state(),
        left_out=found,
        not_validated=reason,
        claims=_try_claims(progress),
        sensitivity=ranked,
        model=source_digest(),
        evidence=evidence_digest(),
        heat_map="" if sensitivity is None else _heat_map(sensitivity),
    )


def read_sensitivity(folder: Path) -> Mapping[str, Any]:
    """Read the record of a sensitivity analysis.

    Parameters
    ----------
    folder : Path
        That ``oestra validate --sensitivity`` wrote.

    Returns
    -------
    mapping
        The record.

    Raises
    ------
    InputError
        If there is none.
    """
    path = folder / "sensitivity.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        kept = {name: record[name] for name in ("parameters", "endpoints", "hashes")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"There is no sensitivity analysis in {folder}; run 'oestra validate "
            f"--sensitivity --out {folder}'."
        ) from error
    return {**record, **kept}


def _heat_map(folder: Path) -> str:
    path = folder / "sensitivity.svg"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _validate(progress: Progress) -> tuple[tuple[LeftOut, ...], str]:
    try:
        objective, state, between = shipped_problem()
        return tuple(leave_all_out(objective, state, between, progress)), ""
    except OestraError as error:
        return (), str(error)


def _try_claims(progress: Progress) -> tuple[ClaimResult, ...]:
    """Try what is claimed of cells; the rest needs trials and is left to the review."""
    chosen = [one for one in claims().values() if one.level is Level.CELL]
    return check_all(chosen, Laboratory(), progress, open_sets())
