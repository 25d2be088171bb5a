"""Group-sequential looks: what a trial would have decided after so many events.

References
----------
.. [1] Jennison C, Turnbull BW (1999). Group Sequential Methods with Applications to
   Clinical Trials. Chapman & Hall.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oestra.core.units import DAYS_PER_MONTH
from oestra.survival.cox import hazard_ratio
from oestra.survival.log_rank import log_rank
from oestra.trial.data_cut import cut_table
from oestra.trial.design import Look, TrialDesign
from oestra.trial.endpoints import HAZARD_RATIO

__all__ = ["Decision", "LookResult", "decide", "summarize_looks", "wins"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one replicate decides at one look.

    Parameters
    ----------
    month : float or None
        Months from the first patient to the look; None if it was never reached.
    hazard_ratio, p : float or None
        First contrast of the design in the primary endpoint at that time.
    stops : str
        ``"efficacy"``, ``"futility"`` or empty.
    """

    month: float | None
    hazard_ratio: float | None
    p: float | None
    stops: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookResult:
    """One look over replicates.

    Parameters
    ----------
    events : int
        Events at which the look is due.
    reached_percent : float
        Replicates that came to it without having stopped before.
    efficacy_percent, futility_percent : float
        Replicates that stopped there.
    month : float or None
        Median time from the first patient.
    """

    events: int
    reached_percent: float
    efficacy_percent: float
    futility_percent: float
    month: float | None

    def to_json_dict(self) -> dict[str, float | None]:
        """Return the printed form."""
        return {
            "events": self.events,
            "months": self.month,
            "reached_percent": self.reached_percent,
            "efficacy_percent": self.efficacy_percent,
            "futility_percent": self.futility_percent,
        }


def _look(table: pd.DataFrame, design: TrialDesign, look: Look) -> Decision:
    endpoint = design.analysis.primary.value
    contrast = design.contrasts[0]
    pair = table.loc[table["arm"].isin([contrast.arm, contrast.control])]
    event = pair[f"{endpoint}_event"].to_numpy(dtype=bool)
    when = np.sort((pair["entry_day"] + pair[f"{endpoint}_day"]).to_numpy()[event])
    if when.size < look.events:
        return Decision(month=None, hazard_ratio=None, p=None, stops="")
    day = float(when[look.events - 1]) + 1e-9
    data = cut_table(pair, day, endpoint)
    arrays = (
        data[f"{endpoint}_day"].to_numpy(),
        data[f"{endpoint}_event"].to_numpy(dtype=bool),
        (data["arm"] == contrast.arm).to_numpy(),
        data["stratum"].to_numpy() if design.analysis.stratified else None,
    )
    ratio, p = hazard_ratio(*arrays).hazard_ratio, log_rank(*arrays).p
    return Decision(
        month=day / DAYS_PER_MONTH,
        hazard_ratio=ratio,
        p=p,
        stops=_verdict(look, ratio, p),
    )


def _verdict(look: Look, ratio: float | None, p: float | None) -> str:
    if ratio is None or p is None:
        return ""
    gains = HAZARD_RATIO.better(ratio, 1.0)
    if look.efficacy_p is not None and gains and p <= look.efficacy_p:
        return "efficacy"
    if look.futility_hazard_ratio is not None and ratio >= look.futility_hazard_ratio:
        return "futility"
    return ""


def decide(table: pd.DataFrame, design: TrialDesign) -> tuple[Decision, ...]:
    """Go through the looks of a trial in order, up to the one that stops it.

    Parameters
    ----------
    table : DataFrame
        Patients of one replicate, as `conduct` returns them, with their stratum.
    design : TrialDesign
        The trial.

    Returns
    -------
    tuple of Decision
        One for each look that took place; the last may be one never reached.
    """
    made: list[Decision] = []
    if not design.contrasts:
        return ()
    for look in sorted(design.analysis.looks, key=lambda look: look.events):
        made.append(_look(table, design, look))
        if made[-1].stops or made[-1].month is None:
            break
    return tuple(made)


def wins(decisions: Sequence[Decision], ratio: float | None, p: float | None) -> bool:
    """Say whether a trial is won: at a look, or at its end if no look stopped it.

    Parameters
    ----------
    decisions : sequence of Decision
        From `decide`.
    ratio, p : float or None
        Hazard ratio and two-sided p at the data cut.

    Returns
    -------
    bool
        True if a look stopped it for efficacy, or none stopped it and the arm does
        better with p below 0.05 at the data cut.
    """
    stops = [made.stops for made in decisions if made.stops]
    if stops:
        return stops[-1] == "efficacy"
    if ratio is None or p is None:
        return False
    return HAZARD_RATIO.better(ratio, 1.0) and p < 0.05


def summarize_looks(
    design: TrialDesign, replicates: list[tuple[Decision, ...]]
) -> tuple[LookResult, ...]:
    """Sum up the decisions of replicates.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    replicates : list of tuple of Decision
        From `decide`.

    Returns
    -------
    tuple of LookResult
        One a look.
    """
    found: list[LookResult] = []
    looks = sorted(design.analysis.looks, key=lambda look: look.events)
    for index, look in enumerate(looks):
        here = [made[index] for made in replicates if index < len(made)]
        reached = [d for d in here if d.month is not None]
        share = 100.0 / max(len(replicates), 1)
        months = [d.month for d in reached if d.month is not None]
        found.append(
            LookResult(
                events=look.events,
                reached_percent=share * len(reached),
                efficacy_percent=share * sum(d.stops == "efficacy" for d in reached),
                futility_percent=share * sum(d.stops == "futility" for d in reached),
                month=float(np.median(months)) if months else None,
            )
        )
    return tuple(found)
