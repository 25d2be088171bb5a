"""Skill: how far trials predicted from all others are from what was published.

Beside the model stand predictions that need none.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.appraisal.paired import (
    paired_difference,
    resampled_trials,
    weighted_mean,
)
from oestra.appraisal.rules import rule_errors
from oestra.appraisal.splits import split_record
from oestra.calibration.discrepancy import discrepancy, with_discrepancy
from oestra.calibration.refit import Refitted
from oestra.calibration.validate import REACH_90, LeftOut
from oestra.core.errors import InputError
from oestra.trial.endpoint_kinds import KINDS, SCORED_KINDS
from oestra.trial.endpoints import find_endpoint

__all__ = [
    "SCORED",
    "against_rules",
    "validation_record",
    "validation_table",
    "weighted_error",
]

Array = NDArray[np.float64]
_ABSOLUTE = float(np.sqrt(2.0 / np.pi))
"""Mean absolute error of a normal number, in standard errors."""
_KINDS: dict[str, str] = {kind: KINDS[kind].plural for kind in SCORED_KINDS}
SCORED: Mapping[str, str] = {
    label.replace(" ", "_"): label for label in _KINDS.values()
}
"""Keys of a validation record that hold a kind of endpoint, and its name."""


def _errors(found: Sequence[LeftOut]) -> tuple[Array, Array]:
    """Return absolute errors and the precisions that weigh them."""
    error = np.array([abs(item.predicted - item.published) for item in found])
    return error, np.array([item.sampling**-2 for item in found])


def weighted_error(found: Sequence[LeftOut]) -> float:
    """Return the mean absolute error, weighted by inverse sampling variance."""
    return float(weighted_mean(*_errors(found)))


def against_rules(
    found: Sequence[LeftOut], *, without_class: bool = False
) -> dict[str, dict[str, float]]:
    """Return the errors of predictions that need no model, and what the model gains.

    Parameters
    ----------
    found : sequence of LeftOut
        Endpoints of one kind, of all trials.
    without_class : bool
        Whether the trials of a class were left out together.

    Returns
    -------
    dict of str to dict
        By name of the rule, as of `oestra.appraisal.rules`: ``weighted_error``; the
        model's less the rule's, ``difference``, with its 95 % interval when trials are
        drawn anew, ``low`` and ``high``.
    """
    error, weight = _errors(found)
    trials = [item.row.trial for item in found]
    rules = rule_errors([item.row for item in found], without_class=without_class)
    told = {}
    for name, rule in rules.items():
        difference, low, high = paired_difference(error, rule, weight, trials)
        told[name] = {
            "weighted_error": float(weighted_mean(rule, weight)),
            "difference": difference,
            "low": low,
            "high": high,
        }
    return told


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
    error, weight = _errors(found)
    times = resampled_trials([item.row.trial for item in found])
    low, high = np.quantile(weighted_mean(error, weight, times), [0.025, 0.975])
    beyond = float(weighted_mean(error**2 - 1.0 / weight, weight))
    return {
        "endpoints": len(found),
        "weighted_error": float(weighted_mean(error, weight)),
        "low": float(low),
        "high": float(high),
        "noise": float(weighted_mean(_ABSOLUTE / np.sqrt(weight), weight)),
        "excess": float(np.sqrt(max(beyond, 0.0))),
        "coverage_percent": 100.0 * float(np.mean([item.covered for item in found])),
        "root_mean_square_z": float(np.sqrt(np.mean(z**2))),
        "median_width": float(
            np.median([2 * REACH_90 * item.spread for item in found])
        ),
    }


def _scored(found: Sequence[LeftOut], *, without_class: bool) -> dict[str, Any]:
    rules = against_rules(found, without_class=without_class)
    return {**_summary(found), "rules": rules}


def _corrected(found: Sequence[LeftOut], *, without_class: bool) -> dict[str, Any]:
    """Return the summary of predictions corrected by the model's error."""
    learned = discrepancy(found)
    return {
        **_scored(with_discrepancy(found), without_class=without_class),
        "mean": learned.mean,
        "kept": learned.kept,
        "sd": learned.sd,
    }


def validation_record(
    found: Sequence[LeftOut],
    *,
    without_class: bool = False,
    refitted: Sequence[Refitted] = (),
) -> dict[str, Any]:
    """Return error and coverage by kind, rules without a model, and every endpoint.

    Parameters
    ----------
    found : sequence of LeftOut
        The endpoints; hazard ratios among them.
    without_class : bool
        Whether the trials of a class were left out together.
    refitted : sequence of Refitted
        Trials that a fit in steps predicts too.

    Returns
    -------
    dict
        Ready for JSON. Errors and widths are of the logarithm, of rates of the logit.
        ``low`` and ``high`` are the 95 % interval of the weighted error when trials are
        drawn anew, ``noise`` what it would be for a model without error, ``excess``
        the root mean square of the model's own error. ``rules`` holds predictions that
        need no model. ``with_discrepancy`` holds the same where each trial is corrected
        by the error that the others show, and what all of them together teach of it.
        ``splits`` are pairs of strata, with and without that correction. ``refitted``
        holds each endpoint that a fit in steps predicted too, in both ways.

    Raises
    ------
    InputError
        If no hazard ratio is among them.
    """
    of_kind = {
        kind: [item for item in found if item.row.kind == kind] for kind in _KINDS
    }
    ratios = of_kind["hazard_ratio"]
    if not ratios:
        raise InputError("There is no hazard ratio among the endpoints to validate.")
    table = validation_table(found)
    return {
        **{
            key: {
                **_scored(some, without_class=without_class),
                "with_discrepancy": _corrected(some, without_class=without_class),
            }
            for key, some in zip(SCORED, of_kind.values(), strict=True)
            if some
        },
        "splits": {
            "mechanism": split_record(ratios),
            "with_discrepancy": split_record(with_discrepancy(ratios)),
        },
        "endpoints": table.to_dict("records"),
        "refitted": [
            _both_ways(once, again)
            for one in refitted
            for once, again in zip(one.one_step, one.in_steps, strict=True)
        ],
    }


def _both_ways(once: LeftOut, again: LeftOut) -> dict[str, Any]:
    """Return an endpoint as one step and as a fit in steps predict it."""
    back = find_endpoint(once.row.endpoint).scale.back
    return {
        "id": once.row.id,
        "trial": once.row.trial,
        "kind": once.row.kind,
        "published": once.row.estimate,
        "one_step": float(back(once.predicted)),
        "in_steps": float(back(again.predicted)),
        "one_step_z": once.z,
        "in_steps_z": again.z,
    }
