"""Splits by biomarker: which of two strata of a trial gains more, and by how much."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from oestra.calibration.validate import LeftOut

__all__ = ["split_record", "splits"]

_WHOLE = "ITT"
_CLEAR = 2.0
"""Standard errors beyond which a published difference is one."""


def splits(found: Sequence[LeftOut]) -> list[dict[str, Any]]:
    """Return each pair of strata of one arm, published and predicted.

    Parameters
    ----------
    found : sequence of LeftOut
        Left-out endpoints; hazard ratios of strata count.

    Returns
    -------
    list of dict
        ``trial``, ``arm``, the two strata ``one`` and ``other``, the ``published`` and
        ``predicted`` difference of their log hazard ratios, and the ``error`` of the
        published one, strata taken for independent.
    """
    ratios = [
        item
        for item in found
        if item.row.kind == "hazard_ratio" and item.row.stratum != _WHOLE
    ]
    return [
        {
            "trial": one.row.trial,
            "arm": one.row.arm,
            "one": one.row.stratum,
            "other": other.row.stratum,
            "published": one.published - other.published,
            "predicted": one.predicted - other.predicted,
            "error": float(np.hypot(one.sampling, other.sampling)),
        }
        for one, other in combinations(ratios, 2)
        if (one.row.trial, one.row.arm, one.row.of)
        == (other.row.trial, other.row.arm, other.row.of)
    ]


def split_record(found: Sequence[LeftOut]) -> dict[str, Any] | None:
    """Return how often the sign is right, and the slope; None without any split.

    Parameters
    ----------
    found : sequence of LeftOut
        Left-out endpoints.

    Returns
    -------
    dict or None
        ``count`` of splits; ``clear`` ones, published beyond two standard errors;
        ``sign_right`` among these; ``slope`` of published on predicted differences
        through zero, weighted by precision, None where nothing differs; ``pairs``.
    """
    pairs = splits(found)
    if not pairs:
        return None
    said = np.array([pair["predicted"] for pair in pairs])
    seen = np.array([pair["published"] for pair in pairs])
    weight = np.array([pair["error"] ** -2 for pair in pairs])
    clear = np.abs(seen) > _CLEAR / np.sqrt(weight)
    power = float(np.sum(weight * said**2))
    return {
        "count": len(pairs),
        "clear": int(clear.sum()),
        "sign_right": int((np.sign(said) == np.sign(seen))[clear].sum()),
        "slope": float(np.sum(weight * said * seen)) / power if power > 0 else None,
        "pairs": pairs,
    }
