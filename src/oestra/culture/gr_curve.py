"""The curve through growth-rate inhibition by dose, and what is read from it.

GR metrics tell how far, how early and how steeply a drug acts [1]_: GRinf is where the
curve ends beyond the doses that were tried, GEC50 the dose half the way there, the Hill
coefficient how steep it is. The area over the curve asks for no fit at all.

References
----------
.. [1] Hafner M et al. (2016). Growth rate inhibition metrics correct for confounders in
   measuring sensitivity to cancer drugs. Nat Methods 13:521.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.culture.growth_inhibition import NO_GROWTH
from oestra.culture.hill import LEAST_DOSES, fit_hill

__all__ = ["GrCurve", "gr_area", "gr_curve"]

Array = NDArray[np.float64]
_LEAST_CHANGE = 0.02
"""Change of GR below which there is no curve to fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrCurve:
    """A sigmoid curve from GR 1, or why there is none.

    Parameters
    ----------
    gr_inf : float or None
        GR at which the curve ends.
    gec50 : float or None
        Dose, nM, half the way from 1 to there.
    steepness : float or None
        Hill coefficient.
    off : float or None
        Root mean square distance of the GR values from the curve.
    reason : str
        Why there is no curve; empty where there is one.
    """

    gr_inf: float | None = None
    gec50: float | None = None
    steepness: float | None = None
    off: float | None = None
    reason: str = ""

    def told(self, interval: str = "") -> str:
        """Write the curve, with an interval of GRinf, or why there is none."""
        if self.gr_inf is None:
            return f"GRinf not fitted: {self.reason}"
        return (
            f"GRinf {self.gr_inf:.3g}{interval}, GEC50 {self.gec50:.3g} nM, "
            f"Hill coefficient {self.steepness:.2g} "
            f"(values lie {self.off:.2g} from the curve)"
        )

    def to_json_dict(self) -> dict[str, Any]:
        """Return the curve as JSON can hold it."""
        return {
            "gr_inf": self.gr_inf,
            "gec50_nm": self.gec50,
            "hill_coefficient": self.steepness,
            "rms_distance": self.off,
            "reason": self.reason or None,
        }


def gr_curve(doses: Array, values: Array) -> GrCurve:
    """Fit a sigmoid curve to growth-rate inhibition.

    Parameters
    ----------
    doses : ndarray, shape (n,)
        Positive and ascending, nM.
    values : ndarray, shape (n,)
        GR at each.

    Returns
    -------
    GrCurve
        The curve of least squares that is 1 without the drug and ends at -1 at least.
    """
    if np.isnan(values).any():
        return GrCurve(reason=NO_GROWTH)
    if len(doses) < LEAST_DOSES:
        return GrCurve(reason=f"a curve needs {LEAST_DOSES} doses, got {len(doses)}")
    if np.ptp(np.append(1.0, values)) < _LEAST_CHANGE:
        return GrCurve(reason=f"GR changes by less than {_LEAST_CHANGE:g}")
    curve = fit_hill(doses, 1.0 - values)
    off = 1.0 - curve.at(doses) - values
    return GrCurve(
        gr_inf=1.0 - curve.end,
        gec50=curve.half,
        steepness=curve.steepness,
        off=float(np.sqrt(np.mean(off**2))),
    )


def gr_area(doses: Array, values: Array) -> float | None:
    """Return the area over the GR curve, by trapezoids over the logarithm of the dose.

    Parameters
    ----------
    doses : ndarray, shape (n,)
        Positive and ascending, nM.
    values : ndarray, shape (n,)
        GR at each.

    Returns
    -------
    float or None
        Mean of 1 - GR over the doses tried: 0 for no effect, 1 for no growth at any
        dose, 2 at most. None for one dose, or where GR has no value.
    """
    if len(doses) < 2 or np.isnan(values).any():
        return None
    logs = np.log10(doses)
    return float(np.trapezoid(1.0 - values, logs) / (logs[-1] - logs[0]))
