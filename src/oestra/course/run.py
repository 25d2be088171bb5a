"""Follow patients under a regimen: lesions, new lesions, symptoms, death, Ki67."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.course.assemble import drug_loads, drug_ramps, pk_subjects
from oestra.course.cohort import Cohort
from oestra.course.death import background_death, fatal_log_cells
from oestra.course.integrate import Doses, Kept, Record, integrate, stretches
from oestra.course.tumors import Tumors
from oestra.drugs.regimen import Regimen
from oestra.network.cell import cell
from oestra.tumor.burden import lesion_log_volume, log_total
from oestra.tumor.presentation import Presentation
from oestra.tumor.spread import new_lesion_risk

__all__ = ["Changes", "Follow", "follow"]

Array = NDArray[np.float64]
_LARGEST = np.float32(46.0)
"""Log of a volume in mm³ beyond any body; unchecked growth would overflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How the treatment of n patients changes before it fails.

    Parameters
    ----------
    stop_day : ndarray, shape (n,)
        Day on which each stops the drugs, ``inf`` for never.
    lower_day : ndarray, shape (n,), optional
        Day from which each takes less, ``inf`` for never.
    lower : Regimen, optional
        What is taken then.
    """

    stop_day: Array
    lower_day: Array | None = None
    lower: Regimen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """The course of n patients from randomization.

    Parameters
    ----------
    days : ndarray, shape (T,)
        Output days, 0 first.
    log_volume : ndarray of float32, shape (n, L, T)
        Natural log of lesion volume in mm³, ``-inf`` where there is no lesion; on day
        0 that of the baseline scan, read some weeks before.
    site : ndarray of int8, shape (n, L)
        Position in ``list(Site)``, -1 where there is no lesion.
    measurable : ndarray of bool, shape (n, L)
        Lesions that can be measured at baseline.
    new_lesion_day, symptom_day, death_day : ndarray, shape (n,)
        First new lesion, first symptom of progression, death; ``inf`` for none.
    ki67 : ndarray, shape (n, T)
        Share of cycling cells in percent.
    fdg_uptake : ndarray, shape (n, T)
        Uptake of FDG by a volume of tumor, in units of its own: cells times their
        glucose transporters over volume. 0 where there is no volume.
    clone_log_cells : ndarray of float32, shape (n, clones, T)
        Natural logs of clones' cell numbers, ``-inf`` for none.
    audit : dict
        Lanes integrated and lanes lost.
    kept : Kept or None
        States of the clones, where they were asked for.
    """

    days: Array
    log_volume: NDArray[np.float32]
    site: NDArray[np.int8]
    measurable: NDArray[np.bool_]
    new_lesion_day: Array
    symptom_day: Array
    death_day: Array
    ki67: Array
    fdg_uptake: Array
    clone_log_cells: NDArray[np.float32]
    audit: dict[str, int]
    kept: Kept | None = None


def _hazard_day(days: Array, cumulative: Array, threshold: Array) -> Array:
    """Return when a cumulative hazard passes a threshold, between output days."""
    passed = cumulative >= threshold[:, None]
    hit = passed.any(axis=1)
    index = np.maximum(passed.argmax(axis=1), 1)
    rows = np.arange(len(threshold))
    before, after = cumulative[rows, index - 1], cumulative[rows, index]
    share = (threshold - before) / np.maximum(after - before, 1e-300)
    day = days[index - 1] + np.clip(share, 0.0, 1.0) * (days[index] - days[index - 1])
    return np.where(hit, day, np.inf)


def _regrown(record: Record, start: Array) -> Array:
    """Return each clone's rise over its number at the start, new clones included.

    A clone that was absent at the start rises from one cell.
    """
    floor = np.where(np.isfinite(start), start, 0.0)[:, None]
    return record.log_cells - floor


def follow(  # noqa: PLR0913
    cohort: Cohort,
    rows: NDArray[np.int64],
    regimen: Regimen,
    *,
    days: Array,
    changes: Changes,
    streams: Streams,
    log_growth_effect: float = 0.0,
    keep: bool = False,
) -> Follow:
    """Follow patients of a cohort under a regimen.

    Parameters
    ----------
    cohort : Cohort
        The pool.
    rows : ndarray of int, shape (n,)
        Moments of the pool at which the patients are randomized.
    regimen : Regimen
        What they take.
    days : ndarray, shape (T,)
        Output days from randomization, ascending from 0.
    changes : Changes
        When each stops the drugs or goes on to lower doses.
    streams : Streams
        Source of chance on trial; arms that share it share their patients' luck.
    log_growth_effect : float
        Log factor on the pace of every tumor of the trial.
    keep : bool
        Whether to keep the states gone through, for what comes after the trial.

    Returns
    -------
    Follow
        Lesions and events.

    Raises
    ------
    InputError
        If days do not ascend from 0.
    """
    days = np.asarray(days, dtype=float)
    if len(days) < 2 or days[0] != 0 or np.any(np.diff(days) <= 0):
        raise InputError("Output days must ascend from 0.")
    lanes = cohort.lanes(rows, log_growth_effect)
    patients = cohort.patients(rows)
    subjects = pk_subjects(patients, regimen, cohort.streams, adherent=True)
    loads = drug_loads(regimen, subjects, cohort.parameters)
    on = lanes.treated(loads, np.arange(len(rows)))
    tumors = Tumors(
        cell=cell(),
        ids=patients.index.to_numpy(),
        y=cohort.y[rows].astype(float),
        log_cells=cohort.log_cells[rows].copy(),
    )
    start = tumors.log_cells.copy()
    # The baseline is read before treatment begins, and tumors grow in between.
    everybody, lead = np.arange(len(rows)), cohort.parameters["baseline_lead_days"]
    tumors.grow(lanes.p, everybody, np.array([lead]))
    edges = np.array([0.0, *(float(at[-1]) for _, at in stretches(days))])
    ramps = {
        lanes.cell.column(name): ramp
        for name, ramp in drug_ramps(regimen, subjects, edges).items()
    }
    doses = Doses(on=on, off=lanes.p, ramps=ramps, stop_day=changes.stop_day)
    if changes.lower is not None and changes.lower_day is not None:
        lower = drug_loads(changes.lower, subjects, cohort.parameters)
        doses = replace(
            doses,
            lower=lanes.treated(lower, np.arange(len(rows))),
            lower_day=changes.lower_day,
        )
    record = integrate(tumors, doses, days, cohort.parameters, streams, keep=keep)
    return _outcome(cohort, rows, days, start, record, streams)


def _outcome(
    cohort: Cohort,
    rows: NDArray[np.int64],
    days: Array,
    start: Array,
    record: Record,
    streams: Streams,
) -> Follow:
    p = cohort.parameters
    ids = cohort.moments["patient"].to_numpy()[rows]
    lesions = cohort.presentation(rows)
    rise = _regrown(record, start)
    # Day 0 shows the baseline scan, which was read some time before.
    rise[:, 0] = np.where(np.isfinite(start), 0.0, -np.inf)
    shown = np.where(np.isfinite(start), start, 0.0)
    volume = np.minimum(
        lesion_log_volume(
            shown,
            rise,
            lesions,
            p["cells_per_mm3"],
            days / p["stroma_clearance_days"],
        ),
        _LARGEST,
    )
    total = log_total(record.log_cells)
    new = new_lesion_risk(total[:, :-1], total[:, 1:], np.diff(days), p)
    cumulative = np.concatenate(
        [np.zeros((len(rows), 1)), np.cumsum(new, axis=1)], axis=1
    )
    luck = streams.exponential("new lesion", ids)[:, 0]
    new_day = _hazard_day(days, cumulative, luck)
    return Follow(
        days=days,
        log_volume=volume,
        site=lesions.site,
        measurable=_measurable(volume, lesions, p["measurable_diameter_mm"]),
        new_lesion_day=new_day,
        symptom_day=_symptoms(cohort, ids, days, total, new_day, streams),
        death_day=_death(cohort, ids, days, total, streams),
        ki67=100.0 * _average(record, record.ki67),
        fdg_uptake=_fdg_uptake(record, total, volume),
        clone_log_cells=record.log_cells.transpose(0, 2, 1).astype(np.float32),
        audit={"lanes": record.lanes, "lost": record.lost},
        kept=record.kept,
    )


def _average(record: Record, marker: Array) -> Array:
    """Average a marker over clones by their numbers, shape (n, T)."""
    whole = np.maximum(log_total(record.log_cells), 0.0)[..., None]
    share = np.exp(record.log_cells - whole)
    return np.sum(share * marker, axis=2)


def _fdg_uptake(record: Record, total: Array, volume: NDArray[np.float32]) -> Array:
    """Return the uptake of all lesions together; stroma in them takes up none."""
    whole = np.logaddexp.reduce(volume.astype(float), axis=1)
    seen = np.isfinite(whole)
    # A tumor beyond any body is cut off in its volume and not in its cells.
    density = np.where(seen, np.exp(np.minimum(total - whole, _LARGEST)), 0.0)
    return density * _average(record, record.slc2a1)


def _measurable(
    volume: NDArray[np.float32], lesions: Presentation, smallest_mm: float
) -> NDArray[np.bool_]:
    diameter = (6.0 / np.pi * np.exp(volume[:, :, 0])) ** (1.0 / 3.0)
    return (lesions.site >= 0) & lesions.distinct & (diameter >= smallest_mm)


def _symptoms(
    cohort: Cohort, ids: NDArray[np.int64], days: Array, total: Array, new_day: Array,
    streams: Streams,
) -> Array:  # fmt: skip
    """Return when progression is felt: much growth, or a new lesion that hurts."""
    p = cohort.parameters
    nadir = np.minimum.accumulate(total, axis=1)
    with np.errstate(invalid="ignore"):
        felt = np.nan_to_num(total - nadir) > p["symptom_log_growth"]
    grown = np.where(felt.any(axis=1), days[felt.argmax(axis=1)], np.inf)
    u = streams.uniform("symptom", ids, 2)
    delay = -np.log(u[:, 1]) * p["symptom_noise_days"]
    declared = np.where(u[:, 0] < p["symptom_share"], new_day + delay, np.inf)
    return np.minimum(grown, declared)


def _death(
    cohort: Cohort, ids: NDArray[np.int64], days: Array, total: Array, streams: Streams
) -> Array:
    other = background_death(ids, cohort.parameters, streams)
    fatal = total > fatal_log_cells(cohort.parameters)
    burden = np.where(fatal.any(axis=1), days[fatal.argmax(axis=1)], np.inf)
    return np.minimum(np.where(other <= days[-1], other, np.inf), burden)
