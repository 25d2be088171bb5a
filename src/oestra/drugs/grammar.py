"""The grammar of regimens: how a line of text becomes components and phases.

::

    regimen   = "none" | "no treatment" | component { "+" component }
    component = drug dose schedule { "then" [ dose ] schedule } | "placebo"
    dose      = number ( "mg" | "ug" | "g" | "mg/kg" | "mg/m2" )
    schedule  = "on days" day { "," day }
              | interval [ "for" bout ] [ "for" end ]
    bout      = length "every" length | whole number "of" length
    end       = length | whole number ( "months" | "cycles" )
    interval  = "daily" | "twice daily" | "weekly" | "every" length
    length    = whole number ( "days" | "weeks" )

A first dose followed by ``then`` without a schedule is given once, on day 1. A phase
that says no dose keeps the one before. Days are those of the regimen, from day 1. A
month is a twelfth of a year, rounded up to whole days in all; a cycle is that of the
bout, or the interval of a week or more between doses.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from oestra.core.errors import InputError, nearest, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.short_text import check_short
from oestra.core.units import DAYS_PER_MONTH
from oestra.drugs.component import Component
from oestra.drugs.dose import Dose, DoseUnit
from oestra.drugs.drug import Drug
from oestra.drugs.load import find
from oestra.drugs.phase import DAILY, TWICE_DAILY, WEEKLY, Phase

__all__ = ["parse_components"]

_LONGEST_TEXT, _MOST_PHASES, _MOST_DAYS = 1000, 20, 100
_LONGEST_DAYS, _LONGEST_INTERVAL = 3653, 366
"""Ten years of treatment; a dose a year."""
_SMALLEST, _LARGEST = 1e-6, 2e6
"""mg: a nanogram and two kilograms, beyond which nothing is given to anybody."""

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_GLUED = re.compile(
    rf"(?P<amount>{_NUMBER.pattern})(?P<unit>[a-zµ\u03bc][\w/²]*)", re.IGNORECASE
)
_UNITS = {
    **{unit.value: unit for unit in DoseUnit},
    "mcg": DoseUnit.MICROGRAM,
    # Words are compared without case, and that of the micro sign is the Greek letter.
    "µg".casefold(): DoseUnit.MICROGRAM,
    "mg/m²": DoseUnit.PER_SURFACE,
    "mg/m^2": DoseUnit.PER_SURFACE,
}
_ENDS = ("month", "months", "cycle", "cycles")
_LENGTHS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_FORMS = (
    "'daily', 'twice daily', 'weekly', 'every 28 days', 'on days 1, 15', "
    "'daily for 5 days every 14 days', 'daily for 21 of 28 days'"
)


_ADVICE = {
    ",": "drugs are joined by '+', and commas stand between days",
    "and": "drugs are joined by '+'",
    "with": "drugs are joined by '+'",
    **dict.fromkeys(
        ("month", "months", "year", "years"),
        "intervals are in days or weeks, and the time after 'for' is in days, weeks, "
        "months or cycles",
    ),
    "monthly": "write 'every 28 days' or 'every 30 days'",
}


def parse_components(text: str, library: Library = SHIPPED) -> tuple[Component, ...]:
    """Read the components of a regimen.

    Parameters
    ----------
    text : str
        The regimen, such as ``"exemestane 25 mg daily + everolimus 10 mg daily"``.
    library : Library
        Whose drugs may be given.

    Returns
    -------
    tuple of Component
        In the order written; empty for no treatment.

    Raises
    ------
    InputError
        If a word cannot be read; the message names it and the nearest valid form.
    """
    check_short(text, "a regimen", most=_LONGEST_TEXT)
    plain = " ".join(text.split()).casefold()
    if plain in ("none", "no treatment"):
        return ()
    if not plain:
        raise InputError("A regimen is empty; write 'none' for no treatment.")
    parts = [
        part.strip() for part in re.split(r"\s*\+(?!\d)\s*", " ".join(text.split()))
    ]
    if not all(parts):
        raise InputError(f"A drug is missing beside '+' in {text!r}.")
    given = [part for part in parts if part.casefold() != "placebo"]
    read = [_Reader(part, library).component() for part in given]
    names = [component.drug.id for component in read]
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"{name} is given twice in {text!r}; join its doses with 'then'."
            )
    return tuple(read)


@dataclass(slots=True)
class _Reader:
    """Reads one component, word by word."""

    text: str
    library: Library
    words: list[str] = field(init=False)
    at: int = 0

    def __post_init__(self) -> None:
        name, *rest = self.text.split(" ")
        self.words = [name]
        for word in " ".join(rest).replace(",", " , ").split():
            glued = None if _NUMBER.fullmatch(word) else _GLUED.fullmatch(word)
            self.words += [glued["amount"], glued["unit"]] if glued else [word]

    @property
    def word(self) -> str:
        return self.words[self.at].casefold() if self.at < len(self.words) else ""

    def take(self, *allowed: str) -> bool:
        """Step over the word if it is one of these."""
        if self.word and self.word in allowed:
            self.at += 1
            return True
        return False

    def refuse(self, *allowed: str) -> NoReturn:
        """Point at the word that cannot be read and at the nearest that could."""
        shown = f"in {self.text!r}"
        if not self.word:
            raise InputError(
                f"The regimen {self.text!r} stops where {allowed[0]!r} or the like "
                f"should follow; schedules are {_FORMS}."
            )
        given = self.words[self.at]
        near = nearest(given, allowed)
        if near is None:
            advice = _ADVICE.get(self.word, f"schedules are {_FORMS}")
            if self.word.isdecimal():
                advice = "days are separated by commas, as in 'on days 1, 15'"
            raise InputError(f"Cannot read {given!r} {shown}; {advice}.")
        mended = [*self.words[: self.at], near, *self.words[self.at + 1 :]]
        form = " ".join(mended).replace(" ,", ",")
        raise InputError(
            f"Cannot read {given!r} {shown}; nearest is {near!r}, as in {form!r}."
        )

    def component(self) -> Component:
        drug = self.drug()
        self.at = 1
        phases = [self.phase(None)]
        while self.take("then"):
            phases.append(self.phase(phases[-1].dose))
            if len(phases) > _MOST_PHASES:
                raise InputError(
                    f"{drug} has more than {_MOST_PHASES} phases in {self.text!r}."
                )
        if self.word:
            self.refuse("then", "for", "every", "daily")
        return Component(drug=drug, phases=tuple(phases))

    def drug(self) -> Drug:
        """Read the name of a drug that can be given."""
        if _NUMBER.fullmatch(self.words[0]):
            raise InputError(
                f"The drug comes first, as in 'everolimus 10 mg daily', not "
                f"{self.words[0]!r} (in {self.text!r})."
            )
        try:
            drug = find(self.words[0], self.library)
        except InputError as error:
            message = str(error).removesuffix(".")
            raise InputError(f"{message} (in {self.text!r}).") from None
        if drug.kinetics is None:
            raise InputError(
                f"{drug.id} has no kinetics, as a metabolite or a drug of dishes "
                f"alone, and no regimen gives it (in {self.text!r})."
            )
        return drug

    def phase(self, before: Dose | None) -> Phase:
        dose = before
        if before is None or _NUMBER.fullmatch(self.word):
            dose = self.dose()
        if dose is None:  # pragma: no cover - dose() returned or raised
            self.refuse("daily")
        if before is None and self.word == "then":
            return self.made(dose=dose, days=(1,))
        if self.take("on"):
            return self.made(dose=dose, days=self.days())
        interval = self.interval()
        on, cycle, length = self.bout(interval) if self.take("for") else (0, 0, 0)
        if cycle and self.take("for"):
            length = self.end(self.whole(), cycle)
        return self.made(
            dose=dose,
            interval=interval,
            on_days=on,
            cycle_days=cycle,
            length_days=length,
        )

    def made(self, **parts: Any) -> Phase:
        """Return a phase; what cannot be followed is told with the regimen."""
        try:
            return Phase(**parts)
        except InputError as error:
            message = str(error).removesuffix(".")
            raise InputError(f"{message} (in {self.text!r}).") from None

    def bout(self, interval: float) -> tuple[int, int, int]:
        """Read days on treatment and of a cycle; or, without a cycle, of the phase."""
        count = self.whole()
        if self.word in _ENDS:
            return 0, 0, self.end(count, int(interval))
        if self.take("of"):
            cycle = self.whole()
            unit = self.length(1)
            return self.bounded(count * unit), self.bounded(cycle * unit), 0
        length = self.length(count)
        return (length, self.length(), 0) if self.take("every") else (0, 0, length)

    def end(self, count: int, cycle: int) -> int:
        """Read the unit of the length of a phase, in which months and cycles count."""
        if self.take("month", "months"):
            return self.bounded(math.ceil(count * DAYS_PER_MONTH))
        if not self.take("cycle", "cycles"):
            return self.length(count)
        if cycle < WEEKLY:
            raise InputError(
                f"No cycle is given in {self.text!r}; write one, such as 'daily for 21 "
                f"of 28 days for {count} cycles', or a length in weeks or months."
            )
        return self.bounded(count * cycle)

    def dose(self) -> Dose:
        if not _NUMBER.fullmatch(self.word):
            found = f"{self.words[self.at]!r}" if self.word else "the end"
            raise InputError(
                f"A dose such as '10 mg' is missing before {found} in {self.text!r}."
            )
        amount = float(self.word)
        self.at += 1
        unit = _UNITS.get(self.word)
        if unit is None:
            given = self.words[self.at] if self.word else ""
            raise unknown_name("unit of dose", given, _UNITS, where=repr(self.text))
        self.at += 1
        try:
            dose = Dose(amount=amount, unit=unit)
        except InputError as error:
            message = str(error).removesuffix(".")
            raise InputError(f"{message} in {self.text!r}.") from None
        if not _SMALLEST <= dose.typical_milligrams <= _LARGEST:
            raise InputError(
                f"No such dose can be meant: {dose} in {self.text!r}; a dose lies from "
                f"{_SMALLEST:g} to {_LARGEST:g} mg."
            )
        return dose

    def days(self) -> tuple[int, ...]:
        if not self.take("day", "days"):
            self.refuse("days", "day")
        found = [self.whole()]
        while self.take(",", "and"):
            found.append(self.whole())
        if len(found) > _MOST_DAYS:
            raise InputError(f"More than {_MOST_DAYS} days are named in {self.text!r}.")
        return tuple(self.bounded(day) for day in found)

    def bounded(self, days: int, most: int = _LONGEST_DAYS) -> int:
        """Return a number of days, or refuse one that cannot be meant."""
        if days > most:
            raise InputError(
                f"{days} days in {self.text!r} are too many; at most {most} can be "
                "meant here."
            )
        return days

    def interval(self) -> float:
        if self.take("twice"):
            if not self.take("daily"):
                self.refuse("daily")
            return TWICE_DAILY
        once = self.take("once")
        if self.take("daily"):
            return DAILY
        if self.take("weekly"):
            return WEEKLY
        if once or not self.take("every"):
            self.refuse("daily", "weekly", "every", "twice", "on")
        count = 1 if self.word in ("day", "week") else None
        return float(self.bounded(self.length(count), _LONGEST_INTERVAL))

    def length(self, count: int | None = None) -> int:
        number = self.whole() if count is None else count
        unit = _LENGTHS.get(self.word)
        if unit is None:
            self.refuse("days", "weeks")
        self.at += 1
        return self.bounded(number * unit)

    def whole(self) -> int:
        digits = self.word.isascii() and self.word.isdecimal() and len(self.word) <= 9
        if not digits or int(self.word) == 0:
            found = f"got {self.words[self.at]!r}" if self.word else "nothing follows"
            raise InputError(
                f"A whole number of 1 or more is needed after "
                f"{self.words[self.at - 1]!r} in {self.text!r}, {found}."
            )
        self.at += 1
        return int(self.words[self.at - 1])
