"""From a patient's lesions as written down to what the criteria read of them."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.trial.criteria import CriteriaRules
from oestra.trial.lesion_history import LesionHistory, LesionSeries, New, Seen
from oestra.trial.new_lesion import dated_back
from oestra.trial.reading import Reading
from oestra.trial.target_growth import joined, lesion_grown

__all__ = ["read_history"]


def _diameter(pair: tuple[float, float], *, node: bool, rules: CriteriaRules) -> float:
    """Return the diameter that criteria read: of nodes the short axis in RECIST 1.1."""
    return pair[1] if node and rules.target_node > 0 else pair[0]


def _size(lesion: LesionSeries, at: int, rules: CriteriaRules) -> float:
    """Return what a lesion adds to the sum, mm or mm^2; nan if not evaluable.

    Raises
    ------
    InputError
        If the criteria have no size for what was written.
    """
    seen = lesion.readings[at]
    where = f"{lesion.name}, {f'visit {at}' if at else 'baseline'}"
    if isinstance(seen, tuple):
        if rules.dimension == 2:
            return float(sum(one * other for one, other in seen))
        return float(sum(_diameter(one, node=lesion.node, rules=rules) for one in seen))
    if seen in (Seen.GONE, Seen.MERGED):
        return 0.0
    if seen is Seen.NOT_EVALUABLE:
        return np.nan
    if seen is Seen.TOO_SMALL and rules.smallest_recorded > 0:
        return rules.smallest_recorded
    if seen is Seen.TOO_SMALL:
        raise InputError(
            f"{where}: these criteria give no size to a lesion too small to measure; "
            "write its diameter in mm."
        )
    raise InputError(
        f"{where}: a target lesion has a size in mm, or is gone, too small, merged or "
        f"NE, got {str(seen)!r}."
    )


def _across(lesion: LesionSeries, at: int, rules: CriteriaRules) -> float | None:
    """Return the diameter of a lesion in mm, None where only a word is known."""
    seen = lesion.readings[at]
    if isinstance(seen, tuple):
        return sum(_diameter(one, node=lesion.node, rules=rules) for one in seen)
    if seen is Seen.TOO_SMALL and rules.smallest_recorded > 0:
        return rules.smallest_recorded
    return 0.0 if seen is Seen.GONE else None


def _normal(lesion: LesionSeries, at: int, rules: CriteriaRules) -> bool:
    """Tell whether a lesion is a node, every part of which is normal."""
    seen = lesion.readings[at]
    if not lesion.node or not isinstance(seen, tuple):
        across = _across(lesion, at, rules)
        return lesion.node and across is not None and across < rules.normal_node
    return all(
        _diameter(one, node=True, rules=rules) < rules.normal_node for one in seen
    )


def _measurable(lesion: LesionSeries, rules: CriteriaRules) -> bool:
    size = _across(lesion, 0, rules)
    least = max(rules.smallest_measured, rules.target_node if lesion.node else 0.0)
    return size is not None and size >= least


def _choose(history: LesionHistory, rules: CriteriaRules) -> list[bool]:
    """Tell which lesions are targets: those said to be, else the largest that fit.

    Raises
    ------
    InputError
        If a lesion said to be a target cannot be one, or there are too many.
    """
    for lesion in history.lesions:
        bone = lesion.bone and not rules.bone_measured
        if lesion.target and (lesion.unmeasurable or bone):
            raise InputError(
                f"{lesion.name} cannot be a target: such disease is not measured by "
                "these criteria; leave target out."
            )
        if lesion.target and not _measurable(lesion, rules):
            least = max(
                rules.smallest_measured, rules.target_node if lesion.node else 0
            )
            raise InputError(
                f"{lesion.name} cannot be a target: at baseline "
                f"{'a node' if lesion.node else 'a lesion'} measures {least:g} mm or "
                "more."
            )
    order = sorted(
        range(len(history.lesions)),
        key=lambda at: (
            not history.lesions[at].target,
            -(_across(history.lesions[at], 0, rules) or 0.0),
        ),
    )
    chosen, sites = [False] * len(history.lesions), dict[str, int]()
    for at in order:
        lesion = history.lesions[at]
        able = lesion.target or (
            lesion.target is None
            and not (lesion.bone or lesion.unmeasurable)
            and _measurable(lesion, rules)
        )
        here = sites.get(lesion.site, 0)
        fits = here < rules.max_per_site and sum(chosen) < rules.max_targets
        if lesion.target and not fits:
            raise InputError(
                f"{lesion.name} is one target too many: at most "
                f"{rules.max_targets:g} in all and {rules.max_per_site:g} in one organ."
            )
        if able and fits:
            chosen[at] = True
            sites[lesion.site] = here + 1
    return chosen


def _targets(
    lesions: list[LesionSeries], visits: int, rules: CriteriaRules
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return sizes, nan if not evaluable, and what is gone, shape (l, 1 + v) each."""
    sizes = np.zeros((len(lesions), 1 + visits))
    gone = np.ones((len(lesions), 1 + visits), dtype=bool)
    for row, lesion in enumerate(lesions):
        for at in range(1 + visits):
            sizes[row, at] = _size(lesion, at, rules)
            empty = lesion.readings[at] in (Seen.GONE, Seen.MERGED)
            gone[row, at] = empty or _normal(lesion, at, rules)
    return sizes, gone


def _held(targets: list[LesionSeries], visits: int) -> None:
    """Refuse targets that merged into a lesion whose size is not in the sum."""
    for at in range(1, 1 + visits):
        into = {one.site for one in targets if one.readings[at] is not Seen.MERGED}
        for lesion in targets:
            if lesion.readings[at] is Seen.MERGED and lesion.site not in into:
                raise InputError(
                    f"{lesion.name}, visit {at}: a target that merged into a lesion "
                    "that is no target goes on as the target; write the size of both "
                    "there, and merged for the other."
                )


def _state(lesion: LesionSeries, at: int, rules: CriteriaRules) -> Seen:
    """Return what a lesion that is no target does at a visit."""
    seen, across = lesion.readings[at], _across(lesion, at, rules)
    if isinstance(seen, Seen) and seen is Seen.MERGED:
        return Seen.GONE
    if across is None:
        said = isinstance(seen, Seen) and seen is not Seen.TOO_SMALL
        return Seen(seen) if said else Seen.PRESENT
    return Seen.GONE if not across or _normal(lesion, at, rules) else Seen.PRESENT


def _nontarget(
    lesions: list[LesionSeries], history: LesionHistory, rules: CriteriaRules
) -> list[set[Seen]]:
    """Return what non-target lesions do at each visit."""
    told = [{visit.nontarget} - {None} for visit in history.visits]
    if lesions and any(told):
        raise InputError(
            f"{lesions[0].name} is a non-target lesion; say what non-targets do either "
            "by lesion or by visit."
        )
    return [
        {_state(one, at, rules) for one in lesions}
        | {word for word in told[at - 1] if word is not None}
        for at in range(1, 1 + len(history.visits))
    ]


def _looked(history: LesionHistory, at: int) -> bool:
    """Tell whether a visit took place: all was missed where nothing was evaluated."""
    visit = history.visits[at - 1]
    read = [lesion.readings[at] for lesion in history.lesions]
    read += [] if visit.nontarget is None else [visit.nontarget]
    return visit.evaluable and (set(read) != {Seen.NOT_EVALUABLE})


def _grown(
    targets: list[LesionSeries], sizes: NDArray[np.float64], rules: CriteriaRules
) -> NDArray[np.bool_] | None:
    """Tell at which visits a single target has grown, or one that holds two."""
    merged = np.array(
        [[one is Seen.MERGED for one in lesion.readings] for lesion in targets],
        dtype=bool,
    ).reshape(sizes.shape)
    sizes, known = joined(sizes, merged, [lesion.site for lesion in targets])
    return lesion_grown(sizes[None], known[None, :, 1:], rules.lesion_ratio)


def _marks(values: list[bool]) -> NDArray[np.bool_]:
    return np.array(values, dtype=bool).reshape(1, -1)


def _enlarged(
    nodes: list[LesionSeries], evaluable: NDArray[np.bool_], rules: CriteriaRules
) -> NDArray[np.bool_]:
    """Tell at which visits nodes that were normal at baseline are new lesions."""
    sure, perhaps, known = (np.zeros_like(evaluable) for _ in range(3))
    known |= evaluable
    for node in nodes:
        for at in range(evaluable.shape[1]):
            seen, across = node.readings[at + 1], _across(node, at + 1, rules) or 0.0
            sure[0, at] |= seen is Seen.WORSE or across >= rules.target_node
            perhaps[0, at] |= across > 0 and not _normal(node, at + 1, rules)
            known[0, at] &= seen is not Seen.NOT_EVALUABLE
    return dated_back(sure, perhaps, known | sure | perhaps, still=perhaps)


def read_history(
    history: LesionHistory, rules: CriteriaRules
) -> tuple[Reading, tuple[str, ...]]:
    """Read the lesions of a patient by a rule set.

    Parameters
    ----------
    history : LesionHistory
        The patient.
    rules : CriteriaRules
        The rule set.

    Returns
    -------
    tuple of Reading and tuple of str
        What the criteria read, for one patient, and the names of the targets.

    Raises
    ------
    InputError
        If the lesions cannot be read by these criteria.
    """
    visits = len(history.visits)
    chosen = _choose(history, rules)
    pairs = list(zip(history.lesions, chosen, strict=True))
    targets = [lesion for lesion, is_target in pairs if is_target]
    others = [lesion for lesion, is_target in pairs if not is_target]
    normal = [x for x in others if x.node and _state(x, 0, rules) is Seen.GONE]
    others = [lesion for lesion in others if lesion not in normal]
    _held(targets, visits)
    sizes, gone = _targets(targets, visits, rules)
    known = ~np.isnan(sizes)
    states = _nontarget(others, history, rules)
    told = [visit.new_lesion for visit in history.visits]
    evaluable = _marks([_looked(history, at) for at in range(1, 1 + visits)])
    seen = np.ones((1, visits), dtype=bool)
    new = dated_back(
        _marks([one is New.YES for one in told]),
        _marks([one is New.EQUIVOCAL for one in told]),
        evaluable | _marks([one is not New.NO for one in told]),
    ) | _enlarged(normal, evaluable, rules)
    grown = _grown(targets, sizes, rules)
    reading = Reading(
        day=np.array([[visit.day for visit in history.visits]]).reshape(1, -1),
        assessed=seen,
        baseline=np.array([np.nansum(sizes[:, 0])]),
        target=np.nansum(sizes[:, 1:], axis=0)[None, :],
        target_cleared=np.all(gone & known, axis=0, keepdims=True)[:, 1:]
        & bool(targets),
        nontarget_cleared=_marks([one <= {Seen.GONE} for one in states]),
        nontarget_worse=_marks([Seen.WORSE in one for one in states]),
        new_lesion=new,
        target_evaluable=np.all(known, axis=0, keepdims=True)[:, 1:] & evaluable,
        nontarget_evaluable=_marks([Seen.NOT_EVALUABLE not in one for one in states])
        & evaluable,
        target_worse=grown,
        disease_seen=np.any(known & ~gone, axis=0, keepdims=True)[:, 1:]
        | _marks([bool(one & {Seen.PRESENT, Seen.WORSE}) for one in states]),
        diseased=np.array([bool(targets or others) or bool(any(states))]),
    )
    return reading, tuple(lesion.name for lesion in targets)
