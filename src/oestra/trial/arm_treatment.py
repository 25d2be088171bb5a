"""What an arm gives, as its file says it: one regimen, phases, or a choice."""

from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import AfterValidator, Field

from oestra.core.errors import InputError
from oestra.trial.analysis import Count, Part, Percent, when_given
from oestra.trial.arm_words import event_words, in_words
from oestra.trial.duration import days_of

__all__ = [
    "Duration",
    "Event",
    "EventKind",
    "Option",
    "Phase",
    "RunIn",
    "Treatment",
    "described",
    "phases_of",
    "regimens_of",
    "when_given",
]


def _length(text: str) -> str:
    try:
        days_of(text)
    except InputError as error:
        raise ValueError(str(error)) from None
    return text


Duration = Annotated[str, AfterValidator(_length)]


class EventKind(StrEnum):
    """What ends a treatment of the trial other than progression."""

    RISING_ESR1 = "rising_esr1"
    """ESR1 mutations in plasma, at a visit: newly found, or more than before."""
    RESPONSE = "response"
    """A response seen up to a time."""
    NO_RESPONSE = "no_response"
    """Neither a response nor progression up to a time."""
    PROGRESSION = "progression"
    """Progression by the criteria of the trial; the last phase follows it."""


class Event(Part):
    """What a phase ends with."""

    event: EventKind
    """What happens."""
    at: Duration | None = Field(default=None, exclude_if=when_given)
    """When a response is asked for, such as ``6 months`` from the start of
    treatment."""

    @property
    def described(self) -> str:
        """What happens, in words."""
        return event_words(self.event.value, self.at)


class Phase(Part):
    """One of several treatments that follow each other."""

    regimen: str
    """Drugs, doses and days, counted from the start of the phase."""
    duration: Duration | None = Field(default=None, exclude_if=when_given)
    """How long at most, such as ``24 weeks`` or ``6 cycles of 28 days``; without end if
    absent, as only the last may be."""
    until: Event | None = Field(default=None, exclude_if=when_given)
    """What ends it; without that it goes on."""


class RunIn(Part):
    """What everybody takes before an event at which patients are randomized."""

    regimen: str
    """Drugs, doses and days."""
    n: Count
    """Patients who begin it; the arms have the first who come to the event, up to their
    numbers."""
    until: Event
    """At which they are randomized, while treated and without progression."""


class Option(Part):
    """One of the treatments among which the investigator chooses for each patient."""

    id: str
    """Short name, as results by choice are keyed."""
    percent: Annotated[Percent, Field(gt=0)]
    """Share of patients for whom it is chosen; all options give 100."""
    where: str | None = Field(default=None, exclude_if=when_given)
    """Criterion of the patients for whom it can be chosen; the shares of the others
    grow in proportion for who does not meet it. All if absent."""
    regimen: str = ""
    """Drugs, doses and days."""
    duration: Duration | None = Field(default=None, exclude_if=when_given)
    """How long at most; then nothing is given."""
    phases: tuple[Phase, ...] = Field(default=(), max_length=10, exclude_if=when_given)
    """Treatments that follow each other, in place of ``regimen``."""


class Treatment(Protocol):
    """What says what is given: an arm or an option."""

    @property
    def regimen(self) -> str:
        """Drugs, doses and days; empty where there are phases or a choice."""
        ...

    @property
    def duration(self) -> str | None:
        """How long at most."""
        ...

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Treatments that follow each other."""
        ...


def phases_of(one: Treatment) -> tuple[Phase, ...]:
    """Return what is given, one phase after the other; a regimen is one phase.

    Parameters
    ----------
    one : Treatment
        An arm without a choice, or an option.
    """
    return one.phases or (Phase(regimen=one.regimen, duration=one.duration),)


def regimens_of(one: Treatment, options: tuple[Option, ...] = ()) -> tuple[str, ...]:
    """Return every regimen that may be given, each once.

    Parameters
    ----------
    one : Treatment
        An arm or an option.
    options : tuple of Option
        Those of the arm.
    """
    given = [phase for each in options or (one,) for phase in phases_of(each)]
    return tuple(dict.fromkeys(phase.regimen for phase in given))


def described(one: Treatment, options: tuple[Option, ...] = ()) -> str:
    """Say in one line what is given.

    Parameters
    ----------
    one : Treatment
        An arm or an option.
    options : tuple of Option
        Those of the arm.
    """
    given = {
        "regimen": one.regimen,
        "duration": one.duration,
        "phases": [phase.model_dump(mode="json") for phase in one.phases],
        "choice": [option.model_dump(mode="json") for option in options],
    }
    return in_words(given)
