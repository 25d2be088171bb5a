"""Numbers that may be none: JSON holds no infinity."""

import math

__all__ = ["finite"]


def finite(value: float | None) -> float | None:
    """Return a number, None for one that is infinite or no number.

    Examples
    --------
    >>> finite(2.5), finite(float("inf"))
    (2.5, None)
    """
    return None if value is None or not math.isfinite(value) else float(value)
