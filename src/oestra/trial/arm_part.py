"""Some of very many patients who all take one arm: a task that stands alone.

A patient's draws depend on her number and that of her part, and not on what else is
simulated, so parts may come in any order, in any process, and on any machine.
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.library import Library
from oestra.core.parameter_set import ParameterSet
from oestra.core.source_code import code_digest, module_closure
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.drugs.drug import Drug
from oestra.drugs.fingerprint import acting_parts
from oestra.drugs.regimen import Regimen
from oestra.follow.choices import later_practice
from oestra.history.store import COHORT_PATIENTS, COHORT_SEED, cohort_key, load_cohort
from oestra.history.therapies import practice
from oestra.network.digest import source_digest
from oestra.trial.adam import RESPONSES
from oestra.trial.assumption import assumptions
from oestra.trial.conduct import run_arm
from oestra.trial.criterion import evaluate
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.members import Draw, Members
from oestra.trial.recipe import Recipe
from oestra.trial.trial_setting import Setting
from oestra.trial.visit import draw_interval

__all__ = ["INPUT", "ArmPart", "ArmRun", "arm_run", "part_file", "simulate_part"]

INPUT = b"oestra_input"
"""Key of the metadata of a file that holds the fingerprint of what went in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRun:
    """What all parts of a run share.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    arm : str
        Id of the arm that everybody takes.
    parameters : ParameterSet
        The model's parameters, which know their library.
    seed : int
        Seed of all chance.
    key : str
        Fingerprint of all this and of the code; see `arm_run`.
    """

    sent_apart: ClassVar[bool] = True
    design: TrialDesign = field(compare=False)
    arm: str
    parameters: ParameterSet = field(compare=False)
    seed: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmPart:
    """The patients of one task.

    Parameters
    ----------
    run : ArmRun
        What is simulated.
    first : int
        Number of the first patient, from 0.
    count : int
        How many.
    number : int
        Number of the part, from 0. Copies of one patient of the pool that are in
        different parts meet chance anew, as in different trials.
    """

    run: ArmRun
    first: int
    count: int
    number: int

    @property
    def key(self) -> str:
        """Fingerprint of what goes in: parts with equal keys are equal."""
        text = f"{self.run.key}\0{self.first}\0{self.count}\0{self.number}"
        return hashlib.sha256(text.encode()).hexdigest()


def arm_run(
    design: TrialDesign, arm: str, parameters: ParameterSet, seed: int
) -> ArmRun:
    """Return a run with its fingerprint.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    arm : str
        Id of one of its arms.
    parameters : ParameterSet
        The model's parameters.
    seed : int
        Seed of all chance.

    Returns
    -------
    ArmRun
        What parts are made from.
    """
    library = parameters.library
    if design.run_in is not None:
        raise InputError(
            f"{design.id} randomizes after a run_in, so that no arm stands alone; "
            f"'oestra trial {design.id}' runs it."
        )
    parts = (
        design.model_dump_json(),
        arm,
        seed,
        parameters.digest,
        source_digest(library),
        cohort_key(COHORT_PATIENTS, parameters, COHORT_SEED),
        acting_parts(_drugs(design, arm, library), harm=True),
        sorted(later_practice().items()),
        repr(assumptions()),
        code_digest(module_closure([__name__])),
    )
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    return ArmRun(design=design, arm=arm, parameters=parameters, seed=seed, key=key)


def _drugs(design: TrialDesign, arm: str, library: Library) -> list[Drug]:
    """Return the drugs that patients may take on trial and after it."""
    own = design.arm(arm)
    texts = [*own.regimens, *([own.crossover.regimen] if own.crossover else [])]
    known = practice(library)
    regimens = [Regimen.parse(text, library) for text in texts]
    given = {
        component.drug.id: component.drug
        for regimen in (*regimens, *known.regimens, *known.chemotherapy)
        for component in regimen.components
    }
    return [one for _, drug in sorted(given.items()) for one in drug.moieties]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """What a process keeps from part to part.

    ``edges`` are the cumulated chances of the eligible decisions to be drawn.
    """

    arm: Arm
    setting: Setting
    edges: NDArray[np.float64]
    patient: NDArray[np.int64]


@lru_cache(maxsize=1)
def _ready(run: ArmRun) -> _Ready:
    """Return what a run needs, made once a process."""
    design = run.design
    pool = load_cohort(run.parameters)
    setting = Recipe(
        design=design, pool=pool, seed=run.seed, assumptions=assumptions()
    ).setting
    chance = _chances(design, run.arm, setting)
    edges = np.cumsum(chance)
    return _Ready(
        arm=design.arm(run.arm),
        setting=setting,
        edges=edges / edges[-1],
        patient=setting.decisions["patient"].to_numpy(),
    )


def _chances(design: TrialDesign, arm: str, setting: Setting) -> NDArray[np.float64]:
    """Return the chance of each eligible decision to be drawn into an arm.

    Groups that are enrolled apart have the shares that the trial gave them.
    """
    weight = setting.weighted.weight
    table = setting.decisions.iloc[setting.weighted.rows]
    found = np.zeros(len(weight))
    for group in design.groups.values():
        able = weight * evaluate(group.where, table, design.definitions)
        if able.sum() > 0:
            found += group.n.get(arm, 0) * able / able.sum()
    return found if design.groups else weight


def simulate_part(part: ArmPart) -> pa.Table:
    """Simulate some of the patients of an arm.

    Parameters
    ----------
    part : ArmPart
        Who, and through what.

    Returns
    -------
    Table
        One row per patient: her number, whom of the pool she is a copy of, days of
        entry and data cut, every endpoint with what ended it, and markers. Its
        metadata hold the part's key.
    """
    run, design = part.run, part.run.design
    ready = _ready(run)
    streams = Streams(run.seed).spawn(Stream.TRIAL, design.chance_id, Stream.ONE_ARM)
    patient = np.arange(part.first, part.first + part.count)
    level = streams.uniform(Stream.ENROLL, patient)[:, 0]
    place = np.searchsorted(ready.edges, level, side="right")
    row = ready.setting.weighted.rows[np.minimum(place, len(ready.edges) - 1)]
    entry = streams.uniform(Stream.ENTRY, patient)[:, 0]
    table, _ = run_arm(
        design,
        ready.arm,
        Members(
            patient=patient,
            row=row,
            entry_day=entry * design.accrual_months * DAYS_PER_MONTH,
        ),
        ready.setting,
        streams,
        Draw(
            interval_weeks=draw_interval(design.visits, streams),
            number=part.number,
            until_day=design.longest_days,
        ),
    )
    table.insert(1, "pool_patient", ready.patient[row])
    return _arrow(table, part.key)


def _arrow(table: pd.DataFrame, key: str) -> pa.Table:
    """Return a table with words in place of codes, patients first."""
    columns = {name: table[name].to_numpy() for name in table.columns}
    columns["best_response"] = np.array(RESPONSES)[columns["best_response"]]
    names = ["patient", *(name for name in columns if name != "patient")]
    arrays = []
    for name in names:
        array = pa.array(columns[name])
        arrays.append(
            array.dictionary_encode() if pa.types.is_string(array.type) else array
        )
    found = pa.Table.from_arrays(arrays, names=names)
    return found.replace_schema_metadata({INPUT: key.encode()})


def part_file(part: ArmPart) -> bytes:
    """Simulate a part and return it as a Parquet file.

    Parameters
    ----------
    part : ArmPart
        Who, and through what.

    Returns
    -------
    bytes
        The file.
    """
    file = BytesIO()
    pq.write_table(simulate_part(part), file, compression="zstd")
    return file.getvalue()
