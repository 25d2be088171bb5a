"""What hypotheses, looks and error of a design must be to each other."""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

from oestra.core.errors import nearest, shown
from oestra.trial.analysis import Analysis, EfficacyRule, Futility
from oestra.trial.fault import Fault
from oestra.trial.stopping_faults import (
    bound_faults,
    hypothesis_faults,
    weight_faults,
    word_faults,
)

__all__ = ["testing_faults"]

_PLACE = ("analysis",)
_SUM = 1.0 + 1e-9


def testing_faults(design: Any) -> Iterator[Fault]:
    """Find what in the tests of a design contradicts itself.

    Parameters
    ----------
    design : TrialDesign
        Its parts are valid one by one.

    Yields
    ------
    Fault
        In the order of the rules.
    """
    before = list(_compared(design))
    before += [*_hypotheses(design), *_looks(design)]
    after = [
        fault
        for find in (_margins, weight_faults, _efficacy, _futility, word_faults)
        for fault in find(design.analysis)
    ]
    yield from (*before, *after)
    spent = [] if before else list(_overspent(design.analysis))
    yield from spent
    if not (before or after or spent):
        yield from bound_faults(design)


def _compared(design: Any) -> Iterator[Fault]:
    analysis = design.analysis
    asked = analysis.looks or analysis.final_events or analysis.hypotheses
    if asked and not design.contrasts:
        key = "looks" if analysis.looks else (
            "hypotheses" if analysis.hypotheses else "final_events"
        )  # fmt: skip
        yield Fault(
            (*_PLACE, key),
            f"{key.replace('_', ' ')} compare arms, and this design compares none; "
            "name contrasts",
        )


def _patients(design: Any) -> tuple[int, str]:
    """Return how many patients the first hypothesis is about, and in which arms."""
    given = list(design.analysis.hypotheses.values())
    first = given[0] if given else design.contrasts[0]
    group = design.groups.get(getattr(first, "among", None) or "")
    sizes = {arm.id: arm.n for arm in design.arms} if group is None else group.n
    both = sizes.get(first.arm, 0) + sizes.get(first.control, 0)
    return both, f"{first.arm} and {first.control}"


def _looks(design: Any) -> Iterator[Fault]:
    analysis = design.analysis
    if not design.contrasts:
        return
    place = (*_PLACE, "looks")
    events = [look.events for look in analysis.looks]
    for index, (before, after) in enumerate(pairwise(events)):
        if after <= before:
            yield Fault(
                (*place, index + 1),
                f"looks ascend, but one at {after} events follows one at {before}",
            )
    yield from _reachable(design, events)


def _reachable(design: Any, events: list[int]) -> Iterator[Fault]:
    place, last = (*_PLACE, "looks"), design.analysis.final_events
    most, arms = _patients(design)
    planned: list[tuple[tuple[str | int, ...], str, int]] = [
        ((*place, i), f"the look at {n} events", n) for i, n in enumerate(events)
    ]
    if last is not None:
        planned.append(
            ((*_PLACE, "final_events"), f"the final analysis at {last} events", last)
        )
    for where, what, count in planned:
        if most and count > most:
            yield Fault(
                where,
                f"{what} cannot happen with {most} patients in {arms}; at most {most}",
            )
    for index, count in enumerate(events if last is not None else ()):
        if count > (last or 0):
            yield Fault(
                (*place, index),
                f"the look at {count} events comes after the final analysis at "
                f"final_events {last}; raise that to {count} or more",
            )


def _margins(analysis: Analysis) -> Iterator[Fault]:
    named: list[tuple[tuple[str, ...], float | None]] = [
        ((*_PLACE, "margin"), analysis.margin)
    ]
    named += [
        ((*_PLACE, "hypotheses", name, "margin"), one.margin)
        for name, one in analysis.hypotheses.items()
    ]
    for place, margin in named:
        if margin is not None and margin < 1:
            yield Fault(
                place,
                f"a margin is the hazard ratio that is still not worse, 1 or more, got "
                f"{margin:g}; write {1 / margin:.3g} for the same distance",
            )


def _efficacy(analysis: Analysis) -> Iterator[Fault]:
    efficacy, place = analysis.efficacy, (*_PLACE, "efficacy")
    if efficacy is None:
        return
    rule = efficacy.rule.value
    if not analysis.looks:
        yield Fault(place, f"{rule} shares alpha among looks, and there are none")
    elif analysis.final_events is None:
        yield Fault(
            place,
            f"{rule} needs final_events, the events at the final analysis, to know "
            "which share of them a look has",
        )
    for index, look in enumerate(analysis.looks):
        if look.efficacy_p is not None:
            yield Fault(
                (*_PLACE, "looks", index, "efficacy_p"),
                f"efficacy_p {look.efficacy_p:g} contradicts the rule {rule}; leave "
                "one of them out",
            )
    for key, only in (
        ("gamma", EfficacyRule.SPENDING_HWANG_SHIH_DECANI),
        ("bound", EfficacyRule.HAYBITTLE_PETO),
    ):
        if getattr(efficacy, key) is not None and efficacy.rule is not only:
            yield Fault((*place, key), f"{key} belongs to {only.value}, not to {rule}")


def _futility(analysis: Analysis) -> Iterator[Fault]:
    futility, place = analysis.futility, (*_PLACE, "futility")
    power: list[tuple[str | int, ...]] = [
        (*_PLACE, "looks", index, "futility_conditional_power")
        for index, look in enumerate(analysis.looks)
        if look.futility_conditional_power is not None
    ]
    if futility is not None and futility.conditional_power is not None:
        power.append((*place, "conditional_power"))
    if power and analysis.final_events is None:
        yield Fault(power[0], "conditional power needs final_events, which it looks to")
    if futility is not None:
        yield from _futility_ways(analysis, futility)


def _futility_ways(analysis: Analysis, futility: Futility) -> Iterator[Fault]:
    place = (*_PLACE, "futility")
    ways = ("hazard_ratio", "conditional_power", "spending")
    given = [way for way in ways if getattr(futility, way) is not None]
    if len(given) != 1:
        yield Fault(
            place,
            f"futility has one of {', '.join(ways)}, got "
            f"{' and '.join(given) or 'none'}",
        )
    if not analysis.looks:
        yield Fault(place, "futility stops a trial at looks, and there are none")
    for index, look in enumerate(analysis.looks):
        if look.futility_hazard_ratio or look.futility_conditional_power:
            yield Fault(
                (*_PLACE, "looks", index),
                "futility is written at the look and for all looks; leave one of them "
                "out",
            )
    if futility.spending is not None and analysis.efficacy is None:
        yield Fault(place, "spending of beta goes with an efficacy rule; name one")
    weights = [one.weight for one in analysis.hypotheses.values()]
    if weights and weights[0] == 0 and (futility.binding or futility.spending):
        what = "binding futility" if futility.binding else "spending of beta"
        yield Fault(
            place,
            f"{what} relies on the bounds of the first hypothesis, and it has none "
            "before alpha passes to it; give it a weight above 0, or name another "
            "first",
        )
    if analysis.sided == 2 and (futility.binding or futility.spending is not None):
        what = "binding futility" if futility.binding else "spending of beta"
        yield Fault(
            place,
            f"{what} belongs to a one-sided test; write 'sided: 1' and 'alpha: "
            f"{analysis.alpha / 2:g}'",
        )


def _hypotheses(design: Any) -> Iterator[Fault]:
    analysis = design.analysis
    for name, one in analysis.hypotheses.items():
        place = (*_PLACE, "hypotheses", name)
        yield from _parts(design, place, one)
        yield from _arrows(analysis, place, name, one.passes_to)
        written = any(look.efficacy_p is not None for look in analysis.looks)
        if written and len(analysis.hypotheses) > 1:
            yield Fault(
                place,
                "efficacy_p at looks serves one hypothesis; with several name an "
                "efficacy rule",
            )
        first = next(iter(analysis.hypotheses)) == name
        spends = analysis.efficacy is not None and analysis.looks
        if spends and not first and one.events is None:
            yield Fault(
                (*place, "events"),
                f"{shown(name)} needs events, those planned at its final analysis, as "
                "alpha is spent by their share",
            )
        if first and one.events is not None and one.events != analysis.final_events:
            yield Fault(
                (*place, "events"),
                f"the events of the first hypothesis are final_events "
                f"{analysis.final_events}, got {one.events}; leave them out here",
            )
    weights = [one.weight for one in analysis.hypotheses.values()]
    given = [weight for weight in weights if weight is not None]
    place = (*_PLACE, "hypotheses")
    if given and sum(given) > _SUM:
        share = [f"{weight / sum(given):.3g}" for weight in given]
        yield Fault(
            place,
            f"the weights sum to {sum(given):.3g}, and alpha is spent once; at most 1, "
            f"such as {', '.join(share)}",
        )
    if given and not any(given):
        yield Fault(
            place, "no hypothesis has a weight above 0, so none can be rejected"
        )
    arrows = any(one.passes_to for one in analysis.hypotheses.values())
    if arrows and not given:
        yield Fault(place, "passes_to goes with weights; without, order decides")
    yield from hypothesis_faults(analysis)


def _parts(design: Any, place: tuple[str, ...], one: Any) -> Iterator[Fault]:
    for key in ("arm", "control"):
        name = getattr(one, key)
        if name not in design.arm_ids:
            yield Fault((*place, key), _unknown("arm", name, design.arm_ids))
    if one.arm == one.control:
        yield Fault(place, f"{shown(one.arm)} is compared with itself")
    if one.endpoint is not None and one.endpoint not in design.endpoints:
        yield Fault(
            (*place, "endpoint"),
            f"{one.endpoint.value} is no endpoint of this trial; add it to secondary",
        )
    known = (*design.groups, *design.subgroups)
    if one.among is not None and one.among not in known:
        yield Fault((*place, "among"), _unknown("group or subgroup", one.among, known))


def _arrows(
    analysis: Analysis, place: tuple[str, ...], name: str, arrows: Mapping[str, float]
) -> Iterator[Fault]:
    for other in arrows:
        if other == name:
            yield Fault((*place, "passes_to"), f"{shown(name)} passes alpha to itself")
        elif other not in analysis.hypotheses:
            yield Fault(
                (*place, "passes_to"),
                _unknown("hypothesis", other, analysis.hypotheses),
            )
    if sum(arrows.values()) > _SUM:
        yield Fault(
            (*place, "passes_to"),
            f"{shown(name)} passes on {sum(arrows.values()):.3g} of its alpha; at most "
            "1",
        )


def _unknown(kind: str, name: str, known: Any) -> str:
    near = nearest(name, list(known))
    told = f"nearest is {near!r}" if near else f"known are {', '.join(known) or 'none'}"
    return f"there is no {kind} {shown(name)}; {told}"


def _overspent(analysis: Analysis) -> Iterator[Fault]:
    """Refuse p values at looks that spend more than there is."""
    values = [look.efficacy_p for look in analysis.looks]
    written = [index for index, p in enumerate(values) if p is not None]
    if not written or analysis.efficacy is not None:
        return
    from oestra.trial.stopping import (  # noqa: PLC0415 - heavy, loaded late
        ROUNDED,
        final_look,
        rules_of,
        spent_by_hand,
    )

    rules = rules_of(analysis)
    spent = spent_by_hand(rules)
    if spent <= (1 + ROUNDED) * analysis.alpha:
        return
    last = written[-1]
    left = _most(partial(spent_by_hand, rules), rules.alpha, values, last)
    told = f"at most {left:.4f} there" if left else "less at the looks before"
    rest = "" if final_look(rules) else ", and nothing is left for the end"
    yield Fault(
        (*_PLACE, "looks", last, "efficacy_p"),
        f"the looks spend {spent:.4f} of alpha {analysis.alpha:g}{rest}: write {told}, "
        "or name an efficacy rule",
    )


def _most(
    spend: Callable[[list[float | None]], float],
    alpha: float,
    values: list[float | None],
    index: int,
) -> float | None:
    """Return the p that a look may have beside the others, None if nothing is left."""

    def spent(p: float | None) -> float:
        return spend([p if i == index else one for i, one in enumerate(values)])

    if any(p is not None for i, p in enumerate(values) if i != index) and (
        spent(None) >= alpha
    ):
        return None
    low, high = 0.0, values[index] or 0.0
    for _ in range(40):
        p = (low + high) / 2
        low, high = (p, high) if spent(p) <= alpha else (low, p)
    return math.floor(low * 1e4) / 1e4 or None
