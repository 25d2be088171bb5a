"""Summing up replicates: arms, comparisons and strata over all of them."""

from collections.abc import Sequence

import numpy as np

from oestra.trial.analyze import ArmEstimate, ContrastEstimate
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import ENDPOINTS, HAZARD_RATIO
from oestra.trial.replicate import Replicate
from oestra.trial.result import (
    ArmResult,
    ContrastResult,
    StratumResult,
    summarize,
)

__all__ = ["stratum_result"]


def _arm_result(
    design: TrialDesign, name: str, found: Sequence[ArmEstimate]
) -> ArmResult:
    return ArmResult(
        id=name,
        label=design.arm(name).label,
        n=int(np.median([arm.n for arm in found])),
        endpoints={
            key: summarize(
                [arm.endpoints[key] for arm in found],
                lumpy=ENDPOINTS[key].lumpy,
            )
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
    won = [
        c.p.number < 0.05 and HAZARD_RATIO.better(c.hazard_ratio.number, 1.0)
        for c in found
        if c.p.number is not None and c.hazard_ratio.number is not None
    ]
    interactions = [c.interaction_p for c in found if c.interaction_p is not None]
    return ContrastResult(
        endpoint=endpoint,
        arm=contrast.arm,
        control=contrast.control,
        hazard_ratio=summarize([c.hazard_ratio for c in found]),
        p=summarize([c.p for c in found]),
        power=sum(won) / len(found) if won else None,
        interaction_p=summarize(interactions) if interactions else None,
    )


def stratum_result(
    design: TrialDesign, stratum: str, runs: Sequence[Replicate]
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

    Returns
    -------
    StratumResult
        Arms with patients, and comparisons between them.
    """
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
