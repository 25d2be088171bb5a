"""The grammar of culture media, drugs and pretreatments.

::

    condition = "none" | item { "+" item }
    item      = name number unit | serum number "%" | medium
    step      = condition "for" number ( "hours" | "days" | "weeks" | "months" )

An item is a hormone, a growth factor or a drug with its concentration in the medium:
``estradiol 1 nM + EGF 0 nM``, ``4-hydroxytamoxifen 100 nM``, ``trastuzumab 10 ug/mL``.
Zero means absent. A serum (``fetal bovine serum 10 %``) or a named medium (``growth
medium``) brings what its file says, to which what is named besides is added.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from oestra.core.errors import InputError, nearest, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.short_text import check_short
from oestra.core.units import DAYS_PER_MONTH, convert
from oestra.culture.mixed_medium import brought_by, find_mixed_medium, mixed_media
from oestra.culture.records import names_of
from oestra.culture.substance import Substance, find_substance, substances
from oestra.drugs.drug import Drug
from oestra.drugs.load import drugs as known_drugs
from oestra.drugs.load import find

__all__ = ["Condition", "Step", "condition_doubts", "parse_condition", "parse_length",
           "parse_level", "parse_step"]  # fmt: skip

_HIGHEST = 1e6
_LONGEST = 1000
_FAR_DRUG, _FAR_FACTOR = 1e5, 1e4
"""nM from which drugs and hormones are above what any culture was given on purpose."""
_MOLAR = ("M", "mM", "uM", "nM", "pM", "fM")
_MASS = ("g/L", "mg/L", "ug/L", "mg/mL", "ug/mL", "ng/mL", "pg/mL")
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": DAYS_PER_MONTH}
_ITEM = re.compile(
    r"(?P<name>.*?\S)\s+(?P<amount>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)"
    r"\s*(?P<unit>[^\s\d]\S*)",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"(?P<condition>.*\S)\s+for\s+(?P<length>\S+)\s*(?P<unit>[a-z]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is in a medium, nM.

    Parameters
    ----------
    substances : mapping of str to float
        Hormones and growth factors by id; those not named stay as they were.
    drugs : mapping of str to float
        Drugs by id; those not named are absent.
    """

    substances: Mapping[str, float] = field(default_factory=dict)
    drugs: Mapping[str, float] = field(default_factory=dict)

    def within(self, medium: Mapping[str, float]) -> "Condition":
        """Return this condition with the rest of a medium filled in."""
        return Condition(substances={**medium, **self.substances}, drugs=self.drugs)

    def __str__(self) -> str:
        """Write the condition as the grammar reads it."""
        items = {**self.substances, **self.drugs}.items()
        return " + ".join(f"{name} {level:.4g} nM" for name, level in items) or "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A condition that is held for a time.

    Parameters
    ----------
    condition : Condition
        What is in the medium.
    days : float
        How long.
    """

    condition: Condition
    days: float


def parse_condition(
    text: str, library: Library = SHIPPED, *, drugs: bool = True
) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        Such as ``"estradiol 1 nM + EGF 10 ng/mL"``.
    library : Library
        What may be named.
    drugs : bool
        Whether drugs may be named.

    Returns
    -------
    Condition
        Concentrations in nM.

    Raises
    ------
    InputError
        If a name, number or unit cannot be used; names the nearest.
    """
    levels: dict[str, float] = {}
    kinds: dict[str, Substance | Drug] = {}
    bases: dict[str, dict[str, float]] = {}
    check_short(text, "a medium or drugs", most=_LONGEST)
    plain = " ".join(text.split())
    if plain.casefold() == "none":
        return Condition()
    for part in re.split(r"\s+\+\s*|\s*\+\s+", plain):
        mixture = brought_by(part, text, library)
        if mixture is not None:
            if mixture[0] in bases:
                raise InputError(f"{mixture[0]} is given twice in {text!r}.")
            bases[mixture[0]] = mixture[1]
            continue
        what, level = _item(part, text, library)
        if what.id in levels:
            raise InputError(f"{what.id} is given twice in {text!r}.")
        if isinstance(what, Drug) and not drugs:
            raise InputError(
                f"{what.id} is a drug, not part of a medium; give it with the drugs "
                f"(in {text!r})."
            )
        levels[what.id], kinds[what.id] = level, what
    given = {n: v for n, v in levels.items() if isinstance(kinds[n], Substance)}
    return Condition(
        substances=_added(given, bases, text) if bases else given,
        drugs={n: v for n, v in levels.items() if isinstance(kinds[n], Drug)},
    )


def _added(
    given: Mapping[str, float], bases: Mapping[str, Mapping[str, float]], text: str
) -> dict[str, float]:
    """Add what is named to what sera and media bring."""
    total: dict[str, float] = {}
    for name, brought in bases.items():
        for substance, level in brought.items():
            if given.get(substance) == 0.0 and level > 0.0:
                raise InputError(
                    f"{name} brings {level:g} nM of {substance}, so that it cannot be "
                    f"absent in {text!r}; another is free of it, such as "
                    "'starvation medium'."
                )
            total[substance] = total.get(substance, 0.0) + level
    for substance, level in given.items():
        total[substance] = total.get(substance, 0.0) + level
    return total


def condition_doubts(condition: Condition) -> Iterator[str]:
    """Tell which concentrations are far above what cultures are given.

    Parameters
    ----------
    condition : Condition
        What is in a medium.

    Yields
    ------
    str
        A sentence for each, without a period.
    """
    for levels, far in (
        (condition.substances, _FAR_FACTOR),
        (condition.drugs, _FAR_DRUG),
    ):
        for name, level in levels.items():
            if level >= far:
                yield (
                    f"{name} {level:g} nM is above {far:g} nM, more than cultures are "
                    "given"
                )


def parse_step(text: str, library: Library = SHIPPED) -> Step:
    """Read a condition that is held for a time.

    Parameters
    ----------
    text : str
        Such as ``"estradiol 0 nM for 180 days"``.
    library : Library
        What may be named.

    Returns
    -------
    Step
        The condition and its days.

    Raises
    ------
    InputError
        As `parse_condition`, or if the length is missing or not positive.
    """
    check_short(text, "a pretreatment", most=_LONGEST)
    found = _STEP.fullmatch(" ".join(text.split()))
    if found is None:
        raise InputError(
            f"A pretreatment such as 'estradiol 0 nM for 180 days' is needed, got "
            f"{text!r}."
        )
    days = parse_length(f"{found['length']} {found['unit']}", text)
    return Step(condition=parse_condition(found["condition"], library), days=days)


def parse_length(length: str, text: str) -> float:
    """Read how long something is held.

    Parameters
    ----------
    length : str
        Such as ``"36 hours"``.
    text : str
        What it was written in, for errors.

    Returns
    -------
    float
        Days.

    Raises
    ------
    InputError
        If number or unit cannot be read, or the length is not above 0 and at most
        ten years.
    """
    found = re.fullmatch(r"(\S*?)\s*([a-z]+)", length, re.IGNORECASE)
    number, unit = (found[1], found[2]) if found else (length, "")
    plain = unit.casefold().removesuffix("s")
    if plain not in _DAYS:
        raise unknown_name("unit of time", unit, _DAYS, where=repr(text))
    try:
        days = float(number) * _DAYS[plain]
    except ValueError:
        days = 0.0
    if not 0 < days <= 3653:
        raise InputError(
            f"What is held lasts more than 0 and at most 3653 days, got {number} "
            f"{unit} in {text!r}."
        )
    return days


def parse_level(amount: float, unit: str, what: Substance | Drug, where: str) -> float:
    """Return a concentration in nM.

    Parameters
    ----------
    amount : float
        The number.
    unit : str
        Molar or mass per volume.
    what : Substance or Drug
        What it is the concentration of, for its molar mass.
    where : str
        The text it was written in.

    Returns
    -------
    float
        nM, at least 0 and below 1e6.

    Raises
    ------
    InputError
        If the unit is unknown or the concentration out of range.
    """
    known = {u.replace("u", "µ"): u for u in (*_MOLAR, *_MASS)}
    known |= {u.replace("u", "μ"): u for u in (*_MOLAR, *_MASS)}
    plain = {u.casefold() if "/" in u else u: u for u in (*_MOLAR, *_MASS)}
    unit = known.get(unit, unit)
    unit = plain.get(unit.casefold() if "/" in unit else unit, unit)
    if unit in _MASS:
        level = convert(amount, unit, "g/L") / what.molar_mass.value * 1e9
    elif unit in _MOLAR:
        level = convert(amount, unit, "nM")
    else:
        raise InputError(
            f"No unit of concentration {unit!r} in {where}; known are "
            f"{', '.join((*_MOLAR, *_MASS))}."
        )
    if not 0.0 <= level < _HIGHEST:
        raise InputError(
            f"A concentration lies from 0 to below {_HIGHEST:g} nM, got {amount:g} "
            f"{unit} of {what.id} in {where}."
        )
    return level


def find_item(name: str, where: str, library: Library = SHIPPED) -> Substance | Drug:
    """Find a substance or a drug by any of its names.

    Raises
    ------
    InputError
        If there is none; names the nearest of both.
    """
    substance = find_substance(name, library)
    if substance is not None:
        return substance
    try:
        return find(name, library)
    except InputError:
        known = names_of(substances(library))
        if serum := find_mixed_medium(name, library):
            raise InputError(
                f"{serum.id} is given in percent or as a whole, not as a concentration "
                f"(in {where})."
            ) from None
        known += names_of(mixed_media(library))
        known += names_of(known_drugs(library))
        hint = nearest(name, known)
        told = f"nearest is {hint!r}" if hint else "see the drugs of the library"
        raise InputError(
            f"No drug, hormone or growth factor {name!r} in {where}; {told}."
        ) from None


def _item(part: str, text: str, library: Library) -> tuple[Substance | Drug, float]:
    found = _ITEM.fullmatch(part.strip())
    if found is None:
        hint = nearest(part, names_of(mixed_media(library)))
        told = f"; the nearest medium is {hint!r}" if hint else ""
        raise InputError(
            f"Cannot read {part!r} in {text!r}; a name, a number and a unit are "
            f"needed, as in 'estradiol 1 nM + EGF 0 nM'{told}."
        )
    what = find_item(found["name"], repr(text), library)
    amount = float(found["amount"])
    return what, parse_level(amount, found["unit"], what, repr(text))
