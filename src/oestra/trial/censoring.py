"""What ends a time to progression: the rule a trial states for events and censoring.

References
----------
.. [1] FDA (2018). Clinical trial endpoints for the approval of cancer drugs and
   biologics: guidance for industry, appendix 3, table A. Clinical progression is no
   event; progression and death after two or more missed visits are censored at the last
   adequate assessment, as is who starts another anticancer therapy.
.. [2] EMA (2012). Appendix 1 to the guideline on the evaluation of anticancer medicinal
   products in man: methodological consideration for using progression-free survival.
   EMA/CHMP/27994/2008/Rev.1. Patients are followed to progression or death, whatever
   therapy they take and whichever visits they missed.
.. [3] Eisenhauer EA et al. (2009). RECIST 1.1. Eur J Cancer 45:228-247. Symptomatic
   deterioration is a reason for stopping therapy, not objective progression.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, model_validator

from oestra.core.errors import InputError, shown, unknown_name
from oestra.trial.analysis import Part

__all__ = [
    "RULES",
    "Censoring",
    "EventRule",
    "Missed",
    "RuleName",
    "Symptoms",
    "Therapy",
    "contradictions",
]


class RuleName(StrEnum):
    """Rules with a name."""

    FDA_2018 = "FDA-2018"
    EMA = "EMA"
    PROTOCOL = "protocol"


class Therapy(StrEnum):
    """What another anticancer therapy before progression does."""

    CENSOR = "censor"
    EVENT = "event"
    IGNORE = "ignore"


class Symptoms(StrEnum):
    """What symptomatic progression that no scan shows is."""

    EVENT = "event"
    IGNORE = "ignore"


class Missed(StrEnum):
    """What a death after missed assessments is."""

    EVENT = "event"
    CENSOR = "censor"


_WORDS: Mapping[str, type[StrEnum]] = {
    "name": RuleName,
    "death_after_missed": Missed,
    "new_therapy": Therapy,
    "symptomatic_progression": Symptoms,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule:
    """What counts as an event, and what censors.

    Parameters
    ----------
    name : RuleName
        By which it is known.
    missed_assessments : int
        Consecutive missed assessments after which an event is censored at the last
        adequate one; 0 if events always count.
    death_after_missed : Missed
        Whether that holds for deaths as well.
    new_therapy : Therapy
        Another anticancer therapy: it censors, is an event, or changes nothing.
    symptomatic_progression : Symptoms
        Progression by symptoms alone.
    """

    name: RuleName = RuleName.PROTOCOL
    missed_assessments: int = 0
    death_after_missed: Missed = Missed.EVENT
    new_therapy: Therapy = Therapy.CENSOR
    symptomatic_progression: Symptoms = Symptoms.IGNORE

    def __post_init__(self) -> None:
        """Check the number of missed assessments, and read words as what they name."""
        _check_missed(self.missed_assessments)
        for option, words in _WORDS.items():
            given = getattr(self, option)
            known = [word.value for word in words]
            if given not in known:
                raise unknown_name(option, str(given), known)
            object.__setattr__(self, option, words(given))


def _check_missed(number: object) -> None:
    """Refuse a number of missed assessments that is none; from Python it may be any."""
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise InputError(
            f"missed_assessments is a whole number from 0, got {shown(number)}."
        )


RULES: Mapping[RuleName, EventRule] = {
    RuleName.FDA_2018: EventRule(
        name=RuleName.FDA_2018,
        missed_assessments=2,
        death_after_missed=Missed.CENSOR,
    ),
    RuleName.EMA: EventRule(name=RuleName.EMA, new_therapy=Therapy.IGNORE),
    RuleName.PROTOCOL: EventRule(),
}
"""By name; the protocol's is changed by what a trial file says."""

_OPTIONS = (
    "missed_assessments",
    "death_after_missed",
    "new_therapy",
    "symptomatic_progression",
)


class Censoring(Part):
    """What ends a time to progression.

    FDA-2018 and EMA are whole rules. The rule protocol counts events when they are
    found and lets another therapy censor, and is changed by the other keys.
    """

    rule: RuleName = RuleName.PROTOCOL
    """FDA-2018, EMA or protocol."""
    missed_assessments: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None
    """Consecutive missed assessments after which progression or death is censored at
    the last adequate one; 0, as protocol has it, if events always count."""
    death_after_missed: Missed | None = None
    """Whether a death after so many counts; by default it is censored like
    progression."""
    new_therapy: Therapy | None = None
    """Whether another anticancer therapy censors at the last adequate assessment, is an
    event itself, or is ignored, so that patients are followed on."""
    symptomatic_progression: Symptoms | None = None
    """Whether progression by symptoms that no scan shows is an event."""
    source: str = ""
    """Where the trial states it."""
    reason: str = ""
    """Why it is assumed, where no source is known."""

    @model_validator(mode="before")
    @classmethod
    def _has_keys(cls, given: Any) -> Any:
        if isinstance(given, str):
            raise ValueError(f"a rule stands under its key; write {{rule: {given}}}")  # noqa: TRY004 - pydantic catches no other
        return given

    @property
    def event_rule(self) -> EventRule:
        """The rule with all its parts."""
        given = {name: getattr(self, name) for name in _OPTIONS}
        base = RULES[self.rule]
        changed: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
        missed = changed.get("missed_assessments", base.missed_assessments)
        deaths = Missed.CENSOR if missed else Missed.EVENT
        parts = {name: getattr(base, name) for name in _OPTIONS}
        parts |= {"death_after_missed": deaths} | changed
        return EventRule(name=self.rule, **parts)


def contradictions(censoring: Censoring) -> Iterator[tuple[tuple[str, ...], str]]:
    """Find options that cannot hold together.

    Parameters
    ----------
    censoring : Censoring
        As a trial file has it.

    Yields
    ------
    tuple of place and str
        The key, and a sentence with the nearest valid form.
    """
    name = censoring.rule
    for option in _OPTIONS:
        given, own = getattr(censoring, option), getattr(RULES[name], option)
        if given is None or name is RuleName.PROTOCOL or given == own:
            continue
        yield (
            ("censoring", option),
            f"{option} {given} contradicts the rule {name}, which has {own}; leave it "
            f"out, or write 'rule: protocol' with {option} {given}",
        )
    if (
        name is RuleName.PROTOCOL
        and censoring.death_after_missed is Missed.CENSOR
        and not censoring.missed_assessments
    ):
        yield (
            ("censoring", "death_after_missed"),
            "death_after_missed censor needs to know after how many; add "
            "'missed_assessments: 2'",
        )
