"""What in a design can be run but is hardly meant: told, not refused."""

from collections.abc import Iterator

from oestra.core.errors import shown
from oestra.core.library import SHIPPED, Library
from oestra.drugs.dose import Dose
from oestra.drugs.regimen import Regimen
from oestra.trial.arm_treatment import phases_of
from oestra.trial.conflict import excluded_by
from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.duration import days_of

__all__ = ["doubts", "regimen_doubts"]

_FAR = 1000.0
"""How many times a usual dose makes a slip of the pen more likely than a plan."""


def regimen_doubts(text: str, library: Library = SHIPPED) -> Iterator[str]:
    """Tell which doses of a regimen are far from every usual dose of the drug.

    Parameters
    ----------
    text : str
        A regimen that can be read.
    library : Library
        Whose drugs it gives.

    Yields
    ------
    str
        A sentence for each drug.
    """
    for component in Regimen.parse(text, library).components:
        usual = [
            phase.dose
            for line in component.drug.standard_regimens
            for part in Regimen.parse(line, library).components
            if part.drug.id == component.drug.id
            for phase in part.phases
        ]
        for phase in component.phases:
            doubt = _dose_doubt(component.drug.id, phase.dose, usual)
            if doubt:
                yield doubt
                break


def _dose_doubt(drug: str, dose: Dose, usual: list[Dose]) -> str:
    amounts = [one.typical_milligrams for one in usual]
    if not amounts:
        return ""
    amount, largest, smallest = dose.typical_milligrams, max(amounts), min(amounts)
    if amount >= _FAR * largest:
        most = usual[amounts.index(largest)]
        return (
            f"{drug} {dose} is {amount / largest:,.0f} times its largest usual dose, "
            f"{most}"
        )
    if amount * _FAR <= smallest:
        least = usual[amounts.index(smallest)]
        return (
            f"{drug} {dose} is {smallest / amount:,.0f} times less than its smallest "
            f"usual dose, {least}"
        )
    return ""


def doubts(design: TrialDesign, library: Library = SHIPPED) -> tuple[str, ...]:
    """Tell what in a design is hardly meant.

    Parameters
    ----------
    design : TrialDesign
        A design that can be run.
    library : Library
        Whose drugs its arms take.

    Returns
    -------
    tuple of str
        A sentence each, without a period.
    """
    found = [*_same_arms(design, library), *_idle(design), *_endless(design)]
    found += _of_nobody(design)
    for arm in design.arms:
        regimens = [*arm.regimens, *([arm.crossover.regimen] if arm.crossover else [])]
        for text in regimens:
            found += [f"{arm.id}: {doubt}" for doubt in regimen_doubts(text, library)]
    return tuple(dict.fromkeys(found))


def _same_arms(design: TrialDesign, library: Library) -> Iterator[str]:
    read = {
        arm.id: (
            [Regimen.parse(text, library) for text in arm.regimens],
            arm.choice,
            arm.duration,
            [phase.duration for phase in arm.phases],
        )
        for arm in design.arms
    }
    if not any(one.components for regimens, *_ in read.values() for one in regimens):
        yield "no arm takes a drug"
        return
    names = list(read)
    for index, name in enumerate(names):
        before = [
            n
            for n in names[:index]
            if read[n] == read[name] and _enroll_together(design, n, name)
        ]
        if before:
            yield (
                f"{before[0]} and {name} take the same regimen, so that only chance "
                "can tell them apart"
            )


def _enroll_together(design: TrialDesign, one: str, other: str) -> bool:
    """Tell whether two arms take patients of the same kind."""
    groups = design.groups.values()
    return not groups or any({one, other} <= group.n.keys() for group in groups)


def _idle_randomization(design: TrialDesign) -> Iterator[str]:
    """Yield what says how patients are randomized, and does nothing."""
    if not design.randomized:
        given = [key for key in ("strata", "block_size") if getattr(design, key)]
        for key in given:
            yield f"{key} does nothing where patients are not randomized"
    if any(arm.allocation != 1 for arm in design.arms):
        who = "groups have" if design.groups else "exact_numbers gives arms"
        who = who if design.randomized else "arms that are not randomized have"
        if design.groups or design.exact_numbers or not design.randomized:
            yield f"allocation does nothing where {who} their numbers"


def _endless(design: TrialDesign) -> Iterator[str]:
    """Yield durations that nobody comes to the end of, or of nothing."""
    for arm in design.arms:
        for one in arm.choice or (arm,):
            begun = 0.0
            for phase in phases_of(one):
                if phase.duration is None or phase.until is not None:
                    break
                begun += days_of(phase.duration)
                if begun >= design.longest_days:
                    yield (
                        f"{arm.id}: the duration of {phase.duration} ends after "
                        f"follow-up, which lasts {design.longest_days / 7:.0f} weeks, "
                        "and does nothing"
                    )
            if arm.duration and _plain(arm.regimen) == "none":
                yield f"{arm.id}: the duration does nothing where nothing is given"


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _of_nobody(design: TrialDesign) -> Iterator[str]:
    """Yield strata and subgroups that nobody who is eligible can be of."""
    named = {f"the subgroup {shown(k)}": text for k, text in design.subgroups.items()}
    named |= {f"the stratum {shown(text)}": text for text in design.strata}
    for name, text in named.items():
        other = excluded_by(text, design)
        if other:
            yield f"nobody who is eligible is of {name}, which contradicts {other}"


def _idle(design: TrialDesign) -> Iterator[str]:
    """Yield what stands in the file and does nothing."""
    for index, text in enumerate(design.eligibility):
        if text.split() in [one.split() for one in design.eligibility[:index]]:
            yield f"the criterion {shown(text)} stands twice in eligibility"
    yield from _idle_randomization(design)
    patients = sum(arm.n for arm in design.arms)
    if design.block_size is not None and design.block_size > patients:
        yield f"a block of {design.block_size} is larger than the trial of {patients}"
    weeks = design.treatment_weeks
    if weeks is not None and 7 * weeks > design.cut_days:
        yield f"treatment_weeks {weeks:g} ends after the data cut and does nothing"
    crossing = [arm.id for arm in design.arms if arm.crossover]
    if crossing and TimeToEvent.OS not in design.endpoints:
        yield (
            f"the crossover of {', '.join(crossing)} does nothing, as survival is no "
            "endpoint"
        )
