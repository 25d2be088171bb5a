"""``oestra cell``: cells in culture, with and without drugs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.caution import caution, only_with, unused
from oestra.cli.cell_dish import (
    Dish,
    run_combination,
    run_courses,
    run_dose_response,
)
from oestra.cli.cell_view import show_result
from oestra.cli.options import Json, Out, Seed, listed, read_settings, warn_overwritten
from oestra.cli.options import ParameterSet as Choice
from oestra.cli.show import console, note, note_written, print_json, tell
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.culture.readout_names import readout_names

if TYPE_CHECKING:
    from oestra.core.parameter_set import ParameterSet
    from oestra.culture.cell_result import CellResult
    from oestra.culture.combination import Combination
    from oestra.culture.dose_response import DoseResponse
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
    str,
    typer.Option(
        metavar="best|ensemble|NAME",
        help="The best set; the ensemble that stands for what the fit leaves open, "
        "which gives courses and dose series a band of 95 %; or a name or file that "
        "'oestra update' wrote.",
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
    parameters: _Parameters = Choice.BEST.value,
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
    sets = _sets(parameters, settings, library, alone=combine is not None)
    dish = Dish(line=line, **given, sets=sets)
    result: CellResult | DoseResponse | Combination
    if series is not None:
        result = run_dose_response(dish, series, asked)
    elif combine is not None:
        result = run_combination(dish, combine, _only(readout, library))
    else:
        result = run_courses(dish, asked, points, at, tuple(mix or ()))
    if out is not None:
        _write(
            result,
            out,
            seed=seed,
            settings={
                **given,
                **settings,
                **{"at": at, "mix": mix, "parameters": parameters},
            },
        )
    if json:
        print_json(result.to_json_dict())
        return
    show_result(result, chosen=at is not None)
    note_written(out)


def _sets(
    choice: str, settings: dict[str, float], library: Library, *, alone: bool
) -> tuple[ParameterSet, ...]:
    """Return the parameter sets to run with, values of the user over them."""
    from oestra.model.parameters import (
        best_parameters,
        ensemble_parameters,
        with_settings,
    )
    from oestra.model.updated import updated_sets

    own = updated_sets(choice, library)
    if own is not None:
        tell(own.text)
        sets = own.sets[:1] if alone else own.sets
        return tuple(with_settings(one, settings) for one in sets)
    if choice == Choice.BEST:
        return (with_settings(best_parameters(library), settings),)
    from oestra.cli.recruit import need_ensemble

    need_ensemble()
    return tuple(with_settings(one, settings) for one in ensemble_parameters(library))


def _check_options(
    series: str | None,
    combine: str | None,
    parameters: str,
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
        if combine is not None and parameters == Choice.ENSEMBLE:
            raise InputError(
                "A combination is run with the best parameters; leave out --parameters."
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
    from oestra.culture.cell_result import CellResult
    from oestra.culture.dose_response import DoseResponse
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
