"""The grammar of what a culture is given over time.

::

    schedule = phases | windows
    phases   = phase { "then" phase } [ "repeated" [ number "times" ] ]
    phase    = condition [ "for" length [ "every" length ] ]
    windows  = window { "+" window }
    window   = item [ "from day" number [ "to day" number ] ]
    length   = number ( "hours" | "days" | "weeks" | "months" )

``palbociclib 250 nM for 3 weeks then none for 1 week repeated``;
``palbociclib 250 nM from day 3 to day 10 + fulvestrant 100 nM``. Only the last phase
may have no length, and then lasts to the end; after the last with a length, nothing is
given.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from oestra.core.errors import InputError, shown
from oestra.core.library import SHIPPED, Library
from oestra.core.short_text import check_short
from oestra.culture.medium import Condition, Step, parse_condition, parse_length

__all__ = ["Schedule", "constant", "parse_schedule", "parse_steps"]

_LONGEST = 1000
_MOST = 5000
"""Phases; every change of medium starts the solver anew."""
_NUMBER = r"\d+\.?\d*|\.\d+"
_FOR = re.compile(
    r"(?P<condition>.*\S)\s+for\s+(?P<length>\S+\s*[a-z]+)"
    r"(?:\s+every\s+(?P<every>\S+\s*[a-z]+))?",
    re.IGNORECASE,
)
_REPEATED = re.compile(
    r"(?P<rest>.*?\S)\s*,?\s+repeated(?:\s+(?P<times>\d+)\s+times)?", re.IGNORECASE
)
_FROM = re.compile(
    rf"(?P<item>.*?\S)\s+from\s+day\s+(?P<start>{_NUMBER})"
    rf"(?:\s+to\s+(?:day\s+)?(?P<end>{_NUMBER}))?",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\severy\s", re.IGNORECASE)
_TIMED = re.compile(r"\s(?:then|for|from|every|repeated)(?=\s|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Conditions that follow each other.

    Parameters
    ----------
    steps : tuple of Step
        The phases; ``inf`` days for one that lasts to the end. After the last, nothing
        is given.
    repeated : bool
        Whether the phases begin anew after the last.
    """

    steps: tuple[Step, ...]
    repeated: bool = False

    @property
    def days(self) -> float:
        """Days of the phases that have a length, of one round if they are repeated."""
        return sum(step.days for step in self.steps if math.isfinite(step.days))

    @property
    def changes(self) -> bool:
        """Whether what is given changes."""
        return self.repeated or any(math.isfinite(step.days) for step in self.steps)

    @property
    def names(self) -> frozenset[str]:
        """Substances and drugs that are ever given."""
        given = (step.condition for step in self.steps)
        return frozenset(n for one in given for n in (*one.substances, *one.drugs))

    def spans(self, days: float) -> Iterator[tuple[float, Condition]]:
        """Return until when each condition is held, to the end of an experiment.

        Parameters
        ----------
        days : float
            Length of the experiment.

        Yields
        ------
        tuple of float and Condition
            Day on which it ends, ascending; the last is `days`.

        Raises
        ------
        InputError
            If medium is changed too often.
        """
        now, count = 0.0, 0
        while True:
            for step in self.steps:
                now += step.days
                count += 1
                if now >= days * (1.0 - 1e-12):
                    yield days, step.condition
                    return
                yield now, step.condition
            if not self.repeated:
                yield days, Condition()
                return
            if count > _MOST:
                raise InputError(
                    f"What is given changes at most {_MOST} times in an experiment; "
                    f"{str(self)!r} does so more often in {days:g} days."
                )

    def on(self, day: float) -> Condition:
        """Return what is given just after a day."""
        for end, condition in self.spans(math.nextafter(day, math.inf) + 1e-9):
            if day < end:
                return condition
        return Condition()

    def each(self, change: Callable[[Condition], Condition]) -> "Schedule":
        """Return the schedule with every condition changed, after its end too."""
        last = Step(condition=Condition(), days=math.inf)
        steps = self.steps if self.repeated or not self.changes else (*self.steps, last)
        if steps[-2:-1] and math.isinf(steps[-2].days):
            steps = steps[:-1]
        return Schedule(
            steps=tuple(
                Step(condition=change(step.condition), days=step.days) for step in steps
            ),
            repeated=self.repeated,
        )

    def check_within(self, days: float) -> None:
        """Refuse a phase that would begin after an experiment has ended.

        Raises
        ------
        InputError
            With the day on which the phase begins.
        """
        if self.repeated:
            return
        starts = [0.0]
        for step in self.steps[:-1]:
            starts.append(starts[-1] + step.days)
        for start, step in zip(starts, self.steps, strict=True):
            if start >= days:
                raise InputError(
                    f"{str(step.condition)!r} begins on day {start:g} of "
                    f"{str(self)!r}, when the experiment of {days:g} days is over."
                )

    def __str__(self) -> str:
        """Write the schedule as the grammar reads it."""
        told = " then ".join(
            str(step.condition)
            if math.isinf(step.days)
            else f"{step.condition} for {step.days:.10g} "
            f"{'day' if step.days == 1 else 'days'}"
            for step in self.steps
        )
        return f"{told} repeated" if self.repeated else told


def constant(condition: Condition) -> Schedule:
    """Return a schedule that never changes."""
    return Schedule(steps=(Step(condition=condition, days=math.inf),))


def parse_schedule(
    text: str, library: Library = SHIPPED, *, drugs: bool = True
) -> Schedule:
    """Read what is given over time.

    Parameters
    ----------
    text : str
        A condition, or such as ``"palbociclib 250 nM for 7 days then none"``.
    library : Library
        What may be named.
    drugs : bool
        Whether drugs may be named.

    Returns
    -------
    Schedule
        The phases.

    Raises
    ------
    InputError
        If a name, number, unit or length cannot be used, or phases contradict each
        other.
    """
    check_short(text, "a schedule", most=_LONGEST)
    plain = " ".join(text.split())
    if re.search(r"\sfrom\sday\s", plain, re.IGNORECASE):
        return _windows(plain, library, drugs=drugs)
    if not _TIMED.search(plain):
        return constant(parse_condition(text, library, drugs=drugs))
    again = _REPEATED.fullmatch(plain)
    steps = _phases(again["rest"] if again else plain, text, library, drugs=drugs)
    for step in steps[:-1] if again is None else steps:
        if math.isinf(step.days):
            raise InputError(
                f"{str(step.condition)!r} in {text!r} needs a length, such as 'for 7 "
                "days': only the last phase of a schedule may last to the end."
            )
    every = _EVERY.search(plain) is not None
    if again is None:
        return Schedule(steps=steps, repeated=every)
    if again["times"] is None:
        return Schedule(steps=steps, repeated=True)
    times = int(again["times"][:9])
    if not 1 <= times * len(steps) <= _MOST:
        raise InputError(
            f"A schedule is repeated from 1 to {_MOST // len(steps)} times, got "
            f"{shown(again['times'])} in {text!r}."
        )
    return Schedule(steps=steps * times)


def _phases(
    plain: str, text: str, library: Library, *, drugs: bool
) -> tuple[Step, ...]:
    steps: list[Step] = []
    parts = re.split(r"\s*,?\s+then\s+", plain, flags=re.IGNORECASE)
    for part in parts:
        found = _FOR.fullmatch(part)
        if found is None:
            condition = parse_condition(part, library, drugs=drugs)
            steps.append(Step(condition=condition, days=math.inf))
            continue
        condition = parse_condition(found["condition"], library, drugs=drugs)
        days = parse_length(found["length"], text)
        steps.append(Step(condition=condition, days=days))
        if found["every"] is None:
            continue
        if len(parts) > 1:
            raise InputError(
                f"'every' repeats a single phase; write 'for ... then none for ... "
                f"repeated' instead, got {text!r}."
            )
        every = parse_length(found["every"], text)
        if every <= days:
            raise InputError(
                f"What is held for {days:g} days cannot begin anew every {every:g} "
                f"days (in {text!r})."
            )
        steps.append(Step(condition=Condition(), days=every - days))
    return tuple(steps)


def _windows(plain: str, library: Library, *, drugs: bool) -> Schedule:
    """Turn items with a first and a last day into phases."""
    if re.search(r"\s(?:then|for|every|repeated)(?=\s|$)", plain, re.IGNORECASE):
        raise InputError(
            f"A schedule is written with 'for ... then' or with 'from day ... to day', "
            f"not both: {plain!r}."
        )
    given: list[tuple[float, float, Condition]] = []
    for part in re.split(r"\s+\+\s*|\s*\+\s+", plain):
        found = _FROM.fullmatch(part)
        item = found["item"] if found else part
        condition = parse_condition(item, library, drugs=drugs)
        start = float(found["start"]) if found else 0.0
        end = float(found["end"]) if found and found["end"] else math.inf
        if not start < end:
            raise InputError(
                f"{item!r} ends on day {end:g}, before it begins on day {start:g} (in "
                f"{plain!r})."
            )
        given.append((start, end, condition))
    days = sorted(
        {0.0, math.inf, *(d for start, end, _ in given for d in (start, end))}
    )
    steps = [
        Step(condition=_together(given, first, plain), days=last - first)
        for first, last in pairwise(days)
    ]
    if not (steps[-1].condition.substances or steps[-1].condition.drugs):
        steps.pop()
    return Schedule(steps=tuple(steps))


def _together(
    given: list[tuple[float, float, Condition]], day: float, text: str
) -> Condition:
    substances: dict[str, float] = {}
    drugs: dict[str, float] = {}
    for start, end, condition in given:
        if not start <= day < end:
            continue
        for name in (*condition.substances, *condition.drugs):
            if name in substances or name in drugs:
                raise InputError(
                    f"{name} is given twice from day {day:g} on in {text!r}."
                )
        substances.update(condition.substances)
        drugs.update(condition.drugs)
    return Condition(substances=substances, drugs=drugs)


def parse_steps(text: str, library: Library = SHIPPED) -> tuple[Step, ...]:
    """Read what cells go through before an experiment.

    Parameters
    ----------
    text : str
        Such as ``"estradiol 0 nM for 180 days"``, or several phases joined by
        ``then``.
    library : Library
        What may be named.

    Returns
    -------
    tuple of Step
        In order; each has a length.

    Raises
    ------
    InputError
        As `parse_schedule`, or if a phase has no length or they never end.
    """
    check_short(text, "a pretreatment", most=_LONGEST)
    schedule = parse_schedule(text, library)
    if schedule.repeated:
        raise InputError(
            f"A pretreatment ends; say how often, as in 'repeated 3 times', got "
            f"{text!r}."
        )
    if any(math.isinf(step.days) for step in schedule.steps):
        raise InputError(
            f"A pretreatment such as 'estradiol 0 nM for 180 days' is needed, got "
            f"{text!r}."
        )
    return schedule.steps
