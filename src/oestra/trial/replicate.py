"""One replicate of a trial: run it, then analyze the whole and every subgroup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.cdisc.encode import Encoded
from oestra.cdisc.formats import Format
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.trial.adam import (
    adverse_event_table,
    response_table,
    time_to_event_table,
)
from oestra.trial.analyze import (
    ArmEstimate,
    ContrastEstimate,
    analyze_arm,
    compare_arms,
)
from oestra.trial.conduct import conduct
from oestra.trial.design import TrialDesign
from oestra.trial.harm_count import HarmCount, count_harm
from oestra.trial.interaction import with_interaction
from oestra.trial.investigator_choice import choice_members
from oestra.trial.looks import Decision, decide, wins
from oestra.trial.subgroup import subgroup_members
from oestra.trial.tables.build import build_tables
from oestra.trial.trial_setting import Setting
from oestra.trial.two_readings import (
    by_other_reader,
    count_differences,
    other_reader,
)

__all__ = ["Replicate", "run_replicate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicate:
    """Estimates and patients of one replicate.

    Parameters
    ----------
    arms : mapping of (str, str) to ArmEstimate
        By stratum ("" for the whole trial) and arm.
    contrasts : mapping of (str, int, str) to ContrastEstimate
        By stratum, number of the contrast and endpoint.
    patients, responses : DataFrame
        Patient-level tables.
    audit : mapping of str to int
        What the storey below counted.
    decisions : tuple of Decision
        What was decided at each look.
    adverse_events : DataFrame
        Patient-level table of events.
    harm : HarmCount
        Events by arm.
    tables : mapping of str to Encoded
        Tables for statisticians by name, where they were asked for.
    readers : mapping of str to ndarray of int
        By arm, how two readers of its scans agree; see `count_differences`.
    """

    arms: Mapping[tuple[str, str], ArmEstimate]
    contrasts: Mapping[tuple[str, int, str], ContrastEstimate]
    patients: pd.DataFrame
    responses: pd.DataFrame
    audit: Mapping[str, int]
    decisions: tuple[Decision, ...]
    adverse_events: pd.DataFrame
    harm: HarmCount
    tables: Mapping[str, Encoded] = field(default_factory=dict)
    readers: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    def first(self, design: TrialDesign) -> ContrastEstimate | None:
        """Return the first contrast of the whole trial in the primary endpoint."""
        return self.contrasts.get(("", 0, design.analysis.primary.value))

    @property
    def won(self) -> bool:
        """Whether what the trial tests first is won, looks included."""
        return wins(self.decisions)


def _members(
    design: TrialDesign,
    baseline: pd.DataFrame,
    group: NDArray[np.int64],
    streams: Streams,
) -> dict[str, NDArray[np.bool_]]:
    strata = {"": np.ones(len(baseline), dtype=bool)}
    strata |= {name: group == index for index, name in enumerate(design.groups)}
    strata |= subgroup_members(design, baseline)
    return strata | choice_members(design, baseline, streams)


def _analyzed(
    design: TrialDesign, inside: pd.DataFrame, stratum: str
) -> tuple[
    dict[tuple[str, str], ArmEstimate], dict[tuple[str, int, str], ContrastEstimate]
]:
    """Estimate every arm of a stratum, and compare them in every time to an event."""
    by_arm = {name: inside.loc[inside["arm"] == name] for name in design.arm_ids}
    arms = {(stratum, name): analyze_arm(one, design) for name, one in by_arm.items()}
    contrasts = {
        (stratum, index, endpoint.value): compare_arms(
            by_arm[contrast.arm], by_arm[contrast.control], design, endpoint
        )
        for index, contrast in enumerate(design.contrasts)
        for endpoint in design.endpoints
    }
    return arms, contrasts


def run_replicate(
    design: TrialDesign,
    setting: Setting,
    streams: Streams,
    number: int,
    formats: Sequence[Format] = (),
) -> Replicate:
    """Run and analyze one replicate.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of chance of the trial; the replicate takes its own below it.
    number : int
        Number of the replicate, from 0.
    formats : sequence of Format
        In which its tables are encoded; none by default, and no tables.

    Returns
    -------
    Replicate
        Its estimates and patients.
    """
    here = streams.spawn(Stream.REPLICATE, number)
    done = conduct(design, setting, here, scans=bool(formats))
    table, enrolled = done.patients, done.enrolled
    table["stratum"] = enrolled.group * (1 + enrolled.stratum.max()) + enrolled.stratum
    baseline = setting.decisions.iloc[enrolled.row].reset_index(drop=True)
    arms: dict[tuple[str, str], ArmEstimate] = {}
    contrasts: dict[tuple[str, int, str], ContrastEstimate] = {}
    endpoints = design.endpoints
    members = _members(design, baseline, enrolled.group, here)
    for stratum, member in members.items():
        own, compared = _analyzed(design, table.loc[member], stratum)
        arms |= own
        contrasts |= compared
        for index, contrast in enumerate(design.contrasts):
            if stratum:
                key = stratum, index, design.analysis.primary.value
                contrasts[key] = with_interaction(
                    contrasts[key], table.loc[~member], design, contrast
                )
    reader = other_reader(design)
    readers: dict[str, NDArray[np.int64]] = {}
    if reader is not None:
        again = by_other_reader(table)
        own, compared = _analyzed(design, again, reader.stratum)
        arms, contrasts = arms | own, contrasts | compared
        readers = {
            name: count_differences(table.loc[table["arm"] == name])
            for name in design.arm_ids
        }
    return Replicate(
        arms=arms,
        contrasts=contrasts,
        patients=time_to_event_table(table, design, endpoints, number),
        responses=response_table(table, design, number),
        audit=done.audit,
        decisions=decide(table, design, members),
        adverse_events=adverse_event_table(table, done.events, design, number),
        tables=build_tables(design, done, baseline, members, number, formats),
        harm=count_harm(design, done.events, done.ends),
        readers=readers,
    )
