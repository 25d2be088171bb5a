"""Predictions that need no model: what a model must be better than."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.residual import published
from oestra.core.read_yaml import read_yaml
from oestra.evidence.target_row import TargetRow

__all__ = ["ALWAYS", "RULES", "rule_errors", "trial_classes"]

ALWAYS = 0.75
"""A hazard ratio said of every trial."""
RULES: Mapping[str, str] = {
    "others": "mean of the other trials",
    "class": "mean of the same class",
    "always": f"always {ALWAYS}",
}
"""Each rule in words."""


@cache
def trial_classes() -> Mapping[str, str]:
    """Return the class of what was added to endocrine therapy, by id of the trial."""
    text = files("oestra.appraisal").joinpath("trial_classes.yaml").read_text("utf-8")
    known = read_yaml(text)
    return {trial: name for name, trials in known.items() for trial in trials}


def rule_errors(
    rows: Sequence[TargetRow], *, without_class: bool = False
) -> dict[str, NDArray[np.float64]]:
    """Return how far off each rule is, of endpoints of one kind.

    Parameters
    ----------
    rows : sequence of TargetRow, length m
        Endpoints of one kind.
    without_class : bool
        Whether nothing is known of a trial's class either.

    Returns
    -------
    dict of str to ndarray, shape (m,)
        Absolute errors on the scale of the endpoint. ``"others"``: the mean of the
        other trials, or of those of other classes; ``"class"``: that of the other
        trials of the class, or of all where it has none, unless classes are left out;
        ``"always"``: `ALWAYS`, of hazard ratios alone.
    """
    known = [published(row) for row in rows]
    value = np.array([each.middle for each in known])
    weight = np.array([1.0 / each.error**2 for each in known])
    trial = np.array([row.trial for row in rows])
    group = trial_classes()
    kind = np.array([group.get(name, name) for name in trial])

    def off(who: NDArray[np.bool_], index: int) -> float:
        if not who.any():
            return abs(float(value[index]))
        return abs(float(np.average(value[who], weights=weight[who]) - value[index]))

    found: dict[str, list[float]] = {"others": []}
    if not without_class:
        found["class"] = []
    for index in range(len(rows)):
        own = kind == kind[index] if without_class else trial == trial[index]
        found["others"].append(off(~own, index))
        if not without_class:
            same = ~own & (kind == kind[index])
            found["class"].append(off(same if same.any() else ~own, index))
    errors = {name: np.array(each) for name, each in found.items()}
    if all(row.kind == "hazard_ratio" for row in rows):
        errors["always"] = np.abs(np.log(ALWAYS) - value)
    return errors
