"""Running one trial: its arms, whoever is enrolled in them, and one replicate.

The order of what happens stands in `oestra.trial.order`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.trial.arm_scans import ArmScans
from oestra.trial.central_reading import read_centrally
from oestra.trial.data_cut import SCANS, scan_days
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.enroll import Enrollment, enroll
from oestra.trial.event_rule import Timed
from oestra.trial.harmed import arm_events, event_column
from oestra.trial.investigator_choice import chosen, with_option
from oestra.trial.markers import markers
from oestra.trial.members import Draw, Members
from oestra.trial.outcomes import survival
from oestra.trial.patient_columns import central_first, patient_columns, two_readers
from oestra.trial.practice_year import practice_year
from oestra.trial.run_in import randomize_at_event
from oestra.trial.second_progression import (
    second_progression,
    until_treated,
)
from oestra.trial.survive import after_therapy, dying_as_lived
from oestra.trial.switch_event import with_events
from oestra.trial.treat import Treated, treat
from oestra.trial.trial_setting import Setting
from oestra.trial.two_readings import as_treated
from oestra.trial.visit import draw_interval

__all__ = ["Conducted", "Setting", "conduct", "run_arm", "run_arms"]

Keep = Callable[[ArmScans], None]
"""Takes what was seen of the patients of an arm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conducted:
    """A trial that was run.

    Parameters
    ----------
    patients : DataFrame
        One row per patient in order of number, with all endpoints.
    enrolled : Enrollment
        Who they are.
    audit : mapping of str to int
        Sums over arms of what the storey below counted.
    events, ends : DataFrame
        Their adverse events, and why their treatment ended.
    scans : tuple of ArmScans
        What was seen visit by visit, an arm or option after the other, where it was
        asked for.
    """

    patients: pd.DataFrame
    events: pd.DataFrame
    ends: pd.DataFrame
    enrolled: Enrollment
    audit: Mapping[str, int]
    scans: tuple[ArmScans, ...] = ()


def _by_choice(  # noqa: PLR0913
    design: TrialDesign,
    arm: Arm,
    members: Members,
    setting: Setting,
    streams: Streams,
    draw: Draw,
    *,
    keep: Keep | None,
) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Treat the patients of an arm, each with what the investigator chose."""
    table = setting.decisions.iloc[members.row]
    number = chosen(design, arm, table, members.patient, streams)
    audit: Counter[str] = Counter()
    parts: list[pd.DataFrame] = []
    for index in np.unique(number):
        option, some = with_option(arm, int(index)), members.some(number == index)
        part, counts = run_arm(design, option, some, setting, streams, draw, keep=keep)
        parts.append(part.assign(choice=arm.choice[index].id))
        audit.update(counts)
    whole = pd.concat(parts, ignore_index=True)
    place = np.searchsorted(np.sort(whole["patient"]), members.patient)
    ordered = whole.sort_values("patient", kind="stable", ignore_index=True)
    return ordered.iloc[place].reset_index(drop=True), dict(audit)


def _lived(
    arm: Arm,
    members: Members,
    found: Treated,
    ended: Timed,
    setting: Setting,
    year: float,
) -> Timed:
    """Return survival of patients who live on after the therapy of a trial."""
    assert setting.live_on is not None  # noqa: S101 - asked before
    before = members.before.days if members.before else 0.0
    after = after_therapy(arm, ended, found.fate, year, setting.library)
    death = setting.live_on(
        members.row,
        found.whole,
        replace(after, day=after.day + before, until=after.until + before),
        streams=found.chance.course,
        log_growth_effect=found.chance.effect,
    )
    # Only survival looks beyond the trial's therapy.
    return survival(replace(found.fate, death_day=death - before))


def run_arm(  # noqa: PLR0913
    design: TrialDesign,
    arm: Arm,
    members: Members,
    setting: Setting,
    streams: Streams,
    draw: Draw,
    *,
    keep: Keep | None = None,
) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Treat and scan the patients of one arm, and derive their endpoints.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    arm : Arm
        The arm.
    members : Members
        Its patients.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of all chance of this trial.
    draw : Draw
        The draw of chance with which they are followed.
    keep : callable, optional
        Takes what was seen visit by visit, which is dropped by default.

    Returns
    -------
    tuple of DataFrame and mapping of str to int
        One row per patient; what the storey below counted.
    """
    if arm.choice:
        return _by_choice(design, arm, members, setting, streams, draw, keep=keep)
    members = with_events(design, arm, members, setting, streams, draw)
    found = treat(design, arm, members, setting, streams, draw)
    patient, lived = members.patient, found.outcome.overall_survival
    second = second_progression(found, arm, design, patient, setting.assumptions)
    if setting.live_on is not None:
        ended = second.progression if second else found.outcome.progression
        lived = _lived(arm, members, found, ended, setting, practice_year(design))
        treated, found = found, dying_as_lived(found, lived, design)
        if found is not treated:
            known = setting.assumptions
            second = second_progression(found, arm, design, patient, known)
    fate, outcome = found.fate, replace(found.outcome, overall_survival=lived)
    central = None
    if design.reading:
        central = read_centrally(found, design, patient, setting.assumptions)
    primary = central if central and central_first(design) else found
    if keep is not None:
        keep(
            ArmScans(
                arm=arm.id,
                patient=patient,
                reading=primary.reading,
                assessment=primary.assessment,
                found=primary.outcome.progression,
                harm=found.harm,
            )
        )
    columns = patient_columns(
        outcome, fate, found.harm.leaving, design.censoring.event_rule, second
    )
    columns |= {
        "patient": patient,
        "arm": np.full(patient.size, arm.id),
        "entry_day": members.entry_day,
        "has_targets": found.assessment.measurable,
        "cut_day": fate.cut_day,
    }
    if central is not None:
        again = replace(central.outcome, overall_survival=outcome.overall_survival)
        columns |= two_readers(design, columns, again, central.assessment)
    columns |= {event_column(k): day for k, day in enumerate(members.events)}
    if design.analysis.looks or design.analysis.final_events:
        columns[SCANS] = scan_days(primary.assessment)
    columns |= markers(
        found.followed,
        design.analysis,
        patient,
        found.chance.visits,
        setting.assumptions,
    )
    columns["interval_weeks"] = np.full(patient.size, draw.interval_weeks)
    return pd.DataFrame(columns), found.followed.audit


def run_arms(
    design: TrialDesign,
    members: Mapping[str, Members],
    setting: Setting,
    streams: Streams,
    draws: Sequence[Draw],
    *,
    keep: Keep | None = None,
) -> tuple[dict[str, pd.DataFrame], Mapping[str, int]]:
    """Treat and scan the patients of every arm.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    members : mapping of str to Members
        Patients of each arm.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of all chance of this trial.
    draws : sequence of Draw
        Draws of chance with which every arm is followed, one after the other.
    keep : callable, optional
        See `run_arm`.

    Returns
    -------
    tuple of dict of str to DataFrame and mapping of str to int
        Patients of each arm with all endpoints, draw after draw; sums over arms of
        what the storey below counted.

    Raises
    ------
    InputError
        If an arm has no patients.
    """
    audit: Counter[str] = Counter()
    tables: dict[str, pd.DataFrame] = {}
    for arm in design.arms:
        here = members[arm.id]
        if not here.patient.size:
            raise InputError(
                f"No patient of {design.id} was randomized to {arm.id}; enroll more."
            )
        found: list[pd.DataFrame] = []
        for draw in draws:
            entering = here.entering(draw)
            table, counts = run_arm(
                design, arm, entering, setting, streams, draw, keep=keep
            )
            found.append(table)
            audit.update(counts)
        tables[arm.id] = pd.concat(found, ignore_index=True)
    return tables, dict(audit)


def _events(
    design: TrialDesign,
    arm: Arm,
    members: Members,
    table: pd.DataFrame,
    setting: Setting,
    streams: Streams,
) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Return adverse events and ends of treatment in an arm, option by option."""
    table = until_treated(as_treated(design, table))
    if not arm.choice:
        return [arm_events(arm, members, table, setting, streams)]
    decisions = setting.decisions.iloc[members.row]
    number = chosen(design, arm, decisions, members.patient, streams)
    return [
        arm_events(
            with_option(arm, int(index)),
            members.some(number == index),
            table.loc[number == index],
            setting,
            streams,
        )
        for index in np.unique(number)
    ]


def _enrolled(
    design: TrialDesign, setting: Setting, streams: Streams
) -> tuple[Enrollment, dict[str, Members], Draw]:
    """Return who is randomized, the patients of each arm, and how they are scanned."""
    if design.run_in is not None:
        draw = Draw(interval_weeks=draw_interval(design.visits, streams))
        return *randomize_at_event(design, design.run_in, setting, streams, draw), draw
    enrolled = enroll(
        design,
        setting.decisions,
        setting.weighted,
        streams=streams,
        patients=setting.patients,
    )
    members = {
        arm: enrolled.members(number) for number, arm in enumerate(design.arm_ids)
    }
    return enrolled, members, Draw(interval_weeks=draw_interval(design.visits, streams))


def conduct(
    design: TrialDesign, setting: Setting, streams: Streams, *, scans: bool = False
) -> Conducted:
    """Run one replicate of a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of all chance of this replicate.
    scans : bool
        Whether what was seen visit by visit is kept.

    Returns
    -------
    Conducted
        Patients with all endpoints.
    """
    enrolled, members, draw = _enrolled(design, setting, streams)
    kept: list[ArmScans] = []
    keep = kept.append if scans else None
    tables, audit = run_arms(design, members, setting, streams, [draw], keep=keep)
    harmed = [
        found
        for arm in design.arms
        for found in _events(
            design, arm, members[arm.id], tables[arm.id], setting, streams
        )
    ]
    whole = pd.concat(tables.values(), ignore_index=True).sort_values("patient")
    return Conducted(
        patients=whole.reset_index(drop=True),
        events=pd.concat([events for events, _ in harmed], ignore_index=True),
        ends=pd.concat([ends for _, ends in harmed], ignore_index=True),
        enrolled=enrolled,
        audit=audit,
        scans=tuple(kept),
    )
