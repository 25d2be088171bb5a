"""Running a trial many times and summing it up."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.course.cohort import Cohort, simulate_cohort
from oestra.course.parameters import best_parameters
from oestra.course.run import follow as treat
from oestra.evidence.load import published
from oestra.network.digest import source_digest
from oestra.trial.analyze import ArmEstimate, ContrastEstimate, endpoints_of
from oestra.trial.assumption import Assumptions, assumptions
from oestra.trial.case_mix import Weighted, weigh
from oestra.trial.conduct import FollowArm, Setting
from oestra.trial.design import TrialDesign
from oestra.trial.eligibility import Screening, screen
from oestra.trial.library import find_design
from oestra.trial.looks import summarize_looks
from oestra.trial.replicate import Replicate, run_replicate
from oestra.trial.result import (
    ArmResult,
    ContrastResult,
    StratumResult,
    TrialResult,
    summarize,
)

__all__ = ["Population", "run_trial"]

_POOL = 4000
"""Patients at risk whose histories are simulated where no cohort is given."""


class Population(Protocol):
    """The virtual population a trial recruits from."""

    @property
    def moments(self) -> pd.DataFrame:
        """Enrollment opportunities, one a row, with the columns of `moment`."""
        ...

    @property
    def parameters(self) -> ParameterSet:
        """Parameters its histories were simulated with."""
        ...


def _arm_result(
    design: TrialDesign, name: str, found: Sequence[ArmEstimate]
) -> ArmResult:
    return ArmResult(
        id=name,
        label=design.arm(name).label,
        n=int(np.median([arm.n for arm in found])),
        endpoints={
            key: summarize([arm.endpoints[key] for arm in found])
            for key in found[0].endpoints
        },
        landmarks={
            month: summarize([arm.landmarks[month] for arm in found])
            for month in found[0].landmarks
        },
    )


def _contrast_result(
    design: TrialDesign, index: int, endpoint: str, found: Sequence[ContrastEstimate]
) -> ContrastResult:
    contrast = design.contrasts[index]
    p = [c.p.number for c in found if c.p.number is not None]
    return ContrastResult(
        endpoint=endpoint,
        arm=contrast.arm,
        control=contrast.control,
        hazard_ratio=summarize([c.hazard_ratio for c in found]),
        p=summarize([c.p for c in found]),
        power=float(np.mean(np.array(p) < 0.05)) if p else None,
    )


def _stratum_result(
    design: TrialDesign, stratum: str, runs: Sequence[Replicate]
) -> StratumResult:
    arms = {
        name: _arm_result(design, name, [run.arms[stratum, name] for run in runs])
        for name in design.arm_ids
    }
    contrasts = tuple(
        _contrast_result(
            design,
            index,
            endpoint.value,
            [run.contrasts[stratum, index, endpoint.value] for run in runs],
        )
        for index in range(len(design.contrasts))
        for endpoint in endpoints_of(design)
    )
    present = {name: arm for name, arm in arms.items() if arm.n > 0 or not stratum}
    return StratumResult(
        arms=present,
        contrasts=tuple(
            c for c in contrasts if c.arm in present and c.control in present
        ),
    )


def _published(design: TrialDesign) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        row.model_dump(mode="json", exclude_none=True) for row in published(design.id)
    )


def _screening(
    design: TrialDesign, screening: Screening, effective_size: float
) -> dict[str, Any]:
    return {
        "screened": screening.screened,
        "eligible": int(screening.rows.size),
        "excluded": dict(screening.excluded),
        "randomized": sum(arm.n for arm in design.arms),
        "effective_sample_size": effective_size,
    }


def _audit(runs: Sequence[Replicate], weighted: Weighted) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(run.audit)
    return {
        **counts,
        "effective_sample_size": weighted.effective_size,
        "case_mix_warnings": list(weighted.warnings),
    }


@cache
def _default_cohort() -> Cohort:
    return simulate_cohort(_POOL, best_parameters())


def _treatment(cohort: Population) -> FollowArm:
    if isinstance(cohort, Cohort):
        return partial(treat, cohort)
    raise InputError("A population of another kind needs its own 'follow'.")


def _check(replicates: int, patients: int | None, design: TrialDesign) -> None:
    if replicates < 1:
        raise InputError(f"A trial needs at least 1 replicate, got {replicates}.")
    if patients is not None and patients < len(design.arms):
        raise InputError(
            f"{design.id} has {len(design.arms)} arms and needs at least as many "
            f"patients, got {patients}."
        )


def run_trial(  # noqa: PLR0913 - the front door names everything a user may choose
    design: TrialDesign | str | Path,
    *,
    cohort: Population | None = None,
    follow: FollowArm | None = None,
    seed: int = 1,
    replicates: int = 20,
    patients: int | None = None,
    workers: int = 1,
    between_trial_sd: float = 0.0,
    known: Assumptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> TrialResult:
    """Run a virtual trial.

    Parameters
    ----------
    design : TrialDesign or str or Path
        A design, the name of a trial of the library, or a file.
    cohort : Population, optional
        The population to recruit from; by default histories are simulated with the
        best parameters.
    follow : FollowArm, optional
        Treats patients and returns their courses; by default the model does.
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

    Returns
    -------
    TrialResult
        Estimates with predictive intervals, and every patient.

    Raises
    ------
    InputError
        If the trial is unknown, its file is wrong or nobody is eligible.
    """
    plan = design if isinstance(design, TrialDesign) else find_design(design)
    _check(replicates, patients, plan)
    pool = _default_cohort() if cohort is None else cohort
    moments = pool.moments
    screening = screen(plan, moments)
    weighted = weigh(plan, moments, screening.rows)
    setting = Setting(
        moments=moments,
        weighted=weighted,
        follow=follow or _treatment(pool),
        assumptions=known or assumptions(),
        between_trial_sd=between_trial_sd,
        patients=patients,
    )
    streams = Streams(seed).spawn("trial", plan.id)
    runs: list[Replicate] = []
    with ThreadPoolExecutor(max_workers=max(1, workers)) as threads:
        for run in threads.map(
            lambda number: run_replicate(plan, setting, streams, number),
            range(replicates),
        ):
            runs.append(run)
            if progress is not None:
                progress(len(runs), replicates)
    names = [name for name in dict.fromkeys((*plan.groups, *plan.subgroups)) if name]
    return TrialResult(
        trial=plan.id,
        seed=seed,
        replicates=replicates,
        model=source_digest(),
        parameters=pool.parameters.digest,
        overall=_stratum_result(plan, "", runs),
        strata={name: _stratum_result(plan, name, runs) for name in names},
        patients=pd.concat([run.patients for run in runs], ignore_index=True),
        responses=pd.concat([run.responses for run in runs], ignore_index=True),
        screening=_screening(plan, screening, weighted.effective_size),
        published=_published(plan),
        looks=summarize_looks(plan, [run.decisions for run in runs]),
        audit=_audit(runs, weighted),
    )
