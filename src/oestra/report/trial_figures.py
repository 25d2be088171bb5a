"""The figures of one trial, from its result."""

from collections import Counter
from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from oestra.appraisal.between_arms import arm_times
from oestra.appraisal.comparison import WHOLE, estimate_cell, published_rows
from oestra.evidence.published import published
from oestra.evidence.vocabulary import Use
from oestra.report.canvas import literal
from oestra.report.consort import ArmFlow, Flow, draw_consort
from oestra.report.expected_curve import expected_curve
from oestra.report.harm_figure import GRADES, ArmHarmShares, draw_harm, worst_grades
from oestra.report.kaplan_meier import SurvivalArm, draw_kaplan_meier
from oestra.report.side_by_side import Plot
from oestra.report.waterfall import BestChange, draw_waterfall
from oestra.trial.criterion_words import criterion_words
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import HAZARD_RATIO, median_of
from oestra.trial.result import ContrastResult, TrialResult

__all__ = ["day_zero", "patient_flow", "survival_arms", "trial_plots"]

_ON_TREATMENT = "data cut"


def trial_plots(result: TrialResult, design: TrialDesign) -> Mapping[str, Plot]:
    """Return what a trial's publication shows, to be drawn.

    Waterfall, flow and thin curves are those of the first replicate; medians, thick
    curves and the bands around them are of all.

    Parameters
    ----------
    result : TrialResult
        What was simulated.
    design : TrialDesign
        The trial.

    Returns
    -------
    mapping of str to Plot
        By file name: ``km``, ``waterfall``, ``adverse_events`` and ``consort``.
    """
    primary = design.analysis.primary.value.upper()
    first = _select(result.patients, REPLICATE=0, PARAMCD=primary)
    name, size = str(first["PARAM"].iloc[0]), len(first)
    many = result.replicates > 1
    trials = f", {result.replicates} trials" if many else ""
    title = f"{result.trial}: {size} virtual patients, seed {result.seed}{trials}"
    changes, harms = _best_changes(result, design), _harms(result, design)
    flow = patient_flow(result, design)
    return {
        "km": partial(
            draw_kaplan_meier,
            survival_arms(result, design),
            title=title,
            endpoint=name,
            note=_note(result, design),
            since=day_zero(design),
        ),
        "waterfall": partial(draw_waterfall, changes, title=result.trial),
        "adverse_events": partial(draw_harm, harms, title=result.trial),
        "consort": partial(draw_consort, flow, title=result.trial),
    }


def day_zero(design: TrialDesign) -> str:
    """Return what all times of a trial count from."""
    return "randomization" if design.randomized else "enrollment"


def survival_arms(
    result: TrialResult, design: TrialDesign, endpoint: str | None = None
) -> list[SurvivalArm]:
    """Return the curves of a time to an event, arm by arm.

    Parameters
    ----------
    result : TrialResult
        What was simulated.
    design : TrialDesign
        The trial.
    endpoint : str, optional
        Such as ``pfs``; the primary one by default.

    Returns
    -------
    list of SurvivalArm
        First replicate, with the median over all, and what is expected over several.
    """
    endpoint = endpoint or design.analysis.primary.value
    arms: list[SurvivalArm] = []
    for arm in design.arms:
        trials = arm_times(result, endpoint, arm.id)
        durations, event_observed = trials[0]
        arms.append(
            SurvivalArm(
                label=literal(arm.label),
                durations=durations,
                event_observed=event_observed,
                median=estimate_cell(
                    result.arms[arm.id].endpoints[median_of(endpoint).name]
                ),
                published=_published_median(result, arm.id, endpoint),
                expected=expected_curve(trials) if result.replicates > 1 else None,
            )
        )
    return arms


def patient_flow(result: TrialResult, design: TrialDesign) -> Flow:
    """Count the patients of the first replicate along the CONSORT flow.

    Parameters
    ----------
    result : TrialResult
        What was simulated.
    design : TrialDesign
        The trial.

    Returns
    -------
    Flow
        The numbers.
    """
    primary = design.analysis.primary.value.upper()
    harmed = set(_select(result.responses, REPLICATE=0, DCTHARM="Y")["USUBJID"])
    arms: list[ArmFlow] = []
    for arm in design.arms:
        rows = _select(result.patients, REPLICATE=0, PARAMCD=primary, TRTP=arm.id)
        # One of the two is empty.
        ends = zip(rows["USUBJID"], rows["EVNTDESC"] + rows["CNSDTDSC"], strict=True)
        counts = Counter(
            "adverse event" if patient in harmed else str(reason)
            for patient, reason in ends
        )
        ongoing = counts.pop(_ON_TREATMENT, 0)
        size = len(rows)
        arms.append(
            ArmFlow(
                label=literal(arm.label),
                allocated=size,
                treated=size,
                analyzed=size,
                discontinued=counts,
                ongoing=ongoing,
                ends=arm.ends,
            )
        )
    screening = result.screening
    return Flow(
        screened=screening["screened"],
        patients=screening["simulated_patients"],
        eligible=screening["eligible_percent"],
        randomized=sum(arm.allocated for arm in arms),
        excluded={
            criterion_words(criterion): percent
            for criterion, percent in screening["excluded_percent"].items()
        },
        arms=arms,
        by_chance=design.randomized,
    )


def _harms(result: TrialResult, design: TrialDesign) -> list[ArmHarmShares]:
    events, found = result.adverse_events, []
    for arm in design.arms:
        mine = _select(events, TRTP=arm.id) if len(events) else events
        size = int((result.responses["TRTP"] == arm.id).sum())
        known = result.harm.terms
        known = known.loc[(known["arm"] == arm.id) & (known["term"] != "")]
        # What has a rate and did not happen is not what has none.
        none = {str(term): np.zeros(len(GRADES)) for term in known["term"]}
        found.append(
            ArmHarmShares(
                label=literal(arm.label),
                percent=none | worst_grades(mine, size),
                no_rate=result.harm.no_rate.get(arm.id, ()),
            )
        )
    return found


def _best_changes(result: TrialResult, design: TrialDesign) -> list[BestChange]:
    found: list[BestChange] = []
    for arm in design.arms:
        rows = _select(result.responses, REPLICATE=0, TRTP=arm.id)
        rows = rows.dropna(subset=["PCHG"])
        change = rows["PCHG"].to_numpy(dtype=float)
        response = [str(word) for word in rows["AVALC"]]
        found.append(
            BestChange(label=literal(arm.label), percent=change, response=response)
        )
    return found


def _select(table: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    """Return the rows whose columns have the wanted values."""
    keep = np.ones(len(table), dtype=bool)
    for column, value in wanted.items():
        keep &= table[column].to_numpy() == value
    return pd.DataFrame(table.loc[keep])


def _published_median(
    result: TrialResult, arm: str, endpoint: str
) -> tuple[float, float, float] | None:
    name = median_of(endpoint).name
    for row in published_rows(result):
        if (row.stratum, row.arm, row.endpoint) != (WHOLE, arm, name):
            continue
        if row.use is not Use.EXCLUDE and row.low is not None and row.high is not None:
            return row.estimate, row.low, row.high
    return None


def _note(result: TrialResult, design: TrialDesign) -> str:
    """Print the hazard ratios of the primary endpoint beside the published."""
    primary = design.analysis.primary.value
    return "\n".join(
        _ratio_text(result.trial, contrast)
        for contrast in result.contrasts
        if contrast.endpoint == primary
    )


def _ratio_text(trial: str, contrast: ContrastResult) -> str:
    ratio = contrast.hazard_ratio
    arms = literal(f"{contrast.arm} : {contrast.control}")
    if ratio.estimate is None:
        return f"{arms}, hazard ratio not estimated: {ratio.reason}"
    text = f"{arms}, hazard ratio {ratio.estimate:.2f}"
    if ratio.low is not None and ratio.high is not None and ratio.low < ratio.high:
        text += f" ({ratio.low:.2f} to {ratio.high:.2f}, 95 % prediction)"
    rows = published(
        trial, stratum=WHOLE, arm=contrast.arm, endpoint=HAZARD_RATIO.name, use=Use.FIT
    )
    for row in rows:
        if row.control == contrast.control:
            text += f"; published {row.estimate:g} ({row.low:g} to {row.high:g})"
    return text
