"""Experiments on cells in culture: the same cells with and without a treatment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.library import Library, library_of
from oestra.core.parameter_set import ParameterSet
from oestra.culture.genotype import parse_genotype
from oestra.culture.medium import Condition, Step
from oestra.culture.readout import Readout, find_readout, read_as
from oestra.culture.schedule import Schedule, constant, parse_schedule, parse_steps
from oestra.culture.strain import Strain, culture_kernel, establish
from oestra.model.parameters import best_parameters
from oestra.network.cell import cell
from oestra.network.cell_line import find_line

__all__ = ["CellResult", "Culture", "prepare", "run_cell"]

Array = NDArray[np.float64]
READOUTS = ("growth_rate", "ki67", "apoptosis_rate", "cell_number_fold")
"""What is read when nothing is asked for."""
_WEEK = 7.0
_LONGEST = 730.0
"""Days; beyond, cell numbers would leave what a computer can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture:
    """Cells ready for an experiment.

    Parameters
    ----------
    strain : Strain
        Line and genes.
    medium : dict of str to float
        Hormones and growth factors at the start of the experiment, nM.
    changes : Schedule
        What the medium of the experiment differs in from that of the line, over time.
    pretreatment : tuple of Step
        What the cells went through before.
    y : ndarray, shape (states,)
        Their state when the experiment starts.
    """

    strain: Strain
    medium: dict[str, float]
    changes: Schedule
    pretreatment: tuple[Step, ...]
    y: Array

    @property
    def library(self) -> Library:
        """The library that line, drugs and readouts come from."""
        return self.strain.common.library

    @property
    def symbols(self) -> tuple[str, ...]:
        """Symbols of the cell that are recorded."""
        return culture_kernel(self.library).outputs

    @property
    def told_medium(self) -> str:
        """What the cells grow in, as the grammar writes it."""
        if not self.changes.changes:
            return str(Condition(substances=self.medium))
        return str(self.changes.each(lambda one: one.within(self.strain.medium)))

    def grow(self, conditions: Sequence[Condition | Schedule], at: Array) -> Array:
        """Grow one culture in each of several conditions, all from the same state.

        Parameters
        ----------
        conditions : sequence of Condition or Schedule
            What differs from the medium.
        at : ndarray, shape (points,)
            Days of the readings, ascending; the last ends the experiment.

        Returns
        -------
        ndarray, shape (conditions, points, symbols)
            The symbols of `oestra.culture.strain.culture_kernel`. A reading on a day
            on which something changes is taken before the change.

        Raises
        ------
        InputError
            If something would be given after the end.
        """
        given = [
            constant(one) if isinstance(one, Condition) else one for one in conditions
        ]
        days = float(at[-1])
        for one in (self.changes, *given):
            one.check_within(days)
        y, start = self.y, 0.0
        parts: list[Array] = []
        for end, rows in _held_together([self.changes, *given], days):
            now = {**self.strain.medium, **rows[0].substances}
            full = [row.within(now) for row in rows[1:]]
            inside = at[(at <= end) & ((at > start) | (start == 0.0))]
            # The solver wants a reading; one at the end is dropped where none is asked.
            wanted = inside - start if len(inside) else np.array([end - start])
            done = self.strain.grow(y, full, end - start, at=wanted)
            parts.append(done.outputs[:, : len(inside)])
            y, start = done.y, end
        return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def read(
        self, readout: Readout, conditions: Sequence[Condition | Schedule], at: Array
    ) -> Array:
        """Return one readout in each of several conditions, (conditions, points)."""
        return readout.of(self.grow(conditions, at), self.symbols)


def _held_together(
    schedules: Sequence[Schedule], days: float
) -> Iterator[tuple[float, list[Condition]]]:
    """Return until when all schedules hold, and what each then gives."""
    spans = [list(one.spans(days)) for one in schedules]
    for end in sorted({end for one in spans for end, _ in one}):
        yield end, [next(c for last, c in one if end <= last) for one in spans]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """The courses of untreated and treated cells from the same state.

    Parameters
    ----------
    line : str
        The cell line.
    genotype : dict of str to str
        Its altered genes.
    medium : str
        What both cultures grow in.
    pretreatment : tuple of str
        What both went through.
    drug : str
        What the treated culture gets besides.
    readouts : tuple of Readout
        What was read.
    times_days : ndarray, shape (points,)
        When, from the start of treatment.
    untreated, treated : dict of str to ndarray, shape (points,)
        The courses by readout.
    model : str
        Hash of the cell's sources.
    """

    line: str
    genotype: dict[str, str]
    medium: str
    pretreatment: tuple[str, ...]
    drug: str
    readouts: tuple[Readout, ...]
    times_days: Array
    untreated: dict[str, Array]
    treated: dict[str, Array]
    model: str

    def table(self) -> pd.DataFrame:
        """Return the courses as rows of culture, days and one column a readout."""
        parts = [
            pd.DataFrame({"culture": name, "days": self.times_days, **courses})
            for name, courses in (
                ("untreated", self.untreated),
                ("treated", self.treated),
            )
        ]
        return pd.concat(parts, ignore_index=True)

    def final(self, readout: str) -> tuple[float, float]:
        """Return a readout at the end, untreated and treated."""
        name = read_as(readout, self.readouts)
        return float(self.untreated[name][-1]), float(self.treated[name][-1])

    def ratio(self, readout: str) -> float:
        """Return a readout at the end, treated over untreated."""
        untreated, treated = self.final(readout)
        return treated / untreated

    def to_json_dict(self) -> dict[str, Any]:
        """Return the experiment and its courses as JSON can hold them."""
        times = self.times_days.tolist()
        return {
            "line": self.line,
            "genotype": self.genotype,
            "medium": self.medium,
            "pretreatment": list(self.pretreatment),
            "drug": self.drug,
            "model": self.model,
            "readouts": {
                one.name: {
                    "unit": one.unit,
                    "text": one.text,
                    "untreated": self.untreated[one.name].tolist(),
                    "treated": self.treated[one.name].tolist(),
                    "times_days": times,
                }
                for one in self.readouts
            },
        }


def prepare(
    line: str,
    *,
    set: Sequence[str] = (),  # noqa: A002 - the word of the command line
    medium: str = "none",
    pretreat: Sequence[str] = (),
    parameters: ParameterSet | None = None,
) -> Culture:
    """Take a line from its medium through a pretreatment.

    Parameters
    ----------
    line : str
        Name of a cell line.
    set : sequence of str
        Lesions, such as ``"PIK3CA=H1047R"``; each takes the place of what the line
        carries in that gene.
    medium : str
        What differs from the medium the line is kept in, such as
        ``"estradiol 0 nM + EGF 1 nM"``; ``"none"`` for nothing. It may change, as in
        ``"estradiol 0 nM for 3 days then none"``.
    pretreat : sequence of str
        Steps before the experiment, in that medium but for what they name, such as
        ``"estradiol 0 nM for 180 days"``.
    parameters : ParameterSet, optional
        Parameters of the model, which know their library; the best set by default.

    Returns
    -------
    Culture
        Cells that were at rest in the line's own medium and then lived through the
        pretreatment.

    Raises
    ------
    InputError
        If a line, lesion, substance, drug, unit or length cannot be used.
    """
    common = parameters or best_parameters(library_of())
    library = common.library
    genotype = parse_genotype(set, library)
    found = find_line(line, library)
    changes = parse_schedule(medium, library, drugs=False)
    steps = tuple(step for text in pretreat for step in parse_steps(text, library))
    strain = establish(found, genotype, common)
    full = {**strain.medium, **changes.on(0.0).substances}
    y = strain.y.copy()
    for step in steps:
        y = strain.grow(y, [step.condition.within(full)], step.days).y[0]
    y[cell(library).states["log_cell_number"]] = 0.0
    return Culture(strain=strain, medium=full, changes=changes, pretreatment=steps, y=y)


def reading_days(days: float, points: int) -> Array:
    """Return the days of the readings, from 0.

    Raises
    ------
    InputError
        If the experiment has no length, is longer than two years, or has fewer than
        two readings.
    """
    if not 0.0 < days <= _LONGEST:
        raise InputError(
            f"An experiment lasts more than 0 and at most {_LONGEST:g} days, "
            f"got {days:g}."
        )
    if not 2 <= points <= 10_000:
        raise InputError(f"Readings are taken 2 to 10000 times, got {points}.")
    return np.linspace(0.0, float(days), points)


def chosen_days(at: Sequence[float], days: float | None) -> Array:
    """Return chosen days of readings, ascending.

    Raises
    ------
    InputError
        If there is none, one lies before the start or after the end, or is given
        twice.
    """
    chosen = np.array(sorted(at), dtype=float)
    last = _LONGEST if days is None else days
    if not (len(chosen) and np.isfinite(chosen).all()):
        raise InputError("Days of readings are needed, such as 7,14,21.")
    if chosen[0] < 0.0 or chosen[-1] > last or chosen[-1] == 0.0:
        told = f"at most {last:g}, the end of the experiment"
        raise InputError(
            f"Days of readings lie from 0 to {told}, got "
            f"{', '.join(f'{day:g}' for day in at)}."
        )
    if len(np.unique(chosen)) < len(chosen):
        raise InputError(
            f"A day of readings is given twice: {', '.join(f'{d:g}' for d in at)}."
        )
    return chosen


def length_of(days: float | None, *schedules: Schedule) -> float:
    """Return the length of an experiment, by default that of its schedule or a week.

    Raises
    ------
    InputError
        If a schedule is repeated and no length was given.
    """
    if days is not None:
        return days
    longest = max(schedules, key=lambda one: one.days)
    if any(one.repeated for one in schedules):
        raise InputError(
            "A schedule that is repeated needs the length of the experiment (--days)."
        )
    if any(np.isinf(one.steps[-1].days) and one.changes for one in schedules):
        return longest.days + _WEEK
    return longest.days or _WEEK


def check_agreement(medium: Schedule, drug: Schedule) -> None:
    """Refuse a medium and a treatment that both change the same substance.

    Raises
    ------
    InputError
        With the name of the substance.
    """
    both = sorted(medium.names & drug.names)
    if both and medium.changes:
        raise InputError(
            f"{both[0]} is given by the medium, which changes, and by the drugs; say "
            "it in one of them."
        )


def run_cell(  # noqa: PLR0913
    line: str,
    *,
    set: Sequence[str] = (),  # noqa: A002 - the word of the command line
    medium: str = "none",
    pretreat: Sequence[str] = (),
    drug: str = "none",
    days: float | None = None,
    readouts: Sequence[str] = READOUTS,
    points: int = 29,
    at: Sequence[float] | None = None,
    parameters: ParameterSet | None = None,
    library: Library | None = None,
) -> CellResult:
    """Grow cells with and without a treatment, both from the same state.

    Parameters
    ----------
    line : str
        Name of a cell line, such as ``"MCF-7"``.
    set : sequence of str
        Lesions, such as ``"PTEN=loss"``.
    medium : str
        What differs from the medium the line is kept in; both cultures get it at the
        start.
    pretreat : sequence of str
        Steps both go through before.
    drug : str
        What the treated culture gets: drugs with their concentrations in the medium,
        joined by ``+``; a hormone or growth factor replaces that of the medium. It
        may change: see `oestra.culture.schedule`.
    days : float, optional
        Length of the experiment; by default that of its schedule, or a week.
    readouts : sequence of str
        What to read.
    points : int
        How many readings, evenly from the start to the end.
    at : sequence of float, optional
        Days of the readings instead; without `days` the last ends the experiment.
    parameters : ParameterSet, optional
        Parameters of the model, which know their library; the best set by default.
    library : Library, optional
        Whose cells, drugs and readouts, where no parameters are given; by default
        that of the package, of installed packages and of ``OESTRA_LIBRARY``.

    Returns
    -------
    CellResult
        Courses of both cultures.

    Raises
    ------
    InputError
        If a name, unit or number cannot be used; names the nearest.

    Examples
    --------
    >>> result = run_cell("MCF-7", drug="fulvestrant 100 nM", readouts=["er_total"])
    >>> result.ratio("er_total") < 0.5
    True
    """
    common = parameters or best_parameters(library or library_of())
    library = common.library
    asked = tuple(dict.fromkeys(find_readout(name, library) for name in readouts))
    treatment = parse_schedule(drug, library)
    changes = parse_schedule(medium, library, drugs=False)
    check_agreement(changes, treatment)
    if at is None:
        chosen = reading_days(length_of(days, changes, treatment), points)
    else:
        chosen = chosen_days(at, days)
    end = chosen if days is None else np.unique(np.append(chosen, float(days)))
    culture = prepare(
        line, set=set, medium=medium, pretreat=pretreat, parameters=common
    )
    outputs = culture.grow([Condition(), treatment], end)[:, : len(chosen)]
    names = culture.symbols
    strain = culture.strain
    return CellResult(
        line=strain.line.id,
        genotype=strain.genotype.of(strain.line),
        medium=culture.told_medium,
        pretreatment=(*strain.line.pretreatment, *pretreat),
        drug=str(treatment),
        readouts=asked,
        times_days=chosen,
        untreated={one.name: one.of(outputs[0], names) for one in asked},
        treated={one.name: one.of(outputs[1], names) for one in asked},
        model=cell(library).digest,
    )
