"""``oestra cell``: cells in culture, with and without drugs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.caution import caution, only_with, unused
from oestra.cli.options import Json, Out, Seed, listed, read_settings, warn_overwritten
from oestra.cli.options import ParameterSet as Choice
from oestra.cli.show import console, headed, note, note_written, print_json
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.culture.readout_names import readout_names

if TYPE_CHECKING:
    import pandas as pd

    from oestra.core.parameter_set import ParameterSet
    from oestra.culture.combination import Combination
    from oestra.culture.dose_response import DoseResponse
    from oestra.culture.doses import DoseSeries
    from oestra.culture.experiment import CellResult, Culture
    from oestra.culture.schedule import Schedule
    from oestra.network.cell_line import CellLine

__all__ = ["cell_command"]

_Line = Annotated[
    str | None,
    typer.Argument(metavar="LINE", help="Such as MCF7; all lines when left out."),
]
_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="GENE=LESION",
        help="Such as PIK3CA=H1047R, PTEN=loss, ERBB2=wild-type; may be repeated. It "
        "takes the place of what the line carries in that gene. Or a value of a "
        "parameter, such as gain_independence=0.02 (see 'oestra parameters').",
    ),
]
_Medium = Annotated[
    str,
    typer.Option(
        help="What differs from the line's own medium, such as \"estradiol 0 nM + EGF "
        '10 ng/mL". 0 means absent. It may change: "estradiol 0 nM for 3 days then '
        'none".',
    ),
]
_Pretreat = Annotated[
    list[str] | None,
    typer.Option(
        help='A step before the experiment, such as "estradiol 0 nM for 180 days", or '
        'steps joined by "then"; may be repeated, in order.',
    ),
]
_Drug = Annotated[
    str,
    typer.Option(
        help='Such as "4-hydroxytamoxifen 100 nM + everolimus 20 nM": concentrations '
        "in the medium. Hormones and growth factors may stand here too. It may change: "
        '"palbociclib 250 nM for 21 days then none for 7 days repeated", "... for 1 '
        'day every 7 days", "... from day 3 to day 10".',
    ),
]
_Days = Annotated[
    float | None,
    typer.Option(
        help="Length of the experiment; by default that of its schedule, or 7.",
        show_default=False,
    ),
]
_Readout = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME[,NAME...]",
        help="What to read; 'all' for everything. Names: " + ", ".join(readout_names()),
    ),
]
_Points = Annotated[int, typer.Option(help="Readings, evenly from start to end.")]
_At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="DAY[,DAY...]",
        help="Days of the readings instead, such as 7,14,21.",
    ),
]
_DoseResponse = Annotated[
    str | None,
    typer.Option(
        "--dose-response",
        metavar="SERIES",
        help='Every dose of a series, such as "everolimus 0.1..100 nM" (four a '
        'decade), "... 0.1..100 in 7 nM" or "everolimus 1, 5, 20 nM"; --drug is then '
        "given to all.",
    ),
]
_Combine = Annotated[
    str | None,
    typer.Option(
        metavar="SERIES x SERIES",
        help='All pairs of doses, such as "letrozole 1..1000 nM x everolimus 0.1..10 '
        'nM": Bliss excess, combination index (Loewe) and isobologram of one readout.',
    ),
]

_Knockdown = Annotated[
    list[str] | None,
    typer.Option(
        metavar="'GENE PERCENT %'",
        help='Protein of which a share is lost, such as "HRAS 80 %"; may be repeated.',
    ),
]
_Overexpress = Annotated[
    list[str] | None,
    typer.Option(
        metavar="'GENE FOLD-fold'",
        help='Protein of which there is more, such as "ERBB2 10-fold"; may be '
        "repeated.",
    ),
]
_Mix = Annotated[
    list[str] | None,
    typer.Option(
        metavar="'LESION PERCENT %'",
        help='Clone among the cells, such as "ESR1=Y537S 10 %"; the rest is the line; '
        "may be repeated.",
    ),
]
_Confluence = Annotated[
    str,
    typer.Option(
        metavar="DISH",
        help='A dish that fills, so that growth slows: "6-well", "4 million" or '
        '"4 million, seeded 200 thousand" cells. Room for all by default.',
        show_default=False,
    ),
]
_Parameters = Annotated[
    Choice,
    typer.Option(
        help="The best set, or the ensemble that stands for what the fit leaves open, "
        "which gives courses a band of 95 %."
    ),
]

_OF_LINE = ("knockdown", "overexpress", "mix", "confluence", "parameters", "lesions",
            "medium", "pretreat", "drug", "days", "readout", "points", "at", "series",
            "combine", "out")  # fmt: skip


def cell_command(  # noqa: PLR0913
    line: _Line = None,
    *,
    lesions: _Set = None,
    medium: _Medium = "none",
    pretreat: _Pretreat = None,
    drug: _Drug = "none",
    knockdown: _Knockdown = None,
    overexpress: _Overexpress = None,
    mix: _Mix = None,
    confluence: _Confluence = "",
    days: _Days = None,
    readout: _Readout = None,
    points: _Points = 29,
    at: _At = None,
    series: _DoseResponse = None,
    combine: _Combine = None,
    parameters: _Parameters = Choice.BEST,
    seed: Seed = 1,
    library: Library = SHIPPED,
    json: Json = False,
    out: Out = None,
) -> None:
    """Grow a cell line with and without drugs, both from the same state.

    Cells rest in the medium of their line, go through each --pretreat, and are then
    put into --medium, once without and once with --drug. Nothing here is left to
    chance. With --out the folder gets a figure and the numbers as CSV.
    """
    if line is None:
        only_with(_OF_LINE, "a cell line")
        _list_lines(library, json=json)
        return
    _check_options(series, combine, parameters, at=at, mix=mix)
    _caution(line, (medium, drug), pretreat or (), library)
    asked = _names(readout, library)
    genes, settings = _split(lesions or (), library)
    warn_overwritten(settings, patients=False)
    given: dict[str, Any] = {
        "set": genes,
        "medium": medium,
        "pretreat": tuple(pretreat or ()),
        "knockdown": tuple(knockdown or ()),
        "overexpress": tuple(overexpress or ()),
        "confluence": confluence,
        "drug": drug,
        "days": days,
    }
    sets = _sets(parameters, settings, library)
    culture = _Culture(line=line, **given, sets=sets)
    result: CellResult | DoseResponse | Combination
    if series is not None:
        result = _dose_response(culture, series, asked)
    elif combine is not None:
        result = _combination(culture, combine, _only(readout, library))
    else:
        result = _courses(culture, asked, points, at, tuple(mix or ()))
    if out is not None:
        _write(
            result,
            out,
            seed=seed,
            settings={
                **given,
                **settings,
                **{"at": at, "mix": mix, "parameters": parameters.value},
            },
        )
    if json:
        print_json(result.to_json_dict())
        return
    _show(result, chosen=at is not None)
    note_written(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Culture:
    """Cells and what they are given, as the options say it."""

    line: str
    set: tuple[str, ...]
    medium: str
    pretreat: tuple[str, ...]
    knockdown: tuple[str, ...]
    overexpress: tuple[str, ...]
    confluence: str
    drug: str
    days: float | None
    sets: tuple[ParameterSet, ...]

    @property
    def library(self) -> Library:
        """Whose cells and drugs."""
        return self.sets[0].library

    def cells(self) -> Culture:
        """Return the cells as their experiment starts."""
        from oestra.culture.experiment import prepare

        return prepare(
            self.line,
            set=self.set,
            medium=self.medium,
            pretreat=self.pretreat,
            knockdown=self.knockdown,
            overexpress=self.overexpress,
            confluence=self.confluence,
            parameters=self.sets[0],
        )

    def background(self, *series: DoseSeries) -> tuple[Schedule, float]:
        """Return what all doses are given, and for how long."""
        from oestra.culture.experiment import check_agreement, length_of
        from oestra.culture.medium import Condition
        from oestra.culture.schedule import constant, parse_schedule

        library = self.library
        given = parse_schedule(self.drug, library)
        medium = parse_schedule(self.medium, library, drugs=False)
        for one in series:
            check_agreement(medium, constant(one.condition(0.0, Condition())))
        check_agreement(medium, given)
        return given, length_of(self.days, medium, given)


def _dose_response(
    culture: _Culture, text: str, readouts: tuple[str, ...]
) -> DoseResponse:
    from oestra.culture.dose_response import dose_response
    from oestra.culture.doses import parse_series

    series = parse_series(text, culture.library)
    given, days = culture.background(series)
    return dose_response(
        culture.cells(), series, background=given, days=days, readouts=readouts
    )


def _combination(culture: _Culture, text: str, readout: str) -> Combination:
    from oestra.culture.combination import combination
    from oestra.culture.doses import parse_matrix

    pair = parse_matrix(text, culture.library)
    given, days = culture.background(*pair)
    return combination(
        culture.cells(), *pair, background=given, days=days, readout=readout
    )


def _courses(
    culture: _Culture,
    readouts: tuple[str, ...],
    points: int,
    at: str | None,
    mix: tuple[str, ...],
) -> CellResult:
    from oestra.culture.ensemble import with_bands
    from oestra.culture.experiment import run_cell

    run = partial(
        run_cell,
        culture.line,
        set=culture.set,
        medium=culture.medium,
        pretreat=culture.pretreat,
        knockdown=culture.knockdown,
        overexpress=culture.overexpress,
        mix=mix,
        confluence=culture.confluence,
        drug=culture.drug,
        days=culture.days,
        readouts=readouts,
        points=points,
        at=None if at is None else _days(at),
    )
    if len(culture.sets) == 1:
        return run(parameters=culture.sets[0])
    return with_bands(lambda one: run(parameters=one), culture.sets)


def _sets(
    choice: Choice, settings: dict[str, float], library: Library
) -> tuple[ParameterSet, ...]:
    """Return the parameter sets to run with, values of the user over them."""
    from oestra.cli.recruit import need_ensemble
    from oestra.model.parameters import (
        best_parameters,
        ensemble_parameters,
        with_settings,
    )

    if choice is Choice.BEST:
        return (with_settings(best_parameters(library), settings),)
    need_ensemble()
    return tuple(with_settings(one, settings) for one in ensemble_parameters(library))


def _check_options(
    series: str | None,
    combine: str | None,
    parameters: Choice,
    *,
    at: str | None,
    mix: list[str] | None,
) -> None:
    """Refuse options that exclude each other, and say which are idle."""
    if series is not None and combine is not None:
        raise InputError("Give --dose-response or --combine, not both.")
    if series is not None or combine is not None:
        if at is not None:
            raise InputError(
                "A dose series is read at its end; give its length with --days instead "
                "of --at."
            )
        if mix:
            raise InputError("A dose series is run on one clone; leave out --mix.")
        if parameters is Choice.ENSEMBLE:
            raise InputError(
                "A dose series is run with the best parameters; leave out --parameters."
            )
    if at is not None:
        unused(("points",), "--at says when readings are taken")
    unused(("seed",), "nothing is left to chance in a culture")
    if series is not None or combine is not None:
        unused(("points",), "dose series are read at their end only")


def _caution(
    line: str, conditions: Sequence[str], steps: Sequence[str], library: Library
) -> None:
    """Print which concentrations are hardly meant, and which drugs have no target."""
    from oestra.culture.absent_target import absent_targets
    from oestra.culture.medium import condition_doubts
    from oestra.culture.schedule import parse_schedule, parse_steps
    from oestra.network.cell_line import find_line

    given = [
        step for text in conditions for step in parse_schedule(text, library).steps
    ]
    given += [step for text in steps for step in parse_steps(text, library)]
    doubts = [doubt for step in given for doubt in condition_doubts(step.condition)]
    drugs = dict.fromkeys(name for step in given for name in step.condition.drugs)
    doubts += absent_targets(find_line(line, library), drugs, library)
    caution(dict.fromkeys(doubts))


def _days(text: str) -> list[float]:
    """Read days that are joined by commas."""
    try:
        return [float(word) for word in text.split(",")]
    except ValueError:
        raise InputError(
            f"Days of readings such as 7,14,21 are needed, got {text!r}."
        ) from None


def _split(
    given: Sequence[str], library: Library
) -> tuple[tuple[str, ...], dict[str, float]]:
    """Tell lesions of genes from values of parameters, and read the latter."""
    from oestra.model.quantities import quantities

    known = quantities(library)
    of_model = [text for text in given if text.partition("=")[0].strip() in known]
    genes = tuple(text for text in given if text not in of_model)
    return genes, read_settings(of_model, library)


def _names(given: list[str] | None, library: Library) -> tuple[str, ...]:
    from oestra.culture.experiment import READOUTS
    from oestra.culture.readout import readouts

    words = listed(given)
    if words == ["all"]:
        return tuple(readouts(library))
    return tuple(words) or READOUTS


def _only(given: list[str] | None, library: Library) -> str:
    names = _names(given, library) if given else ("cell_number_fold",)
    if len(names) != 1:
        raise InputError(
            f"A combination is judged by one readout, got {', '.join(names)}."
        )
    return names[0]


def _write(
    result: CellResult | DoseResponse | Combination,
    out: Path,
    *,
    seed: int,
    settings: dict[str, Any],
) -> None:
    from oestra.core.whole_file import whole_folder
    from oestra.culture.dose_response import DoseResponse
    from oestra.culture.experiment import CellResult
    from oestra.report.canvas import save_figure
    from oestra.report.culture_figures import (
        draw_combination,
        draw_culture,
        draw_dose_response,
    )
    from oestra.report.manifest import record_run, write_manifest

    run = record_run(seed=seed, settings={**settings, "line": result.line})
    with whole_folder(out) as folder:
        if isinstance(result, CellResult):
            figure, name = draw_culture(result), "courses"
        elif isinstance(result, DoseResponse):
            figure, name = draw_dose_response(result), "dose_response"
        else:
            figure, name = draw_combination(result), "combination"
        result.table().to_csv(folder / f"{name}.csv", index=False)
        save_figure(figure, folder, name)
        write_manifest(folder, run)


def _show(result: CellResult | DoseResponse | Combination, *, chosen: bool) -> None:
    from oestra.culture.dose_response import DoseResponse
    from oestra.culture.experiment import CellResult

    if isinstance(result, CellResult):
        _show_courses(result, chosen=chosen)
    elif isinstance(result, DoseResponse):
        _show_doses(result)
    else:
        _show_combination(result)


def _show_courses(result: CellResult, *, chosen: bool) -> None:
    from rich.table import Table

    genes = ", ".join(f"{gene} {name}" for gene, name in result.genotype.items())
    console().print(headed(result.line, f" ({genes or 'no lesion'})"))
    console().print(f"Medium: {result.medium}", markup=False)
    for step in result.pretreatment:
        console().print(f"After: {step}", markup=False)
    console().print(f"Drug: {result.drug}", markup=False)
    if chosen:
        _print_courses(result)
        return
    at = f"day {result.times_days[-1]:g}"
    heads = ["readout", "unit", f"untreated, {at}", "treated", "ratio"]
    heads += ["95 % of sets"] if result.bands else []
    table = Table(*heads, box=None)
    for one in result.readouts:
        before, after = result.final(one.name)
        ratio = f"{after / before:.3g}" if before else ""
        unit = "" if one.unit == "1" else one.unit
        row = [one.name, unit, f"{before:.4g}", f"{after:.4g}", ratio]
        if result.bands:
            low, high = result.bands[one.name]["ratio"][:, -1]
            row.append(f"{low:.3g} to {high:.3g}" if before else "")
        table.add_row(*row)
    console().print(table)
    _print_shares(result)


def _print_shares(result: CellResult) -> None:
    """Print what share of the cells each clone of a mixture has in the end."""
    for name, (before, after) in result.clones.items():
        told = f"{100 * before[0]:.3g} % of the cells at first, on day "
        told += f"{result.times_days[-1]:g} {100 * before[-1]:.3g} % untreated, "
        console().print(f"{name}: {told}{100 * after[-1]:.3g} % treated", markup=False)


def _print_courses(result: CellResult) -> None:
    """Print both cultures on every chosen day."""
    from rich.table import Table

    heads = ["readout", "unit", "day", "untreated", "treated", "ratio"]
    heads += ["95 % of sets"] if result.bands else []
    table = Table(*heads, box=None)
    for one in result.readouts:
        unit = "" if one.unit == "1" else one.unit
        courses = result.untreated[one.name], result.treated[one.name]
        for k, (day, before, after) in enumerate(
            zip(result.times_days, *courses, strict=True)
        ):
            ratio = f"{after / before:.3g}" if before else ""
            name = (one.name, unit) if k == 0 else ("", "")
            row = [*name, f"{day:g}", f"{before:.4g}", f"{after:.4g}", ratio]
            if result.bands:
                low, high = result.bands[one.name]["ratio"][:, k]
                row.append(f"{low:.3g} to {high:.3g}" if before else "")
            table.add_row(*row)
    console().print(table)
    _print_shares(result)


def _show_doses(result: DoseResponse) -> None:
    console().print(headed(result.line, f", day {result.days:g}"))
    if result.background != "none":
        console().print(f"All with: {result.background}", markup=False)
    _print_frame(result.table().rename(columns={"dose_nm": f"{result.drug} (nM)"}))
    for one in result.readouts:
        absolute, relative = (
            result.absolute_ic50(one.name),
            result.relative_ic50(one.name),
        )
        console().print(
            f"{one.name}: absolute IC50 {absolute}; relative IC50 {relative}.",
            markup=False,
        )
    last = "" if result.gr_max is None else f"; GRmax {result.gr_max:.3g}"
    console().print(f"GR50 {result.gr50}{last}.", markup=False)


def _show_combination(result: Combination) -> None:
    import numpy as np

    from oestra.culture.conclusion import told_musyc

    console().print(
        headed(
            result.line,
            f", {result.readout.name} on day {result.days:g}; effect is the share lost",
        )
    )
    _print_frame(result.table())
    means = {"HSA": result.hsa, "Bliss": result.bliss, "ZIP": result.zip}
    told = ", ".join(
        f"{name} {100 * float(one.mean()):+.1f}"
        if np.isfinite(one).all()
        else f"{name} none (needs four doses of each)"
        for name, one in means.items()
    )
    console().print(f"Mean excess, points: {told}.", markup=False)
    index = result.index_on_isobole
    told = (
        "none, as a drug alone falls short"
        if index is None
        else f"{index:.2f} (below 1 is synergy)"
    )
    percent = f"{100 * result.effect_level:.0f} %"
    console().print(f"Combination index at {percent} effect: {told}.", markup=False)
    if result.musyc is not None:
        console().print(told_musyc(result.musyc, result.drugs), markup=False)
    console().print(result.conclusion, markup=False)


def _print_frame(frame: pd.DataFrame) -> None:
    import pandas as pd
    from rich.table import Table

    table = Table(*(str(name) for name in frame.columns), box=None)
    for row in frame.itertuples(index=False):
        table.add_row(*("" if pd.isna(value) else f"{value:.4g}" for value in row))
    console().print(table)


def _line_record(line: CellLine) -> dict[str, Any]:
    return {
        "line": line.id,
        "aliases": list(line.aliases),
        "description": line.description,
        "parent": line.parent.id if line.parent else None,
        "genotype": dict(line.alterations),
        "medium_nm": {name: level.value for name, level in line.medium.items()},
        "pretreatment": list(line.pretreatment),
    }


def _list_lines(library: Library, *, json: bool) -> None:
    from rich.table import Table

    from oestra.network.cell_line import cell_lines

    if json:
        print_json(
            {"lines": [_line_record(line) for line in cell_lines(library).values()]}
        )
        return
    table = Table("line", "genes", "what it is", box=None)
    for line in cell_lines(library).values():
        genes = ", ".join(f"{gene} {name}" for gene, name in line.alterations.items())
        table.add_row(line.id, genes, line.description)
    console().print(table)
    note("An experiment: oestra cell MCF7 --drug 'fulvestrant 100 nM' --days 7.")
