"""Running a trial many times and summing it up."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from oestra.core.errors import InputError
from oestra.core.library import Library, library_of
from oestra.core.number import number, whole
from oestra.core.parameter_set import digest_of_sets
from oestra.evidence.own_results import published_in
from oestra.history.store import load_cohort
from oestra.model.parameters import best_parameters
from oestra.network.digest import source_digest
from oestra.trial.arm_engagement import arm_engagement
from oestra.trial.assay_agreement import assay_agreement
from oestra.trial.assumption import Assumptions, assumptions
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.eligibility import Screening
from oestra.trial.harm_count import sum_up
from oestra.trial.investigator_choice import choice_names
from oestra.trial.look_summary import summarize_looks, summarize_tests
from oestra.trial.memory import check_memory
from oestra.trial.practice_year import practice_year
from oestra.trial.recipe import Recipe, replicate_of
from oestra.trial.replicate import Replicate
from oestra.trial.result import TrialResult
from oestra.trial.rules import MOST_PATIENTS
from oestra.trial.screened import Populations
from oestra.trial.summary import stratum_result
from oestra.trial.support import cautions
from oestra.trial.tables.sink import TableSink
from oestra.trial.treated import Population
from oestra.trial.trial_setting import FollowArm, Setting
from oestra.trial.two_readings import differences, other_reader
from oestra.trial.uncertainty import uncertainty
from oestra.work.each import Workers, in_order

__all__ = ["Population", "refine_trial", "run_trial"]

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
    design: TrialDesign, replicates: int, patients: int | None, workers: Workers
) -> None:
    if whole(replicates, "replicates") < 1:
        raise InputError(f"A trial needs at least 1 replicate, got {replicates}.")
    if patients is not None and whole(patients, "patients") < len(design.arms):
        raise InputError(
            f"{design.id} has {len(design.arms)} arms and needs at least as many "
            f"patients, got {patients}."
        )
    size = sum(arm.n for arm in design.arms) if patients is None else patients
    if size > MOST_PATIENTS:
        raise InputError(
            f"A trial has at most {MOST_PATIENTS:,} patients, got {size:,}."
        )
    here = workers if isinstance(workers, int) else 1
    check_memory(size, replicates, here)


def _populations(pools: Sequence[Population], **asked: Any) -> Populations:
    """Return the populations of a trial that is asked for, one recipe each."""
    return Populations([Recipe(pool=pool, **asked) for pool in pools])


def _run_all(
    screened: Populations,
    count: range,
    workers: Workers,
    progress: Progress | None,
    sink: TableSink | None,
) -> list[Replicate]:
    """Run the replicates of some numbers, which take the recipes in turn."""
    calls = ((screened.of(number), number) for number in count)
    runs: list[Replicate] = []
    with in_order(workers, replicate_of, calls) as results:
        for run in results:
            if sink is not None:
                sink.add(run.tables)
            runs.append(replace(run, tables={}))
            if progress is not None:
                progress(count.start + len(runs), count.stop)
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
    agreement = assay_agreement(design, setting.decisions)
    assays = {name: one.to_json_dict() for name, one in agreement.items()}
    return {
        **({"assays": assays} if assays else {}),
        "year": practice_year(design),
        "screened": screening.screened,
        "eligible": int(screening.rows.size),
        "excluded": {one.criterion: one.rows for one in screening.excluded},
        "simulated_patients": screening.patients,
        "eligible_percent": screening.eligible_percent,
        "excluded_percent": {one.criterion: one.percent for one in screening.excluded},
        "randomized": planned if setting.patients is None else setting.patients,
        "effective_sample_size": setting.weighted.effective_size,
    }


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
        "won": sum(run.won for run in runs),
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
    workers: Workers = 1,
    between_trial_sd: float = 0.0,
    known: Assumptions | None = None,
    progress: Progress | None = None,
    library: Library | None = None,
    tables: TableSink | None = None,
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
    workers : int or Executor
        Threads, or who runs the replicates; results do not depend on it.
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
    tables : TableSink, optional
        Takes tables for statisticians, replicate after replicate; none are made by
        default.

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
    by_name = isinstance(design, str | Path)
    plan = find_design(design, library) if by_name else design
    whole(seed, "seed")
    spread = number(between_trial_sd, "between_trial_sd")
    if not 0 <= spread < math.inf:
        raise InputError(f"between_trial_sd is 0 or more, got {spread:g}.")
    _check(plan, replicates, patients, workers)
    screened = _populations(
        pools,
        design=plan,
        seed=seed,
        assumptions=known or assumptions(),
        between_trial_sd=between_trial_sd,
        patients=patients,
        follow=follow,
        formats=() if tables is None else tables.formats,
    )
    runs = _run_all(screened, range(replicates), workers, progress, tables)
    return _summed(screened.all(), runs, screened.told())


def refine_trial(  # noqa: PLR0913 - as `run_trial`
    design: TrialDesign,
    *,
    cohort: Population | Sequence[Population],
    shown: Sequence[int],
    follow: FollowArm | None = None,
    seed: int = 1,
    patients: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Iterator[TrialResult]:
    """Run a virtual trial more and more often, and show it in between.

    Parameters
    ----------
    design : TrialDesign
        A design.
    cohort : Population or sequence of Population
        As `run_trial` takes it.
    shown : sequence of int
        Replicates after which it is summed up, ascending.
    follow, seed, patients
        As `run_trial` takes them.
    workers : int
        Threads, of which no result depends.
    progress : callable, optional
        Called with replicates done and those of the next result.

    Yields
    ------
    TrialResult
        What `run_trial` returns of so many replicates; none is run twice.

    Raises
    ------
    InputError
        As `run_trial` raises.
    """
    pools = _pools(cohort, None)
    for count in shown:
        _check(design, count, patients, workers)
    screened = _populations(
        pools,
        design=design,
        seed=seed,
        assumptions=assumptions(),
        patients=patients,
        follow=follow,
    )
    runs: list[Replicate] = []
    for count in shown:
        more = range(len(runs), count)
        # One replicate leaves the cores to the solver.
        threads = max(1, min(workers, len(more)))
        runs += _run_all(screened, more, threads, progress, None)
        yield _summed(screened.all(), runs, screened.told())


def _summed(
    recipes: Sequence[Recipe], runs: Sequence[Replicate], empty: Sequence[str]
) -> TrialResult:
    """Sum up replicates."""
    first = recipes[0]
    plan, seed, patients = first.design, first.seed, first.patients
    library, replicates = first.pool.parameters.library, len(runs)
    settings = [recipe.setting for recipe in recipes]
    sets = [number % len(settings) for number in range(len(runs))]
    decisions = [run.decisions for run in runs]
    reader = other_reader(plan)
    again = (reader.stratum,) if reader else ()
    named = (*again, *plan.groups, *plan.subgroups, *choice_names(plan))
    strata = dict.fromkeys(named)
    return TrialResult(
        trial=plan.id,
        seed=seed,
        replicates=replicates,
        model=source_digest(library),
        parameters=digest_of_sets([one.pool.parameters for one in recipes]),
        overall=stratum_result(plan, "", runs, sets),
        strata={name: stratum_result(plan, name, runs, sets) for name in strata},
        patients=pd.concat([run.patients for run in runs], ignore_index=True),
        responses=pd.concat([run.responses for run in runs], ignore_index=True),
        adverse_events=pd.concat(
            [run.adverse_events for run in runs], ignore_index=True
        ),
        harm=sum_up(plan, [run.harm for run in runs], library),
        engagement=arm_engagement(plan, recipes[0].population, settings[0].weighted),
        screening=_screening(plan, recipes[0].screening, settings[0]),
        published=_published(plan, library),
        looks=summarize_looks(plan, decisions),
        audit=_audit(plan, runs, settings, empty),
        verdict=summarize_tests(plan, decisions),
        readers=differences(plan, [run.readers for run in runs]),
        decisions=tuple(decisions),
        cautions=cautions(
            plan,
            [one.weighted.effective_size for one in settings],
            sum(arm.n for arm in plan.arms) if patients is None else patients,
            library,
        ),
    )
