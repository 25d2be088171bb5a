"""Words of tests that say nothing, or more than there is: what no trial can mean."""

from collections.abc import Iterator
from typing import Any

from oestra.core.errors import shown
from oestra.trial.analysis import Analysis, EfficacyRule, Futility
from oestra.trial.fault import Fault
from oestra.trial.spending import Spending

__all__ = ["bound_faults", "hypothesis_faults", "weight_faults", "word_faults"]

_PLACE = ("analysis",)


def hypothesis_faults(analysis: Analysis) -> Iterator[Fault]:
    """Find hypotheses that are one, and those that are never tested.

    Parameters
    ----------
    analysis : Analysis
        Its hypotheses are valid one by one.

    Yields
    ------
    Fault
        In the order of the hypotheses.
    """
    known: dict[Any, str] = {}
    for name, one in analysis.hypotheses.items():
        what = (
            one.arm,
            one.control,
            one.endpoint or analysis.primary,
            one.among,
            one.margin or analysis.margin or 1.0,
        )
        place = (*_PLACE, "hypotheses", name)
        if what in known:
            yield Fault(
                place,
                f"{shown(name)} asks what {shown(known[what])} asks; leave one of them "
                "out",
            )
        known.setdefault(what, name)
    yield from _never_tested(analysis)


def _never_tested(analysis: Analysis) -> Iterator[Fault]:
    """Tell which hypotheses no alpha ever reaches; without weights, order decides."""
    given = analysis.hypotheses
    if not any(one.weight for one in given.values()):
        return
    reached = {name for name, one in given.items() if one.weight}
    waiting = list(reached)
    while waiting:
        arrows = given[waiting.pop()].passes_to
        new = {to for to, share in arrows.items() if share and to in given} - reached
        reached |= new
        waiting += new
    for name in given:
        if name not in reached:
            yield Fault(
                (*_PLACE, "hypotheses", name),
                f"{shown(name)} is never tested: it has no weight, and none that has "
                "passes alpha to it; give it a weight, or name it in passes_to",
            )


def weight_faults(analysis: Analysis) -> Iterator[Fault]:
    """Find weights of events beside what counts events as the log-rank test does.

    Parameters
    ----------
    analysis : Analysis
        Its parts are valid one by one.

    Yields
    ------
    Fault
        At the weights.
    """
    given, place = analysis.fleming_harrington, (*_PLACE, "fleming_harrington")
    if given is None:
        return
    if given.rho == given.gamma == 0:
        yield Fault(
            place,
            "rho 0 and gamma 0 weigh all events the same, as the log-rank test does; "
            "leave fleming_harrington out, or write {rho: 0, gamma: 1} for late events",
        )
    if analysis.looks:
        yield Fault(
            place,
            "looks share alpha by numbers of events, which weighted events do not "
            "follow; leave looks out, or fleming_harrington",
        )
    margins = [analysis.margin, *(one.margin for one in analysis.hypotheses.values())]
    if any(margin is not None and margin > 1 for margin in margins):
        yield Fault(
            place,
            "a margin is tested as a hazard ratio, for which all events weigh the "
            "same; leave margin out, or fleming_harrington",
        )


def word_faults(analysis: Analysis) -> Iterator[Fault]:
    """Find words of futility that do nothing beside the others.

    Parameters
    ----------
    analysis : Analysis
        Its parts are valid one by one.

    Yields
    ------
    Fault
        In the order of the words.
    """
    futility, place = analysis.futility, (*_PLACE, "futility")
    if futility is None:
        return
    power = futility.conditional_power is not None or any(
        look.futility_conditional_power is not None for look in analysis.looks
    )
    assumed = futility.assumed_hazard_ratio
    if assumed is not None and not power:
        yield Fault(
            (*place, "assumed_hazard_ratio"),
            "assumed_hazard_ratio is that of conditional_power, which is not asked for",
        )
    margin = analysis.first_margin
    if assumed is not None and assumed >= margin:
        yield Fault(
            (*place, "assumed_hazard_ratio"),
            f"assumed_hazard_ratio {assumed:g} assumes that the arm does no better; "
            f"write one below {margin:g}",
        )
    if futility.beta != Futility().beta and futility.spending is None:
        yield Fault(
            (*place, "beta"), "beta is what spending spends, and there is no spending"
        )
    if (
        futility.gamma is not None
        and futility.spending is not Spending.HWANG_SHIH_DECANI
    ):
        yield Fault(
            (*place, "gamma"),
            f"gamma belongs to spending {Spending.HWANG_SHIH_DECANI.value}",
        )


def bound_faults(design: Any) -> Iterator[Fault]:
    """Find bounds that spend more than alpha, and bounds for futility beyond them.

    Parameters
    ----------
    design : TrialDesign
        No other rule about its tests is broken.

    Yields
    ------
    Fault
        At the rule, or at the look.
    """
    analysis = design.analysis
    peto = analysis.efficacy is not None and (
        analysis.efficacy.rule is EfficacyRule.HAYBITTLE_PETO
    )
    if peto:
        overspent = list(_overspent(analysis))
        yield from overspent
        if overspent:
            return
    futility = analysis.futility
    stops = futility is not None and futility.spending is None
    stops |= any(
        look.futility_hazard_ratio or look.futility_conditional_power
        for look in analysis.looks
    )
    if analysis.looks and stops:
        yield from _crossed(design)


def _overspent(analysis: Analysis) -> Iterator[Fault]:
    from oestra.trial.group_sequential import (  # noqa: PLC0415 - heavy, loaded late
        crossing,
        power_family,
    )
    from oestra.trial.stopping import PETO, rules_of  # noqa: PLC0415

    rules = rules_of(analysis)
    events = [look.events for look in analysis.looks
              if look.events < rules.schedule[-1]]  # fmt: skip
    if not events:
        return
    efficacy = analysis.efficacy
    given = PETO if efficacy is None or efficacy.bound is None else efficacy.bound
    bounds = [given] * len(events)
    times = [float(count) for count in events]
    below = [-bound for bound in bounds] if rules.sided == 2 else None
    spent = rules.sided * float(crossing(times, bounds, below).above.sum())
    if spent < rules.alpha:
        return
    least = power_family(times, rules.alpha, shape=0.5, sided=rules.sided)[0]
    yield Fault(
        (*_PLACE, "efficacy", "bound"),
        f"the looks spend {spent:.4f} of alpha {rules.alpha:g}, and nothing is left "
        f"for the end; write a bound above {least:.2f}",
    )


def _crossed(design: Any) -> Iterator[Fault]:
    from oestra.trial.planned_analysis import plan  # noqa: PLC0415 - heavy
    from oestra.trial.stopping import rules_of  # noqa: PLC0415

    analysis = design.analysis
    rules, weight = rules_of(analysis), 1.0
    if analysis.hypotheses:
        first = next(iter(analysis.hypotheses.values()))
        weight = 1.0 if first.weight is None else first.weight
    if rules.final_events is None or not weight:
        return
    contrast = next(iter(analysis.hypotheses.values()), design.contrasts[0])
    sizes = {arm.id: arm.n for arm in design.arms}
    own, other = sizes[contrast.arm], sizes[contrast.control]
    share = own / (own + other)
    for index, one in enumerate(plan(rules, weight * rules.alpha, share)):
        if index < len(rules.looks) and not one.final and one.lower >= one.upper:
            yield Fault(
                (*_PLACE, "looks", index),
                f"the look at {one.events} events stops for futility up to z "
                f"{one.lower:.2f}, where the arm has won from {one.upper:.2f} on; ask "
                "for less futility, or for no look there",
            )
