"""The grammar of dose series.

::

    series = name doses unit
    doses  = number ".." number [ "in" whole number ] | number { "," number }
    matrix = series "x" series

``everolimus 0.1..100 nM`` is four doses a decade, evenly in the logarithm;
``everolimus 0.1..100 in 7 nM`` seven; ``everolimus 1, 5, 20 nM`` just these.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, shown
from oestra.core.library import SHIPPED, Library
from oestra.core.short_text import check_short
from oestra.culture.medium import Condition, find_item, parse_level
from oestra.culture.schedule import Schedule
from oestra.drugs.drug import Drug

__all__ = ["DoseSeries", "dose_series", "parse_matrix", "parse_series"]

Array = NDArray[np.float64]
_PER_DECADE = 4
_MOST = 200
_MOST_PAIRS = 10_000
_LONGEST = 1000
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_SERIES = re.compile(
    rf"(?P<name>.*?\S)\s+(?P<doses>{_NUMBER}\s*\.\.\s*{_NUMBER}(?:\s+in\s+\d+)?"
    rf"|{_NUMBER}(?:\s*,\s*{_NUMBER})*)\s*(?P<unit>[^\s\d,.]\S*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseSeries:
    """Ascending concentrations of one drug, hormone or growth factor.

    Parameters
    ----------
    name : str
        Its id.
    is_drug : bool
        Whether it is a drug.
    doses : ndarray, shape (n,)
        Concentrations, nM, ascending and positive.
    """

    name: str
    is_drug: bool
    doses: Array

    def condition(self, dose: float, background: Condition) -> Condition:
        """Return a background with one dose added to it.

        A dose of a hormone or growth factor replaces that of the medium.
        """
        substances, drugs = dict(background.substances), dict(background.drugs)
        if self.is_drug:
            drugs[self.name] = drugs.get(self.name, 0.0) + dose
        else:
            substances[self.name] = substances.get(self.name, 0.0) + dose
        return Condition(substances=substances, drugs=drugs)

    def during(self, dose: float, background: Schedule) -> Schedule:
        """Return a background over time with one dose added all the time."""
        return background.each(lambda one: self.condition(dose, one))


def dose_series(
    name: str, doses: Array | list[float], library: Library = SHIPPED
) -> DoseSeries:
    """Return a series from concentrations in nM.

    Parameters
    ----------
    name : str
        Any name of a drug, hormone or growth factor.
    doses : array_like, shape (n,)
        Concentrations, nM; a zero is left out, as it is always run.

    Returns
    -------
    DoseSeries
        Sorted, each dose once.

    Raises
    ------
    InputError
        If the name is unknown, a dose out of range, or none is left.
    """
    what = find_item(name, "a dose series", library)
    levels = [parse_level(float(d), "nM", what, "a dose series") for d in doses]
    kept = np.unique([level for level in levels if level > 0])
    if not 1 <= len(kept) <= _MOST:
        raise InputError(
            f"A dose series has 1 to {_MOST} doses above 0, got {len(kept)} of "
            f"{what.id}."
        )
    return DoseSeries(name=what.id, is_drug=isinstance(what, Drug), doses=kept)


def parse_series(text: str, library: Library = SHIPPED) -> DoseSeries:
    """Read a dose series.

    Parameters
    ----------
    text : str
        Such as ``"everolimus 0.1..100 nM"``.

    Returns
    -------
    DoseSeries
        The doses.

    Raises
    ------
    InputError
        If it cannot be read, or as `dose_series`.
    """
    check_short(text, "a dose series", most=_LONGEST)
    found = _SERIES.fullmatch(" ".join(text.split()))
    if found is None:
        raise InputError(
            f"Cannot read the dose series {text!r}; write 'everolimus 0.1..100 nM' or "
            "'everolimus 1, 5, 20 nM'."
        )
    what = find_item(found["name"], repr(text), library)
    written = re.split(r"\s*(?:\.\.|,)\s*", found["doses"].split(" in ")[0])
    numbers = [float(number) for number in written]
    levels = [parse_level(n, found["unit"], what, repr(text)) for n in numbers]
    if ".." in found["doses"]:
        levels = _spread(levels, found["doses"], text)
    return dose_series(what.id, levels, library)


def _spread(levels: list[float], doses: str, text: str) -> list[float]:
    low, high = levels
    if not 0 < low < high:
        raise InputError(
            f"A dose range rises from above 0, got {doses!r} in {text!r}; the culture "
            "without the drug is always run."
        )
    told = re.search(r"in\s+(\d+)", doses)
    count = max(round(_PER_DECADE * np.log10(high / low)) + 1, 5)
    if told:
        # Of a number of many digits some are enough to see that it is too large.
        count = int(told[1][:9])
    if not 2 <= count <= _MOST:
        raise InputError(
            f"A dose range is run at 2 to {_MOST} doses, got {shown(doses)} in "
            f"{text!r}."
        )
    return np.geomspace(low, high, count).tolist()


def parse_matrix(
    text: str, library: Library = SHIPPED
) -> tuple[DoseSeries, DoseSeries]:
    """Read two dose series that are to be combined.

    Parameters
    ----------
    text : str
        Such as ``"letrozole 1..1000 nM x everolimus 0.1..10 nM"``.

    Returns
    -------
    tuple of DoseSeries
        The two.

    Raises
    ------
    InputError
        If there are not two, or one cannot be read.
    """
    check_short(text, "two dose series", most=_LONGEST)
    parts = re.split(r"\s+[x\u00d7]\s+", text.strip(), flags=re.IGNORECASE)
    if len(parts) != 2:
        raise InputError(
            f"Two dose series joined by 'x' are needed, as in 'letrozole 1..1000 nM x "
            f"everolimus 0.1..10 nM', got {text!r}."
        )
    first, second = (parse_series(part, library) for part in parts)
    if first.doses.size * second.doses.size > _MOST_PAIRS:
        raise InputError(
            f"At most {_MOST_PAIRS:,} pairs of doses are run, got {first.doses.size} x "
            f"{second.doses.size} in {text!r}."
        )
    return first, second
