"""Orders of therapies, as they are written: names or regimens with ``>`` between."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oestra.appraisal.candidate import candidates_for
from oestra.core.errors import InputError, shown, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.name import plain_name
from oestra.drugs.drug import DrugClass
from oestra.drugs.regimen import Regimen
from oestra.history.therapies import practice

__all__ = ["CHEMOTHERAPY", "MOST_LINES", "MOST_ORDERS", "Line", "Order", "read_orders"]

CHEMOTHERAPY = "chemotherapy"
"""The word for what practice gives as chemotherapy."""
MOST_LINES = 8
"""Lines of an order."""
MOST_ORDERS = 8
"""Orders that are compared at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of therapy.

    Parameters
    ----------
    name : str
        As it was written, or the name by which it is known.
    regimen : str
        Drugs, doses and days.
    chemotherapy : bool
        Whether a drug of it is one.
    """

    name: str
    regimen: str
    chemotherapy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Therapies that follow each other.

    Parameters
    ----------
    lines : tuple of Line
        The first that is taken first.
    """

    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """The names of its lines."""
        return " > ".join(line.name for line in self.lines)

    @property
    def regimens(self) -> tuple[str, ...]:
        """What is taken, line by line."""
        return tuple(line.regimen for line in self.lines)

    @property
    def first_chemotherapy(self) -> int | None:
        """Place of the first chemotherapy, from 0; None where there is none."""
        given = [k for k, line in enumerate(self.lines) if line.chemotherapy]
        return given[0] if given else None

    def shared_with(self, other: "Order") -> int:
        """Return how many lines two orders have in common before they part."""
        count = 0
        for mine, its in zip(self.regimens, other.regimens, strict=False):
            if mine != its:
                break
            count += 1
        return count


def read_orders(
    texts: Sequence[str], *, her2_positive: bool = False, library: Library = SHIPPED
) -> tuple[Order, ...]:
    """Read orders of therapies.

    Parameters
    ----------
    texts : sequence of str
        Such as ``"fulvestrant > exemestane + everolimus > chemotherapy"``. A line is a
        regimen that `oestra choose` offers, a therapy of practice, ``chemotherapy``, or
        drugs with doses and days.
    her2_positive : bool
        Whether practice gives trastuzumab with its chemotherapy.
    library : Library
        Whose drugs and practice they are of.

    Returns
    -------
    tuple of Order
        In the order given.

    Raises
    ------
    InputError
        If there are none, too many or two alike; if an order has no line, an empty one
        or too many; if a line is not known.
    """
    if not 1 <= len(texts) <= MOST_ORDERS:
        raise InputError(
            f"From 1 to {MOST_ORDERS} orders can be compared, got {len(texts)}."
        )
    names = _names(library, her2_positive=her2_positive)
    orders = tuple(_order(text, names, library) for text in texts)
    seen = [order.regimens for order in orders]
    for number, order in enumerate(orders):
        if order.regimens in seen[:number]:
            raise InputError(f"The order {shown(order.name)} is given twice.")
    return orders


def _names(library: Library, *, her2_positive: bool) -> Mapping[str, str]:
    """Return regimens by the names that people may write."""
    known = practice(library)
    given = {
        name: str(regimen)
        for name, regimen in zip(known.names, known.regimens, strict=True)
        if regimen.components
    }
    given[CHEMOTHERAPY] = str(known.chemotherapy[int(her2_positive)])
    # Where a name means two doses, that of today comes before practice's.
    for positive in (False, True):
        for one in candidates_for(her2_positive=positive, library=library):
            given[one.id] = one.regimen
    return given


def _order(text: str, names: Mapping[str, str], library: Library) -> Order:
    parts = [" ".join(part.split()) for part in text.split(">")]
    if not any(parts):
        raise InputError(
            f"The order {shown(text)} is empty; such as "
            "'fulvestrant > exemestane + everolimus > chemotherapy'."
        )
    if not all(parts):
        place = parts.index("") + 1
        raise InputError(
            f"Line {place} of the order {shown(text)} is empty; one '>' stands between "
            "two therapies."
        )
    if len(parts) > MOST_LINES:
        raise InputError(
            f"An order has at most {MOST_LINES} lines, got {len(parts)} in "
            f"{shown(text)}."
        )
    return Order(lines=tuple(_line(part, text, names, library) for part in parts))


def _line(part: str, text: str, names: Mapping[str, str], library: Library) -> Line:
    plain = {plain_name(name): name for name in names}
    name = plain.get(plain_name(part))
    if name is None and not re.search(r"\d", part):
        raise unknown_name("therapy", part, names, where=f"the order {shown(text)}")
    regimen = Regimen.parse(part if name is None else names[name], library)
    return Line(
        name=name or part,
        regimen=str(regimen),
        chemotherapy=_has_chemotherapy(regimen, library),
    )


def _has_chemotherapy(regimen: Regimen, library: Library) -> bool:
    """Tell whether a regimen holds a taxane or what practice gives to everybody."""
    toxic = practice(library).chemotherapy[0].drugs
    return any(
        one.drug.id in toxic or one.drug.drug_class is DrugClass.TAXANE
        for one in regimen.components
    )
