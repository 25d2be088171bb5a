"""The analyses of a trial: what it would have decided at each look and at its end.

Every hypothesis keeps its own account of information and of error; when one is
rejected, its error passes to the others at once [2]_.

References
----------
.. [1] Jennison C, Turnbull BW (1999). Group Sequential Methods with Applications to
   Clinical Trials. Chapman & Hall.
.. [2] Maurer W, Bretz F (2013). Multiple testing in group sequential trials using
   graphical approaches. Stat Biopharm Res 5:311-320.
   doi:10.1080/19466315.2013.807748
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.units import DAYS_PER_MONTH
from oestra.survival.cox import hazard_ratio
from oestra.trial.data_cut import SCANS, cut_table
from oestra.trial.design import TrialDesign
from oestra.trial.error_account import Account, Seen
from oestra.trial.hypotheses import PlannedTest
from oestra.trial.score import event_weights, score_z
from oestra.trial.stopping import final_look

__all__ = ["Decision", "decide", "wins"]

Members = Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one replicate decides at one analysis.

    Parameters
    ----------
    number : int
        Of the look, from 0; the number of looks at the end.
    final : bool
        Whether no analysis can follow.
    month : float
        Months from the first patient to the analysis.
    patients, events : int
        Patients who had entered, and events of the first hypothesis.
    hazard_ratio : float or None
        Of the first hypothesis; 0 or infinite where one arm has no events.
    z, p : float or None
        Its statistic, positive where the arm does better than the null hypothesis, and
        its two-sided p.
    bound : float or None
        What the statistic had to reach; None where it was rejected before.
    rejected : tuple of str
        Hypotheses rejected here.
    won : bool
        Whether the first is among them.
    stops : str
        ``"efficacy"`` where none is left to reject, ``"futility"`` or empty.
    """

    number: int
    final: bool
    month: float
    patients: int
    events: int
    hazard_ratio: float | None
    z: float | None
    p: float | None
    bound: float | None
    rejected: tuple[str, ...] = ()
    won: bool = False
    stops: str = ""


def _pair(table: pd.DataFrame, one: PlannedTest, members: Members) -> pd.DataFrame:
    """Return what is needed of the patients whom a hypothesis is about."""
    asked = table["arm"].isin([one.arm, one.control])
    if one.among:
        asked &= members[one.among]
    times = [f"{one.endpoint}_day", f"{one.endpoint}_event"]
    kept = ["arm", "stratum", "entry_day", *times, *({SCANS} & set(table.columns))]
    return table.loc[asked, kept]


def _day_of(pair: pd.DataFrame, one: PlannedTest, count: int) -> float | None:
    """Return the day of the trial on which so many events have happened."""
    event = pair[f"{one.endpoint}_event"].to_numpy(dtype=bool)
    when = (pair["entry_day"] + pair[f"{one.endpoint}_day"]).to_numpy()[event]
    if when.size < count:
        return None
    return float(np.partition(when, count - 1)[count - 1]) + 1e-9


def _seen(
    pair: pd.DataFrame, one: PlannedTest, design: TrialDesign, day: float | None
) -> Seen:
    data = pair if day is None else cut_table(pair, day, one.endpoint)
    event = data[f"{one.endpoint}_event"].to_numpy(dtype=bool)
    arm = (data["arm"] == one.arm).to_numpy()
    strata = data["stratum"].to_numpy() if design.analysis.stratified else None
    arrays = data[f"{one.endpoint}_day"].to_numpy(), event, arm, strata
    ratio = hazard_ratio(*arrays).hazard_ratio
    weights = event_weights(design.analysis)
    z = score_z(*arrays, ratio=one.margin, events=weights)
    if ratio is None and z is not None:
        # No estimate, but one arm is beyond all ratios: it has no events, or the last.
        better = z if one.margin == 1.0 else score_z(*arrays) or 0.0
        ratio = 0.0 if better > 0 else math.inf
    return Seen(events=int(event.sum()), z=z, ratio=ratio)


def decide(
    table: pd.DataFrame, design: TrialDesign, members: Members | None = None
) -> tuple[Decision, ...]:
    """Go through the analyses of a trial in order, up to the one that ends it.

    Parameters
    ----------
    table : DataFrame
        Patients of one replicate, as `conduct` returns them, with their stratum.
    design : TrialDesign
        The trial.
    members : mapping of str to ndarray of bool, shape (n,), optional
        Who is in each subgroup or group that a hypothesis is about.

    Returns
    -------
    tuple of Decision
        One for each analysis that took place.
    """
    account = Account(design)
    if not account.tests:
        return ()
    pairs = {one.name: _pair(table, one, members or {}) for one in account.tests}
    first, looks = account.tests[0], design.analysis.looks
    made: list[Decision] = []
    for number, look in enumerate(looks):
        day = _day_of(pairs[first.name], first, look.events)
        if day is None:
            break
        final = number == len(looks) - 1 and final_look(account.rules)
        made.append(_analyze(account, table, pairs, design, (number, day), final=final))
        if made[-1].stops or final:
            return tuple(made)
    count = design.analysis.final_events
    day = None if count is None else _day_of(pairs[first.name], first, count)
    made.append(_analyze(account, table, pairs, design, (len(looks), day), final=True))
    return tuple(made)


def _analyze(
    account: Account,
    table: pd.DataFrame,
    pairs: Mapping[str, pd.DataFrame],
    design: TrialDesign,
    when: tuple[int, float | None],
    *,
    final: bool,
) -> Decision:
    """Test what is open at an analysis: its number, its day unless it is the cut."""
    number, day = when
    tests = [one for one in account.tests if one.name in account.graph.weight]
    seen = {one.name: _seen(pairs[one.name], one, design, day) for one in tests}
    account.note(number, seen)
    first = account.tests[0]
    here = seen.get(first.name) or _seen(pairs[first.name], first, design, day)
    bound = account.bound(first, final=final) if first.name in seen else None
    rejected = account.reject(seen, final=final)
    stops = ""
    if not account.graph.weight:
        stops = "efficacy"
    elif not final and account.futile(number, here):
        stops = "futility"
    ended = design.cut_days if day is None else day
    return Decision(
        number=number,
        final=final,
        month=ended / DAYS_PER_MONTH,
        patients=int((table["entry_day"] < ended).sum()),
        events=here.events,
        hazard_ratio=here.ratio,
        z=here.z,
        p=None if here.z is None else math.erfc(abs(here.z) / math.sqrt(2)),
        bound=bound,
        rejected=rejected,
        won=first.name in rejected,
        stops=stops,
    )


def wins(decisions: Sequence[Decision]) -> bool:
    """Say whether a trial is won: its first hypothesis is rejected at some analysis.

    Parameters
    ----------
    decisions : sequence of Decision
        From `decide`.
    """
    return any(made.won for made in decisions)
