"""``oestra claims``: which statements of the review hold in the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.claims.level import Level
from oestra.cli.caution import only_with, unused
from oestra.cli.options import (
    Json,
    Out,
    ParameterSet,
    Quiet,
    Seed,
)
from oestra.cli.rows import report_rows
from oestra.cli.show import console, note, print_json, progress, warn
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.appraisal.verdict import ClaimResult
    from oestra.claims.claim import Claim

__all__ = ["claims"]

_STYLE = {"holds": "green", "fails": "bold red", "open": "yellow"}
_Name = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="Such as C018; all when left out.")
]
_Only = Annotated[Level | None, typer.Option(help="Only claims of this level.")]
_Plot = Annotated[bool, typer.Option("--plot", help="Draw the claim as SVG.")]
_Rows = Annotated[
    bool,
    typer.Option(
        "--rows",
        help="Instead: the review's biology row by row, each with its mechanism and "
        "without; ID is then a number or a file that ends in .yaml, --out a folder.",
    ),
]
_Parameters = Annotated[
    ParameterSet,
    typer.Option(
        help="With the ensemble, claims about cells are also tried in each of its "
        "sets, and in how many they hold is printed."
    ),
]
_Replicates = Annotated[
    int, typer.Option(min=1, max=10_000, help="How often each trial is run.")
]


def claims(  # noqa: PLR0913 - one argument an option
    name: _Name = None,
    *,
    level: _Only = None,
    plot: _Plot = False,
    rows: _Rows = False,
    parameters: _Parameters = ParameterSet.BEST,
    replicates: _Replicates = 20,
    seed: Seed = 1,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Try the review's claims on the model: measured, expected, verdict.

    A claim that fails is a result and not an error. With --plot one claim is drawn to
    ID.svg, or to --out. With --rows, the mechanisms of the review are tried as
    experiments on cells whose outcome was written down before.
    """
    from oestra.appraisal.claim_check import check_all
    from oestra.claims.laboratory import Laboratory, open_sets
    from oestra.cli.recruit import need_ensemble
    from oestra.core.whole_file import file_if_named
    from oestra.model.parameters import best_parameters, with_settings
    from oestra.report.claim_figure import draw_claim

    if rows:
        report_rows(
            name,
            plot=plot,
            library=library,
            settings=settings,
            json=json,
            out=out,
            plan=plan,
            shown=not (quiet or json),
        )
        return
    if plot and name is None:
        raise InputError("Name the claim to draw, such as: oestra claims C018 --plot.")
    if not plot:
        only_with(("out",), "--plot")
    if name is not None:
        unused(("level",), "one claim is named")
    chosen = _chosen(name, level, library)
    target = _drawing(out or Path(f"{chosen[0].id}.svg")) if plot else None
    every = parameters is ParameterSet.ENSEMBLE
    if every:
        need_ensemble()
    with (
        file_if_named(target) as file,
        progress(shown=not (quiet or json)) as report,
        plan.open(prepare="oestra.appraisal.claim_check", warn=warn) as workers,
    ):
        laboratory = Laboratory(
            parameters=with_settings(best_parameters(library), settings),
            replicates=replicates,
            seed=seed,
            workers=workers,
        )
        results = check_all(
            chosen, laboratory, report, open_sets(library) if every else ()
        )
        if file is not None:
            file.write_text(draw_claim(results[0]), encoding="utf-8")
    if json:
        print_json({"claims": [one.to_json_dict() for one in results]})
        return
    _show(results, whole=name is not None)
    note(f"Drawn in {target}." if target is not None else "")


def _chosen(name: str | None, level: Level | None, library: Library) -> list[Claim]:
    from oestra.claims.claim_library import claims as known_claims
    from oestra.claims.claim_library import find_claim

    if name is not None:
        return [find_claim(name, library)]
    return [one for one in known_claims(library).values() if level in (None, one.level)]


def _drawing(target: Path) -> Path:
    if target.suffix.lower() != ".svg":
        raise InputError(
            f"A claim is drawn as SVG, and {target.name!r} does not end in .svg."
        )
    return target


def _show(results: Sequence[ClaimResult], *, whole: bool) -> None:
    from rich.text import Text

    from oestra.appraisal.verdict import Verdict

    terminal = console()
    for one in results:
        claim = one.claim
        kind = f"{claim.level}, {claim.origin}{', hard' if claim.hard else ''}"
        if one.sets:
            kind += f", in {one.held_in} of {len(one.sets)} sets"
        line = Text.assemble(
            (f"{claim.id} ", "bold"),
            (f"{one.verdict:<6}", _STYLE[one.verdict.value]),
            f"{claim.statement} ",
            (f"({kind})", "dim"),
        )
        terminal.print(line)
        if whole or one.verdict is not Verdict.HOLDS:
            terminal.print(_table(one))
    terminal.print(_counts(results))
    undecided = [
        one.claim.id
        for one in results
        if any(row.verdict is Verdict.OPEN for row in one.checks)
    ]
    if undecided:
        terminal.print(f"Open in part: {', '.join(undecided)}.", style="dim")


def _table(one: ClaimResult) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table("measured", "expected", "", "what", box=None, padding=(0, 2, 0, 0))
    for row in one.checks:
        measured = "-" if row.measured is None else row.expected.write(row.measured)
        unit = "" if row.unit == "1" else f" {row.unit}"
        what = f"{row.measure} ({row.reason})" if row.reason else row.measure
        verdict = Text(row.verdict.value, style=_STYLE[row.verdict.value])
        table.add_row(measured + unit, str(row.expected), verdict, what)
    return table


def _counts(results: Sequence[ClaimResult]) -> Table:
    from rich.table import Table

    from oestra.appraisal.verdict import Verdict, count

    table = Table("origin", *(verdict.value for verdict in Verdict), box=None)
    for origin, verdicts in count(results):
        table.add_row(origin, *(str(verdicts[verdict]) for verdict in Verdict))
    return table
