"""Follow patients under a regimen: clones, lesions, Ki67, and what chance adds."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.library import Library
from oestra.core.ordered_sum import ordered_sum
from oestra.core.streams import Streams
from oestra.course.assemble import Lanes
from oestra.course.death import background_death
from oestra.course.events import Course, Follow
from oestra.course.integrate import Doses, Record, integrate, periods
from oestra.course.stage import Stage, begun
from oestra.course.tumors import Tumors
from oestra.course.twins import Twins
from oestra.drugs.ovarian_suppression import SUPPRESSION
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.drugs.target import find_lever
from oestra.engagement.regimen_load import drug_loads, drug_ramps, pk_subjects
from oestra.follow.ovaries import add_ovaries, ovarian_ramps
from oestra.history.cohort import Cohort
from oestra.tumor.burden import lesion_log_volume, log_total
from oestra.tumor.presentation import Presentation

__all__ = ["Changes", "Lower", "Step", "follow", "run_course"]

Array = NDArray[np.float64]
_LARGEST = np.float32(46.0)
"""Log of a volume in mm³ beyond any body; unchecked growth would overflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lower:
    """Lower doses for n patients.

    Parameters
    ----------
    day : ndarray, shape (n,)
        Day from which each takes less, ``inf`` for never.
    regimen : Regimen
        What is taken then.
    """

    day: Array
    regimen: Regimen


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Another regimen for n patients, in the place of the one before.

    Parameters
    ----------
    day : ndarray, shape (n,)
        Day from which each takes it, ``inf`` for never; it takes effect with the period
        of four weeks whose middle is the first not before it.
    regimen : Regimen
        What is taken then, its days counted from there. A drug that is taken on goes
        on from the level it has.
    """

    day: Array
    regimen: Regimen


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How the treatment of n patients changes before it fails.

    Parameters
    ----------
    stop_day : ndarray, shape (n,)
        Day on which each stops the drugs, ``inf`` for never.
    lower : Lower, optional
        Who takes less, and what; None where nobody does.
    until_day : ndarray, shape (n,), optional
        Day up to which anybody looks at each; what is returned beyond it is a guess.
    steps : tuple of Step
        What each goes on to, in order.
    settles : bool
        Whether who has grown past any progression is followed no further than by her
        last pace; not where a treatment may still change.
    """

    stop_day: Array
    lower: Lower | None = None
    until_day: Array | None = None
    steps: tuple[Step, ...] = ()
    settles: bool = True


def _regrown(record: Record, start: Array) -> Array:
    """Return each clone's rise over its number at the start, new clones included.

    A clone that was absent at the start rises from one cell.
    """
    floor = np.where(np.isfinite(start), start, 0.0)[:, None]
    return record.log_cells - floor


def run_course(  # noqa: PLR0913
    cohort: Cohort,
    rows: NDArray[np.int64],
    regimen: Regimen,
    *,
    days: Array,
    changes: Changes,
    streams: Streams,
    log_growth_effect: float = 0.0,
    keep: bool = False,
    ovarian: Array | None = None,
) -> Course:
    """Treat patients of a cohort with a regimen.

    Parameters
    ----------
    cohort : Cohort
        The pool.
    rows : ndarray of int, shape (n,)
        Decision points of the pool at which the patients are randomized.
    regimen : Regimen
        What they take.
    days : ndarray, shape (T,)
        Output days from randomization, ascending from 0.
    changes : Changes
        When each stops the drugs or goes on to lower doses.
    streams : Streams
        Source of the chance with which clones mutate and die out.
    log_growth_effect : float
        Log factor on the pace of every tumor of the trial.
    keep : bool
        Whether to keep the states gone through, for what comes after the trial.
    ovarian : ndarray, shape (m,), optional
        Estradiol in plasma that the ovaries of the patients of all decisions of the
        pool make, nM, 0 after menopause; nobody's do by default.

    Returns
    -------
    Course
        What clones and lesions do.

    Raises
    ------
    InputError
        If days do not ascend from 0.
    """
    days = np.asarray(days, dtype=float)
    if len(days) < 2 or days[0] != 0 or np.any(np.diff(days) <= 0):
        raise InputError("Output days must ascend from 0.")
    lanes = cohort.lanes(rows, log_growth_effect)
    if ovarian is not None:
        add_ovaries(lanes, ovarian[rows])
    patients = cohort.patients(rows)
    library = cohort.parameters.library
    subjects = pk_subjects(patients, regimen, cohort.streams)
    loads = drug_loads(regimen, subjects, cohort.parameters)
    on = lanes.treated(loads, np.arange(len(rows)))
    tumors = Tumors(
        cell=lanes.cell,
        ids=patients.index.to_numpy(),
        y=cohort.y[rows].astype(float),
        log_cells=cohort.log_cells[rows].copy(),
        second=cohort.second_shares(rows),
    )
    start = tumors.log_cells.copy()
    # The baseline is read before treatment begins, and tumors grow in between.
    everybody, lead = np.arange(len(rows)), cohort.parameters["baseline_lead_days"]
    twins = Twins.of(rows)
    tumors.grow(lanes.p[twins.first], everybody, np.array([lead]), twins)
    edges = np.array([0.0, *(float(at[-1]) for _, at in periods(days))])
    ramps = _ramps(lanes, regimen, subjects, edges, library)
    if ovarian is not None:
        ramps |= ovarian_ramps(lanes, regimen, subjects, edges)
    doses = Doses(
        on=on,
        off=lanes.p,
        ramps=ramps,
        stop_day=changes.stop_day,
        alike=rows,
        until_day=changes.until_day,
    )
    if changes.lower is not None:
        less = drug_loads(changes.lower.regimen, subjects, cohort.parameters)
        doses = replace(
            doses,
            lower=lanes.treated(less, np.arange(len(rows))),
            lower_day=changes.lower.day,
        )
    if changes.steps or not changes.settles:
        given = (regimen, changes.steps)
        stages = _stages(cohort, rows, lanes, edges, given, ovarian=ovarian is not None)
        doses = replace(doses, stages=stages, settles=changes.settles)
    record = integrate(tumors, doses, days, cohort.parameters, streams, keep=keep)
    return _course(cohort, rows, days, start, record)


def _ramps(
    lanes: Lanes,
    regimen: Regimen,
    subjects: PkSubjects,
    edges: Array,
    library: Library,
) -> dict[int, Array]:
    """Return how far loads are from their steady state, by column of the lanes."""
    return {
        lanes.cell.column(name): ramp
        for name, ramp in drug_ramps(regimen, subjects, edges, library).items()
    }


def _holders(regimen: Regimen, cohort: Cohort) -> dict[str, frozenset[str]]:
    """Return which drugs of a regimen set each parameter of the cell.

    A target that sets none goes by its own name.
    """
    found: dict[str, frozenset[str]] = {}
    for component in regimen.components:
        for target in component.drug.acts_on:
            lever = find_lever(target, cohort.parameters.library)
            name = lever.parameter or target
            found[name] = found.get(name, frozenset()) | {component.drug.id}
    return found


def _stages(
    cohort: Cohort,
    rows: NDArray[np.int64],
    lanes: Lanes,
    edges: Array,
    given: tuple[Regimen, tuple[Step, ...]],
    *,
    ovarian: bool,
) -> tuple[Stage, ...]:
    """Return what patients go on to, each drug at the level that it has by then."""
    patients, library = cohort.patients(rows), cohort.parameters.library
    regimen, steps = given
    middles = (edges[:-1] + edges[1:]) / 2
    numbers = np.arange(len(middles))
    zero = np.zeros(len(rows), dtype=np.int64)
    since = {name: (drugs, zero) for name, drugs in _holders(regimen, cohort).items()}
    found: list[Stage] = []
    for step in steps:
        subjects = pk_subjects(patients, step.regimen, cohort.streams)
        index = begun(step.day, middles)
        here = {}
        for name, drugs in _holders(step.regimen, cohort).items():
            before, start = since.get(name, (frozenset(), index))
            here[name] = (drugs, start if drugs <= before else index)
        ramps = {}
        for name, ramp in drug_ramps(step.regimen, subjects, edges, library).items():
            place = np.maximum(numbers[None, :] - here[name][1][:, None], 0)
            ramps[lanes.cell.column(name)] = np.take_along_axis(ramp, place, axis=1)
        if ovarian:
            held = here.get(SUPPRESSION, (frozenset(), index))[1]
            ramps |= ovarian_ramps(lanes, step.regimen, subjects, edges, held)
        loads = drug_loads(step.regimen, subjects, cohort.parameters)
        on = lanes.treated(loads, np.arange(len(rows)))
        found.append(Stage(on=on, day=step.day, ramps=ramps))
        since = here
    return tuple(found)


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
    ovarian: Array | None = None,
) -> Follow:
    """Treat patients of a cohort, and let chance meet their courses.

    Parameters
    ----------
    cohort, rows, regimen, days, changes, log_growth_effect, keep, ovarian
        As of `run_course`.
    streams : Streams
        Source of chance on trial; arms that share it share their patients' luck.

    Returns
    -------
    Follow
        Lesions and events.

    Raises
    ------
    InputError
        If days do not ascend from 0.
    """
    if changes.until_day is not None:
        # Nobody looks at the dead either; chance is that of the events drawn below.
        ids = cohort.decisions["patient"].to_numpy()[rows]
        died = background_death(ids, cohort.parameters, streams)
        changes = replace(changes, until_day=np.minimum(changes.until_day, died))
    course = run_course(
        cohort,
        rows,
        regimen,
        days=days,
        changes=changes,
        streams=streams,
        log_growth_effect=log_growth_effect,
        keep=keep,
        ovarian=ovarian,
    )
    return course.realize(streams)


def _course(
    cohort: Cohort, rows: NDArray[np.int64], days: Array, start: Array, record: Record
) -> Course:
    p = cohort.parameters
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
    return Course(
        parameters=p,
        ids=cohort.decisions["patient"].to_numpy()[rows],
        total=total,
        days=days,
        log_volume=volume,
        site=lesions.site,
        measurable=_measurable(volume, lesions, p["measurable_diameter_mm"]),
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
    return ordered_sum(share * marker, axis=2)


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
