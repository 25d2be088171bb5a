"""Measurements as the culture room repeats them: what it predicts, and how far off.

Errors of a course hang together, so that the readings of one count as one: each is
given the error of its noise and of the model, times the root of their number.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from oestra.calibration.cells.experiment import Arm, Experiment, Seen, Setting, words
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.core.read_yaml import read_yaml
from oestra.drugs.load import drugs
from oestra.evidence.cell_measurement import (
    CellMeasurement,
    Direction,
    cell_measurements,
)
from oestra.network.cell_line import find_line

__all__ = ["KINDS", "Predicted", "Reading", "readings", "repeat"]

KINDS = {
    "kinase": 0.25,
    "growth": 0.5,
    "protein": 0.35,
    "drug": 0.2,
    "direction": 1.0,
    "null": 0.25,
}
"""Standard deviation of the model itself by kind of reading: log10 of kinases, log2 of
cells and proteins, GR of drugs."""
_LOST = 6.0
_STARVED = "starved"
_TOP = 1e4
_GR_DAYS = 3.0
_LEAST = 1e-9

Needs = tuple[tuple[Setting, Arm, tuple[float, ...]], ...]
Sight = Callable[[Setting, Arm, str, float], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measurement that the culture room can repeat.

    Parameters
    ----------
    id : str
        Key of the row; rows with several symbols have one reading each.
    kind : str
        One of `KINDS`.
    group : str
        Experiment it belongs to; left out as a whole in cross-validation.
    course : str
        Readings whose errors hang together.
    observed : float
        On the scale of its kind; of directions 1, -1 or 0.
    error : float
        Standard deviation of the measurement on that scale.
    side : int
        1 where the truth is at least the observed, -1 where at most, else 0.
    needs : tuple
        Setting, arm and days of each dish that must be seen.
    predict : callable
        Takes what was seen, returns the prediction on the same scale.
    nothing : float
        What it would read if nothing had an effect.
    weight : float
        Share of a whole reading that it counts for.
    """

    id: str
    kind: str
    group: str
    course: str
    observed: float
    error: float
    side: int = 0
    needs: Needs
    predict: Callable[[Sight], float]
    nothing: float = 0.0
    weight: float = 1.0

    def residual(self, value: float) -> float:
        """Return standard errors by which a prediction exceeds the measurement."""
        if not math.isfinite(value):
            return _LOST
        if self.kind == "direction":
            if self.observed:
                return max(0.0, 0.15 - self.observed * value) / 0.15
            return float(np.clip(value / 0.3, -_LOST, _LOST))
        off = value - self.observed
        if self.side * off > 0:
            off = 0.0
        return float(np.clip(off / self.total_error, -_LOST, _LOST))

    @property
    def total_error(self) -> float:
        """Standard deviation of measurement and model, as far as it counts alone."""
        return math.hypot(self.error, KINDS[self.kind]) / math.sqrt(self.weight)

    def value_at(self, residual: float) -> float:
        """Return a prediction that is off by a residual."""
        if self.kind == "direction":
            if self.observed:
                return self.observed * 0.15 * (1.0 - residual)
            return 0.3 * residual
        return self.observed + residual * self.total_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """What the culture room makes of a measurement.

    Parameters
    ----------
    reading : Reading
        The measurement.
    value : float
        Predicted; NaN where the cells could not be followed.
    """

    reading: Reading
    value: float

    @property
    def residual(self) -> float:
        """Standard errors by which the prediction exceeds the measurement."""
        return self.reading.residual(self.value)


def _medium(word: str) -> str:
    known = words()
    return known["media"][known["media_words"].get(word, word)]["text"]


def _steps(steps: Iterable[str]) -> tuple[str, ...]:
    return tuple(words()[_STARVED] if one == _STARVED else one for one in steps)


def _log(x: float, base: float) -> float:
    return math.log(max(x, _LEAST)) / math.log(base)


def _arm(treatment: str, dose: float | None = None) -> Arm:
    """Return the arm of a treatment in words, or of an inhibitor at a dose, nM."""
    known = words()
    name = treatment.removesuffix(" dose series").removesuffix(" about 10 uM")
    if dose is not None:
        load = known["loads"].get(name)
        if load is None:
            return Arm(condition=f"{name} {dose:.6g} nM")
        both = {load["parameter"]: load["half"], **load.get("also", {})}
        return Arm(loads=tuple((k, dose / half) for k, half in sorted(both.items())))
    return Arm(condition=known["treatments"].get(treatment, treatment))


def _symbol(row: CellMeasurement) -> str:
    return words()["readouts"][row.readout][0]


def _ligand(row: CellMeasurement) -> Reading | None:
    name = row.treatment.split()[0]
    known = name in words()["ligands"]
    arm = Arm(condition=row.treatment) if known else Arm()
    setting = Setting(
        line=row.line, medium=_medium(row.medium), pretreat=(words()[_STARVED],)
    )
    days, symbol = (row.time_h or 0.0) / 24.0, _symbol(row)
    floor = words()["floors"].get(row.readout, {}).get("value", 0.0)
    side = 0
    if not floor and row.censored:
        side = -1 if row.censored == "floor" else 1

    def fold(see: Sight) -> float:
        now, before = see(setting, arm, symbol, days), see(setting, Arm(), symbol, 0.0)
        return _log(max(now, floor) / max(before, floor, _LEAST), 10)

    return Reading(
        id=row.id,
        kind="kinase" if known else "null",
        group=f"{row.source}/{row.line}/{name}",
        course=f"{row.source}/{row.line}/{row.treatment}/{row.readout}",
        observed=float(row.value),
        error=row.sd or 0.15,
        side=side,
        needs=((setting, arm, (days,)), (setting, Arm(), (0.0,))),
        predict=fold,
    )


_BLOT = (0.0, 5 / 60, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


def _blot(row: CellMeasurement) -> Reading | None:
    """Read a share of the largest signal of a blot that held both ligands."""
    if not row.time_h:
        return None
    setting = Setting(
        line=row.line, medium=_medium(row.medium), pretreat=(words()[_STARVED],)
    )
    both = [Arm(condition=name) for name in ("EGF 10 nM", "NRG1 10 nM")]
    arm, symbol = Arm(condition=row.treatment), _symbol(row)
    times = tuple(hour / 24 for hour in _BLOT)
    value, days = float(row.value), row.time_h / 24

    def share(see: Sight) -> float:
        top = max(see(setting, one, symbol, t) for one in both for t in times)
        return _log(see(setting, arm, symbol, days) / top, 10)

    return Reading(
        id=row.id,
        kind="kinase",
        group=f"{row.source}/{row.line}/{row.treatment.split()[0]}",
        course=f"{row.source}/{row.treatment}/{row.readout}",
        observed=_log(value, 10),
        error=max((row.sd or 0.05) / value / math.log(10), 0.05),
        needs=tuple((setting, one, times) for one in both),
        predict=share,
    )


def _grown(row: CellMeasurement) -> Setting:
    steps = (words()["grown"],) if row.source == "he2025" else ()
    return Setting(line="MCF-7", medium=_medium(row.medium), pretreat=steps)


def _growth(row: CellMeasurement) -> Reading | None:
    if row.censored in {"confluent"}:
        return None
    arm, hours = _arm(row.treatment), row.time_h or 0.0
    setting, days = _grown(row), hours / 24.0
    value, sd = float(row.value), row.sd or 0.0
    number = "log_cell_number"
    needs: Needs = ((setting, arm, (days,)), (setting, Arm(), (days,)))

    def fold(see: Sight) -> float:
        return see(setting, arm, number, days) / math.log(2)

    def over_vehicle(see: Sight) -> float:
        return fold(see) - see(setting, Arm(), number, days) / math.log(2)

    if row.readout == "cell_number_fold":
        predict, observed, error = fold, math.log2(value), sd / value / math.log(2)
    elif row.readout == "cells_over_vehicle":
        predict, observed = over_vehicle, math.log2(value)
        error = sd / value / math.log(2)
    elif row.readout == "yield_over_no_estradiol":
        predict, observed, error = over_vehicle, math.log2(value), 0.5
    else:
        return None
    treated = row.treatment if row.treatment != "none" else row.medium
    return Reading(
        id=row.id,
        kind="growth",
        group=f"{row.source}/{treated}",
        course=f"{row.source}/{treated}/{row.note[:8]}",
        observed=observed,
        error=error,
        side=1 if "confluen" in row.censored else 0,
        needs=needs,
        predict=predict,
        nothing=hours / _doubling(setting.line) if predict is fold else 0.0,
    )


def _doubling(line: str) -> float:
    """Return the hours in which an untreated line doubles."""
    known = find_line(line).founder.doubling_time
    return math.inf if known is None else known.value


def _weekly(row: CellMeasurement) -> Reading | None:
    """Read the growth of a week on tamoxifen over that without."""
    if not row.treatment.startswith("tamoxifen"):
        return None
    week = int(row.scale.split()[-1])
    setting, arm = _grown(row), _arm(row.treatment)
    days = (7.0 * (week - 1), 7.0 * week)
    log_control = math.log(3.3)

    def slowed(see: Sight) -> float:
        grown = [see(setting, arm, "log_cell_number", day) for day in days]
        free = [see(setting, Arm(), "log_cell_number", day) for day in days]
        # Cells of that laboratory double more slowly; their share of growth is read.
        share = (grown[1] - grown[0]) / (free[1] - free[0])
        return share * log_control / math.log(2)

    return Reading(
        id=row.id,
        kind="growth",
        group=f"{row.source}/tamoxifen",
        course=f"{row.source}/tamoxifen",
        observed=math.log2(float(row.value)),
        error=(row.sd or 0.1) / float(row.value) / math.log(2),
        needs=((setting, arm, days), (setting, Arm(), days)),
        predict=slowed,
        nothing=log_control / math.log(2),
    )


def _protein(row: CellMeasurement) -> Reading | None:
    if row.readout not in words()["readouts"] or row.treatment == "none":
        return None
    setting, arm, symbol = _grown(row), _arm(row.treatment), _symbol(row)
    days = (row.time_h or 0.0) / 24.0
    value = float(row.value)
    if row.scale.startswith("over time 0"):
        # The untreated dish of the same day is the control.
        value /= _controls()[row.readout, row.time_h]

    def ratio(see: Sight) -> float:
        treated = see(setting, arm, symbol, days)
        return _log(treated / max(see(setting, Arm(), symbol, days), _LEAST), 2)

    return Reading(
        id=row.id,
        kind="protein",
        group=f"{row.source}/{row.treatment}",
        course=f"{row.source}/{row.treatment}/{row.readout}",
        observed=_log(value, 2),
        error=(row.sd or 0.15) / float(row.value) / math.log(2),
        needs=((setting, arm, (days,)), (setting, Arm(), (days,))),
        predict=ratio,
    )


@cache
def _controls() -> Mapping[tuple[str, float | None], float]:
    return {
        (row.readout, row.time_h): float(row.value)
        for row in cell_measurements()
        if row.kind == "protein_timecourse" and row.treatment == "none"
    }


def _drug(row: CellMeasurement) -> Reading | None:
    name, largest = row.treatment.split()[0], row.readout == "grmax"
    if row.readout == "gr_auc" or not _inhibits(name):
        return None
    setting = Setting(line=row.line, medium=_medium(row.medium), pretreat=())
    number = "log_cell_number"

    dose = _TOP if largest else float(row.value)
    arm = _arm(row.treatment, dose)

    def gr(see: Sight) -> float:
        treated = see(setting, arm, number, _GR_DAYS)
        return 2.0 ** (treated / see(setting, Arm(), number, _GR_DAYS)) - 1.0

    # Growth is read at the dose that was half-maximal; GR falls by about a third a
    # decade there, by which the error of a dose becomes one of GR. At 10 uM
    # inhibitors hit much else, and the potencies of some are assumed.
    besides = 0.2 if largest else 0.35 * math.hypot(row.sd or 0.3, 0.5 * _assumed(name))
    side = -1 if "below the lowest" in row.censored else 0
    return Reading(
        id=row.id,
        kind="drug",
        group=f"{row.source}/{name}",
        course=f"{row.source}/{name}/{row.readout}",
        observed=float(row.value) if largest else 0.5,
        error=math.hypot(row.sd or 0.1, besides) if largest else besides,
        side=1 if "not reached" in row.censored else side,
        needs=tuple((setting, one, (_GR_DAYS,)) for one in (Arm(), arm)),
        predict=gr,
        nothing=1.0,
    )


def _assumed(name: str) -> bool:
    return name in words()["loads"]


def _inhibits(name: str) -> bool:
    """Tell whether the cell holds what an inhibitor acts on."""
    return _assumed(name) or name in {
        plain for drug in drugs().values() for plain in (drug.id, *drug.aliases)
    }


@cache
def _directed() -> Mapping[str, Mapping[str, Any]]:
    text = (
        files("oestra.calibration.cells").joinpath("directions.yaml").read_text("utf-8")
    )
    return read_yaml(text)


def _direction(row: CellMeasurement) -> list[Reading]:
    how = _directed().get(row.id)
    if how is None:
        return []
    medium = _medium(how["medium"])
    setting = Setting(line=how["line"], medium=medium, pretreat=_steps(how["pretreat"]))
    control = Setting(
        line=how["line"],
        medium=medium,
        pretreat=_steps(how.get("control_pretreat", how["pretreat"])),
    )
    arm, against = Arm(condition=how["arm"]), Arm(condition=how["control"])
    days = float(how["days"])
    signs = {Direction.UP: 1.0, Direction.DOWN: -1.0, Direction.SAME: 0.0}

    def reading(symbol: str) -> Reading:
        def change(see: Sight) -> float:
            treated = see(setting, arm, symbol, days)
            untreated = see(control, against, symbol, days)
            if symbol == "growth_rate":
                return (treated - untreated) / 0.3
            return _log(treated / max(untreated, _LEAST), math.e)

        return Reading(
            id=f"{row.id}/{symbol}",
            kind="direction",
            group=f"{row.source}/{row.id}",
            course=row.id,
            observed=signs.get(row.value, 1.0)
            if isinstance(row.value, Direction)
            else 1.0,
            error=1.0,
            needs=((setting, arm, (days,)), (control, against, (days,))),
            predict=change,
        )

    return [reading(symbol) for symbol in how["symbols"]]


def _of(row: CellMeasurement) -> list[Reading]:
    if row.kind == "directions":
        return _direction(row)
    if row.kind == "ligand_timecourse":
        read = _blot if row.source == "imoto2022" else _ligand
    elif row.kind == "growth_timecourse":
        read = _weekly if row.source == "magi2021" else _growth
    elif row.kind == "protein_timecourse":
        read = _protein
    elif row.kind == "drug_response":
        read = _drug
    else:
        return []
    found = read(row)
    return [] if found is None else [found]


@cache
def readings() -> tuple[Reading, ...]:
    """Return every measurement that the culture room can repeat."""
    found = [one for row in cell_measurements() for one in _of(row)]
    size = Counter(one.course for one in found)
    return tuple(replace(one, weight=1.0 / size[one.course]) for one in found)


def repeat(
    parameters: ParameterSet, chosen: Iterable[Reading] | None = None
) -> list[Predicted]:
    """Repeat the experiments behind measurements.

    Parameters
    ----------
    parameters : ParameterSet
        The model's parameters.
    chosen : iterable of Reading, optional
        Which; all by default.

    Returns
    -------
    list of Predicted
        In the order of the readings.
    """
    wanted = list(readings() if chosen is None else chosen)
    plan: dict[Setting, tuple[set[Arm], set[float]]] = {}
    for one in wanted:
        for setting, arm, days in one.needs:
            arms, times = plan.setdefault(setting, (set(), set()))
            arms.add(arm)
            times.update(days)
    seen: dict[Setting, Seen] = {}
    for setting, (arms, times) in plan.items():
        try:
            seen[setting] = Experiment.of(setting, arms, times).run(parameters)
        except OestraError:
            continue

    def see(setting: Setting, arm: Arm, symbol: str, days: float) -> float:
        if setting not in seen:
            return math.nan
        return seen[setting].at(arm, symbol, days)

    return [Predicted(reading=one, value=one.predict(see)) for one in wanted]
