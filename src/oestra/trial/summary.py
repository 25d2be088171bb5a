"""Summing up replicates: arms, comparisons and strata over all of them."""

from collections.abc import Sequence

import numpy as np

from oestra.survival.proportion import Proportion, clopper_pearson
from oestra.trial.analyze import ArmEstimate, ContrastEstimate
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import ENDPOINTS, HAZARD_RATIO, LANDMARK
from oestra.trial.estimate import summarize
from oestra.trial.hypotheses import hypotheses
from oestra.trial.replicate import Replicate
from oestra.trial.restricted_means import summarize_means
from oestra.trial.result import ArmResult, ContrastResult, StratumResult

__all__ = ["stratum_result"]


def _arm_result(
    design: TrialDesign, name: str, found: Sequence[ArmEstimate], sets: Sequence[int]
) -> ArmResult:
    return ArmResult(
        id=name,
        label=design.arm(name).label,
        n=int(np.median([arm.n for arm in found])),
        endpoints={
            key: summarize(
                [arm.endpoints[key] for arm in found],
                scale=ENDPOINTS[key].scale,
                sets=sets,
            )
            for key in found[0].endpoints
        },
        landmarks={
            month: summarize(
                [arm.landmarks[month] for arm in found], scale=LANDMARK.scale, sets=sets
            )
            for month in found[0].landmarks
        },
        restricted_means=summarize_means(
            [arm.restricted_means for arm in found], design.analysis, sets
        ),
    )


def _is_first(design: TrialDesign, key: tuple[str, int, str]) -> bool:
    """Tell whether a comparison is what the trial tests first."""
    stratum, index, endpoint = key
    contrast = design.contrasts[index]
    first = hypotheses(design)[0]
    asked = (first.among, first.arm, first.control, first.endpoint.value)
    return asked == (stratum, contrast.arm, contrast.control, endpoint)


def _won(
    design: TrialDesign, key: tuple[str, int, str], runs: Sequence[Replicate]
) -> Proportion | None:
    """Return the share of replicates that the arm wins, None where none could be."""
    if _is_first(design, key):
        return clopper_pearson(sum(run.won for run in runs), len(runs))
    found = [run.contrasts[key] for run in runs]
    if all(one.p.number is None for one in found):
        return None
    most = design.analysis.alpha * (2 if design.analysis.sided == 1 else 1)
    won = [
        one.p.number is not None and one.p.number <= most and (one.z or 0.0) > 0
        for one in found
    ]
    return clopper_pearson(sum(won), len(found))


def _contrast_result(
    design: TrialDesign,
    key: tuple[str, int, str],
    runs: Sequence[Replicate],
    sets: Sequence[int],
) -> ContrastResult:
    _, index, endpoint = key
    contrast = design.contrasts[index]
    found: list[ContrastEstimate] = [run.contrasts[key] for run in runs]
    interactions = [c.interaction_p for c in found if c.interaction_p is not None]
    return ContrastResult(
        endpoint=endpoint,
        arm=contrast.arm,
        control=contrast.control,
        hazard_ratio=summarize(
            [c.hazard_ratio for c in found], scale=HAZARD_RATIO.scale, sets=sets
        ),
        p=summarize([c.p for c in found]),
        won=_won(design, key, runs),
        interaction_p=summarize(interactions) if interactions else None,
        restricted_means=summarize_means(
            [c.restricted_means for c in found], design.analysis, sets, apart=True
        ),
    )


def stratum_result(
    design: TrialDesign, stratum: str, runs: Sequence[Replicate], sets: Sequence[int]
) -> StratumResult:
    """Sum up one stratum.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    stratum : str
        Name of a group or subgroup, empty for the whole trial.
    runs : sequence of Replicate
        All replicates.
    sets : sequence of int
        Number of the parameter set of each.

    Returns
    -------
    StratumResult
        Arms with patients, and comparisons between them.
    """
    arms = {
        name: _arm_result(design, name, [run.arms[stratum, name] for run in runs], sets)
        for name in design.arm_ids
    }
    contrasts = tuple(
        _contrast_result(design, (stratum, index, endpoint.value), runs, sets)
        for index in range(len(design.contrasts))
        for endpoint in design.endpoints
    )
    present = {name: arm for name, arm in arms.items() if arm.n > 0 or not stratum}
    return StratumResult(
        arms=present,
        contrasts=tuple(
            c for c in contrasts if c.arm in present and c.control in present
        ),
        reason="" if present else "no patients",
    )
