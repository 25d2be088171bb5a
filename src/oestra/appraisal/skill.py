"""Skill: how far trials predicted from all others are from what was published.

Beside the model stand predictions that need none.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from oestra.calibration.discrepancy import discrepancy, with_discrepancy
from oestra.calibration.residual import published
from oestra.calibration.validate import REACH_90, LeftOut
from oestra.core.errors import InputError
from oestra.evidence.target_row import TargetRow
from oestra.trial.endpoint_kinds import KINDS, SCORED_KINDS
from oestra.trial.endpoints import find_endpoint

__all__ = [
    "baselines",
    "trial_classes",
    "validation_record",
    "validation_table",
    "weighted_error",
]

_KINDS: dict[str, str] = {kind: KINDS[kind].plural for kind in SCORED_KINDS}


@cache
def trial_classes() -> Mapping[str, str]:
    """Return the class of what was added to endocrine therapy, by id of the trial."""
    text = files("oestra.appraisal").joinpath("trial_classes.yaml").read_text("utf-8")
    known = YAML(typ="safe").load(text)
    return {trial: name for name, trials in known.items() for trial in trials}


def weighted_error(found: list[LeftOut]) -> float:
    """Return the mean absolute error, weighted by inverse sampling variance."""
    weight = np.array([1.0 / item.sampling**2 for item in found])
    error = np.array([abs(item.predicted - item.published) for item in found])
    return float(np.sum(weight * error) / np.sum(weight))


def baselines(rows: list[TargetRow]) -> dict[str, float]:
    """Return the weighted error of two predictions that need no model.

    Parameters
    ----------
    rows : list of TargetRow
        Hazard ratios of all trials.

    Returns
    -------
    dict of str to float
        ``"others"``: mean log hazard ratio of all other trials; ``"class"``: of the
        other trials of the same class.
    """
    known = [published(row) for row in rows]
    value = np.array([each.middle for each in known])
    weight = np.array([1.0 / each.error**2 for each in known])
    trial = np.array([row.trial for row in rows])
    group = trial_classes()
    kind = np.array([group.get(name, name) for name in trial])
    errors: dict[str, list[float]] = {"others": [], "class": []}
    for index in range(len(rows)):
        other = trial != trial[index]
        same = other & (kind == kind[index])
        for name, who in (("others", other), ("class", same if same.any() else other)):
            mean = float(np.average(value[who], weights=weight[who]))
            errors[name].append(abs(mean - value[index]))
    return {
        name: float(np.average(found, weights=weight)) for name, found in errors.items()
    }


def validation_table(found: Sequence[LeftOut]) -> pd.DataFrame:
    """Return predictions beside publications, misses first.

    Parameters
    ----------
    found : sequence of LeftOut
        The endpoints.

    Returns
    -------
    DataFrame
        In the units of publication: published value with its 95 % interval, predicted
        value with its central 90 %, error in standard errors, and whether the
        published value lies within.
    """
    rows = []
    for item in sorted(found, key=lambda one: -abs(one.z)):
        back = find_endpoint(item.row.endpoint).scale.back
        reach = REACH_90 * item.spread
        rows.append(
            {
                "id": item.row.id,
                "trial": item.row.trial,
                "kind": item.row.kind,
                "published": item.row.estimate,
                "published_low": item.row.low,
                "published_high": item.row.high,
                "predicted": float(back(item.predicted)),
                "predicted_low": float(back(item.predicted - reach)),
                "predicted_high": float(back(item.predicted + reach)),
                "z": item.z,
                "inside_90": item.covered,
            }
        )
    return pd.DataFrame(rows)


def _summary(found: Sequence[LeftOut]) -> dict[str, float]:
    z = np.array([item.z for item in found])
    return {
        "endpoints": len(found),
        "weighted_error": weighted_error(list(found)),
        "coverage_percent": 100.0 * float(np.mean([item.covered for item in found])),
        "root_mean_square_z": float(np.sqrt(np.mean(z**2))),
        "median_width": float(
            np.median([2 * REACH_90 * item.spread for item in found])
        ),
    }


def _corrected(found: Sequence[LeftOut]) -> dict[str, float]:
    """Return the summary of predictions corrected by the model's error."""
    learned = discrepancy(found)
    return {
        **_summary(with_discrepancy(found)),
        "mean": learned.mean,
        "kept": learned.kept,
        "sd": learned.sd,
    }


def validation_record(found: Sequence[LeftOut]) -> dict[str, Any]:
    """Return error and coverage by kind, baselines, and every endpoint.

    Parameters
    ----------
    found : sequence of LeftOut
        The endpoints; hazard ratios among them.

    Returns
    -------
    dict
        Ready for JSON. Errors and widths are of the logarithm, of rates of the logit.
        ``with_discrepancy`` holds the same where each trial is corrected by the error
        that the others show, and what all of them together teach of it.

    Raises
    ------
    InputError
        If no hazard ratio is among them.
    """
    of_kind = {
        kind: [item for item in found if item.row.kind == kind] for kind in _KINDS
    }
    if not of_kind["hazard_ratio"]:
        raise InputError("There is no hazard ratio among the endpoints to validate.")
    table = validation_table(found)
    return {
        **{
            label.replace(" ", "_"): {
                **_summary(of_kind[kind]),
                "with_discrepancy": _corrected(of_kind[kind]),
            }
            for kind, label in _KINDS.items()
            if of_kind[kind]
        },
        "baselines": baselines([item.row for item in of_kind["hazard_ratio"]]),
        "endpoints": table.to_dict("records"),
    }
