"""What the treatments of an arm must be to each other, so that they mean something."""

from collections.abc import Iterator, Sequence
from typing import Any

from oestra.core.errors import shown
from oestra.core.name import is_label
from oestra.trial.arm_treatment import Event, EventKind, Option, Phase, phases_of
from oestra.trial.conflict import excluded_by
from oestra.trial.duration import days_of
from oestra.trial.fault import Fault

__all__ = ["event_faults", "treatment_faults"]

_CLOSE = 1e-6
Place = tuple[str | int, ...]


def treatment_faults(design: Any) -> Iterator[Fault]:
    """Find what in the treatments of a design can mean nothing.

    Parameters
    ----------
    design : TrialDesign
        Its parts are valid one by one.

    Yields
    ------
    Fault
        In the order of the arms.
    """
    for index, arm in enumerate(design.arms):
        place = ("arms", index)
        yield from _given(arm, place, ("regimen", "phases", "choice"))
        times = design.longest_days, _first_scan(design)
        yield from _phases(arm, place, times)
        yield from _choice(arm.choice, place, times)
        yield from _never_chosen(arm.choice, place, design)
        yield from _crossover(arm, place)
    yield from _second(design)
    if design.run_in is not None:
        yield from _run_in(design)


def _run_in(design: Any) -> Iterator[Fault]:
    """Check a treatment before randomization."""
    run_in, arms = design.run_in, sum(arm.n for arm in design.arms)
    here = ("run_in",)
    if not design.randomized:
        yield Fault(
            here, "a run_in ends with randomization; leave 'randomized: false' out"
        )
    for word in ("groups", "treatment_weeks"):
        if getattr(design, word):
            yield Fault(
                (word,), f"{word} cannot be beside run_in; leave one of them out"
            )
    if run_in.n < arms:
        yield Fault(
            (*here, "n"),
            f"{run_in.n} patients begin the run_in, and {arms} shall be randomized; "
            f"{arms} or more",
        )
    yield from event_faults(
        run_in.until, (*here, "until"), 0.0, design.cut_days, _first_scan(design)
    )
    if run_in.until.event is EventKind.PROGRESSION:
        yield Fault(
            (*here, "until"),
            "who is randomized after a run_in is without progression; write 'event: "
            "response', 'no_response' or 'rising_esr1'",
        )
    if design.arms[0].regimens and all(
        arm.regimens == design.arms[0].regimens and not arm.duration
        for arm in design.arms
    ):
        yield Fault(
            ("arms",),
            "after the run_in all arms give the same, so that randomization changes "
            "nothing; let one of them give another regimen",
        )


def _given(one: Any, place: Place, words: Sequence[str]) -> Iterator[Fault]:
    """Check that one thing says what is given, and nothing stands idle beside it."""
    said = [word for word in words if word in one.model_fields_set]
    key = ".".join(map(str, (*place, "regimen")))
    if not said:
        yield Fault(
            (*place, "regimen"),
            f"the key {shown(key)} is missing; {_listed(words)} says what is given",
        )
    elif len(said) > 1:
        yield Fault(
            (*place, said[1]),
            f"{' and '.join(said)} both say what {one.id} gives; keep one of them",
        )
    elif one.duration is not None and "regimen" not in said:
        yield Fault(
            (*place, "duration"),
            f"the duration of {one.id} does nothing beside {said[0]}; write it to "
            f"{'a phase' if said[0] == 'phases' else 'an option'}",
        )


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}"


def _phases(one: Any, place: Place, times: tuple[float, float]) -> Iterator[Fault]:
    """Check treatments that follow each other; times end and begin the follow-up."""
    here, (longest, first) = (*place, "phases"), times
    if "phases" in one.model_fields_set and len(one.phases) < 2:
        yield Fault(
            here,
            f"{one.id} has {len(one.phases)} of the two phases or more that can follow "
            "each other; one alone is 'regimen', with 'duration' if it ends",
        )
        return
    start: float | None = 0.0
    for number, phase in enumerate(one.phases):
        at = (*here, number)
        if number and start is not None and start >= longest:
            yield Fault(
                at,
                f"phase {number + 1} of {one.id} begins after {start / 7:.0f} weeks, "
                f"when follow-up ends at {longest / 7:.0f}; shorten the phases before "
                "it",
            )
            start = None
        last = number == len(one.phases) - 1
        endless = phase.duration is None and phase.until is None and not last
        if endless:
            yield Fault(
                at,
                f"phase {number + 1} of {one.id} never ends, so nothing can follow it; "
                "say for how long, such as 'duration: 24 weeks'",
            )
        if phase.until is not None and start is not None:
            ends = start + (days_of(phase.duration) if phase.duration else longest)
            yield from event_faults(
                phase.until, (*at, "until"), start, min(ends, longest), first
            )
        if _on_progression(phase):
            yield from _before_last(one, number, (*at, "until"))
        if number and _alike(phase, one.phases[number - 1]):
            yield Fault(
                at,
                f"phase {number + 1} of {one.id} gives what the phase before it gives; "
                "write one phase as long as both",
            )
        start = None if endless or start is None else start + _length(phase)


def _on_progression(phase: Phase) -> bool:
    return phase.until is not None and phase.until.event is EventKind.PROGRESSION


def _before_last(one: Any, number: int, place: Place) -> Iterator[Fault]:
    """Check that progression alone ends a phase, and the last one follows it."""
    if number != len(one.phases) - 2:
        yield Fault(
            place,
            f"progression ends phase {number + 1} of {one.id}, after which there is "
            "one phase, the last; write it to the phase before the last",
        )
    if one.phases[number].duration:
        yield Fault(
            place,
            f"phase {number + 1} of {one.id} ends with progression; leave its "
            "'duration' out, or write a phase of its own for what follows that",
        )


def _second(design: Any) -> Iterator[Fault]:
    """Check that a second progression can be seen where it is asked for."""
    goes_on = [
        all(any(map(_on_progression, o.phases)) for o in arm.choice or (arm,))
        for arm in design.arms
    ]
    asked = [time.value for time in design.endpoints]
    if "pfs2" in asked and not all(goes_on):
        arm = design.arms[goes_on.index(False)]
        key = "primary" if asked[0] == "pfs2" else "secondary"
        yield Fault(
            ("analysis", key),
            f"pfs2 is seen on a phase after progression, and {arm.id} has none; write "
            "'until: {event: progression}' to its phase before the last, or ask for os",
        )
    if any(goes_on) and getattr(design, "reading", ()):
        yield Fault(
            ("reading",),
            "two readings cannot be beside a phase that progression ends; leave one of "
            "them out",
        )


def _length(phase: Phase) -> float:
    """Return the days a phase surely lasts; one with an event may last none."""
    return days_of(phase.duration) if phase.duration and not phase.until else 0.0


def _first_scan(design: Any) -> float:
    """Return the day from which the first scan may be done."""
    visits = design.visits
    return 7.0 * min(visits.candidates) - visits.window_days


def event_faults(
    event: Event, place: Place, start: float, end: float, first: float
) -> Iterator[Fault]:
    """Check that an event can happen while it is looked for.

    Parameters
    ----------
    event : Event
        The event.
    place : tuple
        Where it stands.
    start, end : float
        Days from and up to which it is looked for.
    first : float
        Day from which the first scan may be done.
    """
    if event.event is EventKind.RISING_ESR1:
        if event.at is not None:
            yield Fault(
                place,
                "rising_esr1 is looked for at every visit; leave 'at' out, or write "
                "'event: response'",
            )
        return
    if event.event is EventKind.PROGRESSION:
        if event.at is not None:
            yield Fault(
                place,
                "progression is looked for at every visit; leave 'at' out, or write "
                "'event: response'",
            )
        return
    if event.at is None:
        yield Fault(
            place,
            f"{event.event.value} is asked for at one time; write it, such as "
            f"'{{event: {event.event.value}, at: 6 months}}'",
        )
        return
    day = days_of(event.at)
    if not start < day < end:
        yield Fault(
            place,
            f"{event.event.value} at {event.at} can never end this phase, which is "
            f"given from week {start / 7:.0f} to week {end / 7:.0f}; ask for a time "
            "between them",
        )
    elif day < first:
        yield Fault(
            place,
            f"{event.event.value} at {event.at} comes before the first scan after "
            f"treatment begins, in week {first / 7:.0f}; ask for a time after it",
        )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _alike(one: Phase, other: Phase) -> bool:
    return _plain(one.regimen) == _plain(other.regimen)


def _choice(
    options: tuple[Option, ...], place: Place, times: tuple[float, float]
) -> Iterator[Fault]:
    here = (*place, "choice")
    if not options:
        return
    if len(options) == 1:
        yield Fault(here, "a choice has two options or more; one alone is 'regimen'")
        return
    names = [option.id for option in options]
    for index, option in enumerate(options):
        at = (*here, index)
        yield from _given(option, at, ("regimen", "phases"))
        yield from _phases(option, at, times)
        if not is_label(option.id) or names.index(option.id) < index:
            yield Fault(
                (*at, "id"),
                f"an option needs a name of its own on one line, got "
                f"{shown(option.id)}",
            )
        same = [o.id for o in options[:index] if phases_of(o) == phases_of(option)]
        if same:
            yield Fault(at, f"the options {same[0]} and {option.id} give the same")
    whole = sum(option.percent for option in options)
    if abs(whole - 100.0) > _CLOSE:
        rest = 100.0 - whole + options[-1].percent
        advice = f"nearest is {options[-1].id} with percent {rest:g}"
        yield Fault(
            here,
            f"the options of a choice give {whole:g} %, not 100 %"
            + (f"; {advice}" if rest > 0 else ""),
        )
    if all(option.where is not None for option in options):
        yield Fault(
            here,
            "every option has a 'where', so that somebody may meet none; leave it out "
            f"of the one that all can take, such as {options[-1].id}",
        )


def _never_chosen(
    options: tuple[Option, ...], place: Place, design: Any
) -> Iterator[Fault]:
    """Check that the criteria of options are met by somebody who is eligible."""
    for index, option in enumerate(options):
        other = excluded_by(option.where, design) if option.where else ""
        if other:
            yield Fault(
                (*place, "choice", index, "where"),
                f"nobody who is eligible can be given {option.id}: "
                f"{shown(option.where)} contradicts {other}; leave the option out",
            )


def _crossover(arm: Any, place: Place) -> Iterator[Fault]:
    if arm.crossover is None:
        return
    given = {_plain(text) for text in arm.regimens}
    if given == {_plain(arm.crossover.regimen)}:
        yield Fault(
            (*place, "crossover"),
            f"{arm.id} crosses over to what it gives; name another regimen, or leave "
            "the crossover out",
        )
