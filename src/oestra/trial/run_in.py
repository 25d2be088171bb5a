"""Randomization at an event: a run-in that everybody takes, and who comes to the event.

The run-in is simulated once. Who comes to the event while treated and without
progression is randomized with the four weeks of treatment that begin next, in the order
of the calendar, until the arms are full. From there on she is followed under her arm,
and all times count from there; her disease goes on as it went.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.trial.arm_treatment import Event, Phase, RunIn
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.enroll import Enrollment, arm_numbers, enroll
from oestra.trial.members import Draw, Members, RunInTaken
from oestra.trial.switch_event import next_begins
from oestra.trial.treat import treat
from oestra.trial.trial_setting import Setting

__all__ = ["randomize_at_event"]

Array = NDArray[np.float64]


def _before(design: TrialDesign, run_in: RunIn) -> TrialDesign:
    """Return the run-in as a trial of one arm, which ends with the event."""
    arm = Arm(
        id="run-in",
        label="run-in",
        n=run_in.n,
        phases=(Phase(regimen=run_in.regimen, until=run_in.until),),
    )
    return design.model_copy(
        update={"arms": (arm,), "randomized": False, "run_in": None}
    )


def randomize_at_event(
    design: TrialDesign,
    run_in: RunIn,
    setting: Setting,
    streams: Streams,
    draw: Draw,
) -> tuple[Enrollment, dict[str, Members]]:
    """Enroll into a run-in, and randomize who comes to its event.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    run_in : RunIn
        Its run-in.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of all chance of this trial.
    draw : Draw
        The draw of chance with which patients are followed.

    Returns
    -------
    enrolled : Enrollment
        The randomized, in order of randomization; ``entry_day`` is that of it.
    members : dict of str to Members
        Patients of each arm.

    Raises
    ------
    InputError
        If too few come to the event for every arm to have somebody.
    """
    planned = sum(arm.n for arm in design.arms)
    most = planned if setting.patients is None else setting.patients
    plan = _before(design, run_in)
    everybody = enroll(
        plan,
        setting.decisions,
        setting.weighted,
        streams=streams,
        patients=round(run_in.n * most / planned),
    )
    day = _event_days(plan, run_in.until, everybody, setting, streams, draw)
    calendar = everybody.entry_day + day
    came = np.argsort(calendar, kind="stable")[: int(np.isfinite(day).sum())][:most]
    if len(came) < len(design.arms):
        raise InputError(
            f"{len(came)} of {len(everybody.row)} patients of {design.id} came to the "
            f"event {run_in.until.event.value} in the run-in, too few for "
            f"{len(design.arms)} arms; let more begin it, or follow them longer."
        )
    stratum = everybody.stratum[came]
    arm = arm_numbers(design, stratum, streams.spawn(Stream.RANDOMIZE, Stream.PHASE))
    enrolled = Enrollment(
        row=everybody.row[came],
        entry_day=calendar[came],
        stratum=stratum,
        arm=arm,
        group=np.zeros(len(came), dtype=np.int64),
    )
    members: dict[str, Members] = {}
    for number, name in enumerate(design.arm_ids):
        some = enrolled.members(number)
        taken = RunInTaken(regimen=run_in.regimen, days=day[came][some.patient])
        members[name] = replace(some, before=taken)
    return enrolled, members


def _event_days(
    plan: TrialDesign,
    until: Event,
    everybody: Enrollment,
    setting: Setting,
    streams: Streams,
    draw: Draw,
) -> Array:
    """Return the days from entry on which patients are randomized, inf for never."""
    arm = plan.arms[0]
    members = everybody.members(0)
    seen = treat(plan, arm, members, setting, streams, draw)
    day = next_begins(until, 0, seen, members, setting=setting, design=plan)
    # What is found between the event and randomization keeps a patient out.
    last = np.minimum.reduce(
        [
            seen.progression_day,
            seen.followed.new_lesion_day,
            seen.followed.symptom_day,
            seen.fate.death_day,
            seen.fate.last_day,
            seen.harm.leaving.stop_day,
            seen.fate.cut_day - 1.0,
        ]
    )
    return np.where(day < last, day, np.inf)
