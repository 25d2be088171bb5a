"""What the parts of a design must be to each other, so that it means something."""

from collections import Counter
from collections.abc import Iterable, Iterator
from keyword import iskeyword
from typing import Any

from oestra.core.errors import shown
from oestra.core.name import ID_RULE, is_id, is_label
from oestra.trial.censoring import contradictions
from oestra.trial.conflict import conflicts, excluded_by
from oestra.trial.decision_columns import DECISION_COLUMNS
from oestra.trial.fault import Fault
from oestra.trial.testing_rules import testing_faults
from oestra.trial.treatment_rules import treatment_faults

__all__ = ["MOST_PATIENTS", "MOST_SCANS", "Fault", "broken_rules"]

MOST_PATIENTS = 100_000
"""Patients of a trial; a simulated patient takes some 55 kB of memory."""
MOST_SCANS = 500
"""Planned scans of a patient."""
_MOST_WEIGHT = 10
"""Of an allocation that is suggested."""

_ROUNDED = 0.5
"""Percent by which a printed share may be rounded up."""


def broken_rules(design: Any) -> Iterator[Fault]:
    """Find what in a design can mean nothing.

    Parameters
    ----------
    design : TrialDesign
        Its parts are valid one by one. The class asks this of itself, so that it
        cannot be imported here.

    Yields
    ------
    Fault
        In the order of the rules.
    """
    yield from _names(design)
    yield from _arms(design)
    yield from treatment_faults(design)
    for number, text in conflicts(design.eligibility, design.definitions):
        yield Fault(("eligibility", number), text)
    yield from _groups(design)
    yield from _randomization(design)
    yield from _scans(design)
    yield from _readers(design)
    yield from _times(design)
    yield from _censoring(design)
    yield from _contrasts(design)
    yield from testing_faults(design)


def _twice(items: Iterable[Any]) -> list[Any]:
    return [item for item, count in Counter(items).items() if count > 1]


def _names(design: Any) -> Iterator[Fault]:
    if not is_id(design.id):
        yield Fault(("id",), f"{shown(design.id)} cannot be an id: {ID_RULE}")
    other = design.same_chance_as
    if other and not is_id(other):
        place = ("same_chance_as",)
        yield Fault(place, f"{shown(other)} cannot be the id of a trial: {ID_RULE}")
    labels = [((key, name), name) for key in ("groups", "subgroups")
              for name in getattr(design, key)]  # fmt: skip
    labels += [(("arms", i, "id"), arm.id) for i, arm in enumerate(design.arms)]
    labels += [(("arms", i, "label"), arm.label) for i, arm in enumerate(design.arms)]
    labels += [(("aliases", i), name) for i, name in enumerate(design.aliases)]
    for place, name in labels:
        if not is_label(name):
            yield Fault(
                place,
                f"{shown(name)} cannot be a name: it has 1 to 200 characters that can "
                "be printed, on one line",
            )
    for name in design.definitions:
        yield from _definition(name)
    names = (*design.groups, *design.subgroups)
    if len(set(names)) < len(names):
        yield Fault(("groups",), "groups and subgroups need names of their own")
    yield from _names_of_results(design)


def _names_of_results(design: Any) -> Iterator[Fault]:
    """Check that groups and subgroups leave others their names."""
    # As `choice_names` has them.
    taken = {f"{a.id}: {o.id}": "by choice" for a in design.arms for o in a.choice}
    taken["ITT"] = "of everybody"
    for key in ("groups", "subgroups"):
        for name in getattr(design, key):
            if name in taken:
                yield Fault(
                    (key, name),
                    f"{shown(name)} is the name of the results {taken[name]}; give it "
                    "another",
                )


def _definition(name: str) -> Iterator[Fault]:
    place = ("definitions", name)
    word = name.isascii() and name.isidentifier() and len(name) <= 64
    if not word or iskeyword(name) or name in ("true", "false"):
        yield Fault(
            place,
            f"{shown(name)} cannot be defined: a name has letters, digits and '_', and "
            "is no word of the grammar",
        )
    elif name in DECISION_COLUMNS:
        yield Fault(place, f"{name!r} is a column, which a definition would hide")


def _arms(design: Any) -> Iterator[Fault]:
    names = design.arm_ids
    if _twice([name.casefold() for name in names]):
        more = "" if _twice(names) else " in more than capitals"
        yield Fault(("arms",), f"arm ids must differ{more}, got {', '.join(names)}")
    patients = sum(arm.n for arm in design.arms)
    if patients > MOST_PATIENTS:
        yield Fault(
            ("arms",),
            f"a trial has at most {MOST_PATIENTS:,} patients, got {patients:,}",
        )
    if design.example and design.prediction:
        yield Fault(
            ("prediction",), "an example is no prediction; leave 'prediction' out"
        )
    if design.randomized and len(names) == 1:
        yield Fault(
            ("arms",), "a single arm cannot be randomized; write 'randomized: false'"
        )


def _groups(design: Any) -> Iterator[Fault]:
    names = design.arm_ids
    for name, group in design.groups.items():
        for arm in group.n:
            if arm not in names:
                yield Fault(("groups", name, "n"), _no_arm(arm, names))
    for index, arm in enumerate(design.arms):
        apart = sum(group.n.get(arm.id, 0) for group in design.groups.values())
        if design.groups and apart != arm.n:
            yield Fault(
                ("arms", index),
                f"the groups put {apart} patients into {arm.id}, its n is {arm.n}",
            )
    yield from _groups_of_nobody(design)
    criteria = [" ".join(group.where.split()) for group in design.groups.values()]
    for index, (name, where) in enumerate(zip(design.groups, criteria, strict=True)):
        if where in criteria[:index]:
            yield Fault(
                ("groups", name),
                f"patients of the group {shown(name)} belong to another group as well; "
                "groups enrolled apart share nobody",
            )


def _groups_of_nobody(design: Any) -> Iterator[Fault]:
    for name, group in design.groups.items():
        other = excluded_by(group.where, design)
        if other:
            yield Fault(
                ("groups", name, "where"),
                f"nobody who is eligible can be of the group {shown(name)}: "
                f"{shown(group.where)} contradicts {other}",
            )


def _no_arm(name: str, names: tuple[str, ...]) -> str:
    return f"there is no arm {shown(name)}; arms: {', '.join(names)}"


def _randomization(design: Any) -> Iterator[Fault]:
    weights = sum(arm.allocation for arm in design.arms)
    if design.block_size is not None and design.block_size % weights:
        yield Fault(
            ("block_size",),
            f"block_size {design.block_size} is no multiple of {weights}, the sum of "
            "the allocation weights",
        )
    for text in _twice(" ".join(text.split()) for text in design.strata):
        yield Fault(("strata",), f"the stratum {shown(text)} is named twice")
    margins = [(m.where.split(), (m.within or "").split()) for m in design.case_mix]
    for index, margin in enumerate(margins):
        if margin in margins[:index]:
            yield Fault(
                ("case_mix", index),
                f"the share of {shown(design.case_mix[index].where)} is given twice",
            )
    yield from _shares(design)
    yield from _exact(design)
    if not design.randomized or design.groups or design.exact_numbers:
        return
    patients = sum(arm.n for arm in design.arms)
    for index, arm in enumerate(design.arms):
        expected = patients * arm.allocation / weights
        # By chance open blocks leave a few patients; more is another ratio.
        if abs(arm.n - expected) > max(2.0, min(10.0, 0.15 * expected), 0.1 * expected):
            ratio = _ratio([one.n for one in design.arms])
            told = (
                f"set allocation ({ratio}), or exact_numbers"
                if ratio
                else "set allocation or exact_numbers"
            )
            yield Fault(
                ("arms", index),
                f"{arm.id} has n {arm.n}, but the allocation of the arms gives it "
                f"about {expected:.0f}; {told}",
            )
            return


def _shares(design: Any) -> Iterator[Fault]:
    """Check that shares can be of one trial: nobody counts in groups apart."""
    mixes, known = design.case_mix, design.definitions
    for index, one in enumerate(mixes):
        among = [*design.eligibility, *([one.within] if one.within else [])]
        if one.percent and any(n == len(among) for n, _ in
                               conflicts([*among, one.where], known)):  # fmt: skip
            yield Fault(
                ("case_mix", index),
                f"nobody of those it is a share of can be {shown(one.where)}, and "
                f"{one.percent:g} % shall be",
            )
    for index, last in enumerate(mixes):
        apart = [last]
        for one in mixes[:index]:
            if one.within == last.within and all(
                any(conflicts([one.where, other.where], known)) for other in apart
            ):
                apart.append(one)
        whole = sum(one.percent for one in apart)
        if whole > 100 + _ROUNDED * len(apart):
            groups = ", ".join(shown(one.where) for one in reversed(apart))
            yield Fault(
                ("case_mix", index),
                f"the shares of {groups} sum to {whole:g} %, and nobody counts in two "
                "of them; at most 100 %",
            )


def _ratio(numbers: list[int]) -> str:
    """Return the ratio of small whole numbers nearest to those of arms, if any is."""
    whole = sum(numbers)
    for least in range(1, _MOST_WEIGHT + 1):
        weights = [max(1, round(n * least / min(numbers))) for n in numbers]
        near = [w * whole / sum(weights) for w in weights]
        if all(abs(n - e) <= 0.05 * e for n, e in zip(numbers, near, strict=True)):
            return ":".join(map(str, weights)) if max(weights) <= _MOST_WEIGHT else ""
    return ""


def _exact(design: Any) -> Iterator[Fault]:
    """Check that nothing else decides the numbers that shall be exact."""
    if not design.exact_numbers:
        return
    place = ("exact_numbers",)
    if design.groups or not design.randomized:
        what = "groups" if design.groups else "arms that are not randomized"
        yield Fault(
            place,
            f"exact_numbers does nothing here: {what} have their numbers exactly "
            "anyway; leave it out",
        )
    if design.run_in is not None:
        yield Fault(
            place,
            "exact_numbers cannot be beside run_in, from which as many are randomized "
            "as come to the event; leave it out",
        )


def _scans(design: Any) -> Iterator[Fault]:
    visits, days = design.visits, design.longest_days
    shortest, longest = min(visits.candidates), max(visits.candidates)
    place = ("visits", "interval_weeks")
    if 7 * longest > days:
        yield Fault(
            place,
            f"the visit interval of {longest:g} weeks is longer than the follow-up of "
            f"{design.data_cut_months:g} months",
        )
    if _twice(visits.candidates):
        yield Fault(place, "an interval is named twice")
    later, after = visits.later_interval_weeks, visits.later_after_weeks
    if min(shortest, later or shortest) * 7 * MOST_SCANS < days:
        yield Fault(
            place,
            f"at most {MOST_SCANS} scans of a patient are simulated, and the interval "
            f"of {min(shortest, later or shortest):g} weeks asks for more",
        )
    if after is not None and after < shortest:
        yield Fault(
            ("visits", "later_after_weeks"),
            f"the later interval begins after {after:g} weeks, before the first scan "
            f"at {shortest:g} weeks",
        )
    elif after is not None and 7 * after >= days:
        yield Fault(
            ("visits", "later_after_weeks"),
            f"the later interval begins after {after:g} weeks, when follow-up ends",
        )


def _readers(design: Any) -> Iterator[Fault]:
    """Check that two readers are two, and have names of their own in the results."""
    given = [one.value for one in design.reading]
    if "reading" in design.model_fields_set and sorted(given) != ["central", "local"]:
        yield Fault(
            ("reading",),
            f"reading names two readers, the primary first, got "
            f"{', '.join(given) or 'none'}; write [central, local] or [local, "
            "central], or leave it out for one reader",
        )
    for key in ("groups", "subgroups"):
        for name in {one.stratum for one in design.reading} & set(getattr(design, key)):
            yield Fault((key, name), f"{shown(name)} is the name of results by reader")


def _times(design: Any) -> Iterator[Fault]:
    cut, days = design.data_cut_months, design.longest_days
    if cut < design.accrual_months:
        yield Fault(
            ("data_cut_months",),
            f"data_cut_months {cut:g} comes before the end of accrual_months "
            f"{design.accrual_months:g}; {design.accrual_months:g} or more",
        )
    analysis = design.analysis
    for key, what in (("ki67", "biopsy"), ("metabolic", "metabolic scan")):
        planned = getattr(analysis, key)
        if planned is not None and planned.day > days:
            yield Fault(
                ("analysis", key),
                f"the {what} on day {planned.day:g} comes after the end of follow-up",
            )
    benefit = analysis.clinical_benefit
    asked = "clinical_benefit" in analysis.model_fields_set
    if asked and 7 * benefit.weeks - benefit.window_days > days:
        yield Fault(
            ("analysis", "clinical_benefit"),
            f"clinical benefit at {benefit.weeks:g} weeks comes after the end of "
            "follow-up",
        )
    if benefit.window_days >= 7 * benefit.weeks:
        yield Fault(
            ("analysis", "clinical_benefit"),
            f"window_days {benefit.window_days:g} reaches back to the start",
        )
    if 7 * (design.confirmation_weeks or 0.0) > days:
        yield Fault(
            ("confirmation_weeks",),
            f"a response could be confirmed after {design.confirmation_weeks:g} weeks, "
            "when follow-up has ended",
        )
    if 7 * (design.stable_weeks - 1) > days:
        yield Fault(
            ("stable_weeks",),
            f"stable disease would count from {design.stable_weeks:g} weeks, when "
            "follow-up has ended",
        )
    yield from _months(analysis, cut)


def _months(analysis: Any, cut: float) -> Iterator[Fault]:
    for key, what in (
        ("landmarks_months", "the landmark at"),
        ("restricted_mean_months", "the mean up to"),
    ):
        months = getattr(analysis, key)
        for index, month in enumerate(months):
            place = ("analysis", key, index)
            if month > cut:
                yield Fault(
                    place,
                    f"{what} {month:g} months comes after the data cut at {cut:g}",
                )
            if month in months[:index]:
                yield Fault(place, f"{what} {month:g} months is named twice")


def _censoring(design: Any) -> Iterator[Fault]:
    for place, text in contradictions(design.censoring):
        yield Fault(place, text)
    missed, visits = design.censoring.missed_assessments or 0, design.visits
    shortest = min(visits.candidates)
    if missed * 7 * shortest >= design.longest_days:
        most = int((design.longest_days - 1e-6) // (7 * shortest))
        yield Fault(
            ("censoring", "missed_assessments"),
            f"nobody can miss {missed} assessments {shortest:g} weeks apart in a "
            f"follow-up of {design.longest_days / 7:.0f} weeks; at most {most} can be",
        )


def _contrasts(design: Any) -> Iterator[Fault]:
    names, seen = design.arm_ids, set[frozenset[str]]()
    for index, one in enumerate(design.analysis.contrasts):
        place = ("analysis", "contrasts", index)
        pair = frozenset((one.arm, one.control))
        unknown = [name for name in (one.arm, one.control) if name not in names]
        if unknown:
            yield Fault(place, _no_arm(unknown[0], names))
        elif one.arm == one.control:
            yield Fault(place, f"{shown(one.arm)} is compared with itself")
        elif pair in seen:
            yield Fault(
                place, f"{shown(one.arm)} and {shown(one.control)} are compared twice"
            )
        seen.add(pair)
