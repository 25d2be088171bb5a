"""What a reader must know of the fit behind every number."""

from collections.abc import Iterator

from oestra.model.belonging import stale_fit
from oestra.model.fit import shipped_fit

__all__ = ["fit_remarks"]


def fit_remarks() -> Iterator[str]:
    """Yield why the parameters were not fitted to this model, if they were not.

    Yields
    ------
    str
        A sentence each, the gravest first.
    """
    stale, fit = stale_fit(), shipped_fit()
    if stale:
        yield f"Not calibrated: {stale}."
    if fit is not None and fit.interim:
        yield (
            "Interim: the fit went on from another after a change of the model; no "
            "prediction is registered from it."
        )
