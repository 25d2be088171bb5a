"""What a reader must know of the fit behind every number of the page."""

from oestra.model.belonging import stale_fit
from oestra.model.fit import shipped_fit

__all__ = ["fit_remark"]


def fit_remark() -> str:
    """Say why the parameters were not fitted to this model, if they were not."""
    stale, fit = stale_fit(), shipped_fit()
    if stale:
        return f"Not calibrated: {stale}."
    if fit is not None and fit.interim:
        return (
            "Interim: the fit went on from another after a change of the model; no "
            "prediction is registered from it."
        )
    return ""
