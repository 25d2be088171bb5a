"""Running a trial many times and summing it up."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from oestra.core.errors import InputError
from oestra.core.library import Library, library_of
from oestra.core.parameter_set import digest_of_sets
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.evidence.own_results import published_in
from oestra.history.store import load_cohort
from oestra.model.parameters import best_parameters
from oestra.network.digest import source_digest
from oestra.solve import in_threads
from oestra.trial.assumption import Assumptions, assumptions
from oestra.trial.case_mix import weigh
from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.eligibility import Screening, screen
from oestra.trial.enroll import check_groups
from oestra.trial.looks import summarize_looks
from oestra.trial.memory import check_memory
from oestra.trial.replicate import Replicate, run_replicate
from oestra.trial.result import TrialResult
from oestra.trial.rules import MOST_PATIENTS
from oestra.trial.summary import stratum_result
from oestra.trial.treated import Population, later_lines, treatment
from oestra.trial.trial_setting import FollowArm, Setting
from oestra.trial.uncertainty import uncertainty

__all__ = ["Population", "run_trial"]

Progress = Callable[[int, int], None]


def _pools(
    cohort: Population | Sequence[Population] | None, library: Library | None
) -> tuple[Population, ...]:
    if cohort is None:
        return (load_cohort(best_parameters(library or library_of())),)
    pools = tuple(cohort) if isinstance(cohort, Sequence) else (cohort,)
    if not pools:
        raise InputError("A trial needs at least one population to recruit from.")
    if library is not None and any(p.parameters.library != library for p in pools):
        raise InputError(
            "The cohort was simulated with another library; give the parameters of "
            "this one to it: best_parameters(library)."
        )
    return pools


def _check(
    design: TrialDesign, replicates: int, patients: int | None, workers: int
) -> None:
    if replicates < 1:
        raise InputError(f"A trial needs at least 1 replicate, got {replicates}.")
    if patients is not None and patients < len(design.arms):
        raise InputError(
            f"{design.id} has {len(design.arms)} arms and needs at least as many "
            f"patients, got {patients}."
        )
    size = sum(arm.n for arm in design.arms) if patients is None else patients
    if size > MOST_PATIENTS:
        raise InputError(
            f"A trial has at most {MOST_PATIENTS:,} patients, got {size:,}."
        )
    check_memory(size, replicates, workers)


def _run_all(
    task: Callable[[int], Replicate],
    count: int,
    workers: int,
    progress: Progress | None,
) -> list[Replicate]:
    runs: list[Replicate] = []
    with in_threads(workers) as threads:
        for run in threads.map(task, range(count)):
            runs.append(run)
            if progress is not None:
                progress(len(runs), count)
    return runs


def _published(design: TrialDesign, library: Library) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        row.model_dump(mode="json", exclude_none=True)
        for row in published_in(design.id, library)
    )


def _screening(
    design: TrialDesign, screening: Screening, setting: Setting
) -> dict[str, Any]:
    planned = sum(arm.n for arm in design.arms)
    return {
        "screened": screening.screened,
        "eligible": int(screening.rows.size),
        "excluded": {one.criterion: one.rows for one in screening.excluded},
        "simulated_patients": screening.patients,
        "eligible_percent": screening.eligible_percent,
        "excluded_percent": {one.criterion: one.percent for one in screening.excluded},
        "randomized": planned if setting.patients is None else setting.patients,
        "effective_sample_size": setting.weighted.effective_size,
    }


def _screened(
    design: TrialDesign, pools: Sequence[Population]
) -> tuple[list[Population], list[Screening], list[str]]:
    """Screen populations; one that has nobody who is eligible is left out and told."""
    found: list[tuple[Population, Screening]] = []
    refused: list[InputError] = []
    for pool in pools:
        try:
            found.append((pool, screen(design, pool.decisions)))
        except InputError as error:
            refused.append(error)
    if not found:
        raise refused[0]
    told = []
    if refused:
        told.append(
            f"{len(refused)} of {len(pools)} parameter sets have nobody who is "
            "eligible and were left out."
        )
    return [pool for pool, _ in found], [one for _, one in found], told


def _audit(
    design: TrialDesign,
    runs: Sequence[Replicate],
    settings: Sequence[Setting],
    told: Sequence[str],
) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(run.audit)
    warnings = [text for setting in settings for text in setting.weighted.warnings]
    return {
        **counts,
        "parameter_sets": min(len(settings), len(runs)),
        "won": sum(run.won(design) for run in runs),
        **uncertainty(design, runs, settings),
        "effective_sample_size": min(s.weighted.effective_size for s in settings),
        "case_mix_warnings": list(dict.fromkeys([*told, *warnings])),
    }


def run_trial(  # noqa: PLR0913 - the front door names everything a user may choose
    design: TrialDesign | str | Path,
    *,
    cohort: Population | Sequence[Population] | None = None,
    follow: FollowArm | None = None,
    seed: int = 1,
    replicates: int = 20,
    patients: int | None = None,
    workers: int = 1,
    between_trial_sd: float = 0.0,
    known: Assumptions | None = None,
    progress: Progress | None = None,
    library: Library | None = None,
) -> TrialResult:
    """Run a virtual trial.

    Parameters
    ----------
    design : TrialDesign or str or Path
        A design, the name of a trial of the library, or a file.
    cohort : Population or sequence of Population, optional
        The population to recruit from, or one a parameter set, which the replicates
        then take in turn; by default the cohort of the best parameters.
    follow : FollowArm, optional
        Treats patients and returns their courses; by default the model does, and
        follows them through later lines where survival is an endpoint.
    seed : int
        Seed of all chance.
    replicates : int
        How often the trial is run.
    patients : int, optional
        Patients a replicate, the published number by default.
    workers : int
        Threads; results do not depend on it.
    between_trial_sd : float
        Standard deviation of the effect of the trial on the log of growth.
    known : Assumptions, optional
        Conduct beyond the protocol, the shipped one by default.
    progress : callable, optional
        Called with replicates done and all.
    library : Library, optional
        Where trials and drugs are found, where no cohort is given, which knows its
        own; by default that of the package, of installed packages and of
        ``OESTRA_LIBRARY``.

    Returns
    -------
    TrialResult
        Estimates with predictive intervals, and every patient.

    Raises
    ------
    InputError
        If the trial is unknown, its file is wrong or nobody is eligible.
    """
    pools = _pools(cohort, library)
    library = pools[0].parameters.library
    named = isinstance(design, str | Path)
    plan = find_design(design, library) if named else design
    _check(plan, replicates, patients, workers)
    pools, screenings, empty = _screened(plan, pools)
    for pool, screening in zip(pools, screenings, strict=True):
        check_groups(plan, pool.decisions.iloc[screening.rows])
    survival = TimeToEvent.OS in plan.endpoints
    settings = [
        Setting(
            decisions=pool.decisions,
            weighted=weigh(plan, pool.decisions, screening.rows),
            follow=follow or treatment(pool, survival=survival),
            assumptions=known or assumptions(),
            library=pool.parameters.library,
            between_trial_sd=between_trial_sd,
            patients=patients,
            live_on=later_lines(pool) if survival and follow is None else None,
        )
        for pool, screening in zip(pools, screenings, strict=True)
    ]
    streams = Streams(seed).spawn(Stream.TRIAL, plan.id)

    def task(number: int) -> Replicate:
        return run_replicate(plan, settings[number % len(settings)], streams, number)

    runs = _run_all(task, replicates, workers, progress)
    strata = dict.fromkeys((*plan.groups, *plan.subgroups))
    return TrialResult(
        trial=plan.id,
        seed=seed,
        replicates=replicates,
        model=source_digest(library),
        parameters=digest_of_sets([pool.parameters for pool in pools]),
        overall=stratum_result(plan, "", runs),
        strata={name: stratum_result(plan, name, runs) for name in strata},
        patients=pd.concat([run.patients for run in runs], ignore_index=True),
        responses=pd.concat([run.responses for run in runs], ignore_index=True),
        screening=_screening(plan, screenings[0], settings[0]),
        published=_published(plan, library),
        looks=summarize_looks(plan, [run.decisions for run in runs]),
        audit=_audit(plan, runs, settings, empty),
    )
