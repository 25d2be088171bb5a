"""Experiments on cells in culture: the same cells with and without a treatment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.library import Library, library_of
from oestra.core.parameter_set import ParameterSet
from oestra.culture.cell_result import CellResult
from oestra.culture.confluence import Dish, crowded, fine_days, parse_dish
from oestra.culture.genotype import parse_genotype
from oestra.culture.medium import Condition, Step
from oestra.culture.mixture import mixed, parse_mix, shares
from oestra.culture.reading_days import chosen_days, length_of, reading_days
from oestra.culture.readout import Readout, find_readout
from oestra.culture.schedule import Schedule, constant, parse_schedule, parse_steps
from oestra.culture.strain import Strain, culture_kernel, establish
from oestra.model.parameters import best_parameters
from oestra.network.cell import cell
from oestra.network.cell_line import find_line

__all__ = ["READOUTS", "Culture", "check_agreement", "prepare", "run_cell"]

Array = NDArray[np.float64]
READOUTS = ("growth_rate", "ki67", "apoptosis_rate", "cell_number_fold")
"""What is read when nothing is asked for."""


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
    dish : Dish, optional
        What they fill; room for all by default.
    """

    strain: Strain
    medium: dict[str, float]
    changes: Schedule
    pretreatment: tuple[Step, ...]
    y: Array
    dish: Dish | None = None

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
        if self.dish is not None:
            fine = fine_days(at)
            free = replace(self, dish=None).grow(conditions, fine)
            found = crowded(free, fine, self.symbols, self.dish)
            return found[:, np.searchsorted(fine, at)]
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


def prepare(  # noqa: PLR0913
    line: str,
    *,
    set: Sequence[str] = (),  # noqa: A002 - the word of the command line
    medium: str = "none",
    pretreat: Sequence[str] = (),
    knockdown: Sequence[str] = (),
    overexpress: Sequence[str] = (),
    confluence: str = "",
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
    knockdown, overexpress : sequence of str
        Changes of amounts of proteins, such as ``"HRAS 80 %"`` and
        ``"ERBB2 10-fold"``.
    confluence : str
        A dish that fills, such as ``"6-well"`` or ``"4 million"``; empty for room for
        all.
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
    genotype = parse_genotype(
        set, library, knockdown=knockdown, overexpress=overexpress
    )
    dish = parse_dish(confluence, library) if confluence else None
    found = find_line(line, library)
    changes = parse_schedule(medium, library, drugs=False)
    steps = tuple(step for text in pretreat for step in parse_steps(text, library))
    strain = establish(found, genotype, common)
    full = {**strain.medium, **changes.on(0.0).substances}
    y = strain.y.copy()
    for step in steps:
        y = strain.grow(y, [step.condition.within(full)], step.days).y[0]
    y[cell(library).states["log_cell_number"]] = 0.0
    return Culture(
        strain=strain, medium=full, changes=changes, pretreatment=steps, y=y, dish=dish
    )


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
    knockdown: Sequence[str] = (),
    overexpress: Sequence[str] = (),
    mix: Sequence[str] = (),
    confluence: str = "",
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
    knockdown, overexpress : sequence of str
        Changes of amounts of proteins, such as ``"HRAS 80 %"`` and
        ``"ERBB2 10-fold"``.
    mix : sequence of str
        Clones of the culture, such as ``"ESR1=Y537S 10 %"``; the rest is the line.
    confluence : str
        A dish that fills, such as ``"6-well"``; empty for room for all.
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
    clones = parse_mix(mix)
    if len(clones) > 1 and confluence:
        raise InputError(
            "Clones in one dish are followed with room for all; give a mixture or a "
            "confluence, not both."
        )
    make = partial(
        prepare,
        line,
        medium=medium,
        pretreat=pretreat,
        knockdown=knockdown,
        overexpress=overexpress,
        confluence=confluence,
        parameters=common,
    )
    cultures = [make(set=_with(set, one.lesions)) for one in clones]
    outputs = np.stack(
        [one.grow([Condition(), treatment], end)[:, : len(chosen)] for one in cultures]
    )
    names = cultures[0].symbols
    starts = [one.share for one in clones]
    folds = np.exp(outputs[..., names.index("log_cell_number")])
    parts = shares(starts, folds)
    read = {
        one.name: mixed(one, one.of(outputs, names), starts, folds) for one in asked
    }
    strain = make(set=set).strain
    several = {c.name: (p[0], p[1]) for c, p in zip(clones, parts, strict=True)}
    return CellResult(
        line=strain.line.id,
        genotype=strain.genotype.of(strain.line),
        medium=cultures[0].told_medium,
        pretreatment=(*strain.line.pretreatment, *pretreat),
        drug=str(treatment),
        readouts=asked,
        times_days=chosen,
        untreated={name: values[0] for name, values in read.items()},
        treated={name: values[1] for name, values in read.items()},
        model=cell(library).digest,
        clones=several if mix else {},
    )


def _with(lesions: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """Return lesions of a line with those of a clone, which take their place."""
    genes = {one.partition("=")[0].strip().casefold() for one in more}
    kept = (o for o in lesions if o.partition("=")[0].strip().casefold() not in genes)
    return (*kept, *more)
