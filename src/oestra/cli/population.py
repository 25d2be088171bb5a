"""``oestra population``: who the virtual patients are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.options import Json, Out, Seed, warn_overwritten
from oestra.cli.show import console, note_written, print_json
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS

if TYPE_CHECKING:
    from oestra.appraisal.population_sheet import Trait
    from oestra.core.parameter_set import ParameterSet

__all__ = ["population"]

_Patients = Annotated[
    int, typer.Option(min=1, max=10_000_000, help="How many patients to draw.")
]

_Practice = Annotated[
    bool,
    typer.Option(
        "--practice",
        help="Show instead what patients of each year had been given, from the pool "
        "that trials enroll from.",
    ),
]
_SHORT = {
    "tamoxifen": "TAM", "nonsteroidal_ai": "AI", "exemestane": "EXE",
    "fulvestrant": "FUL", "anti_her2": "HER2", "mtor_inhibitor": "mTOR",
    "cdk46_inhibitor": "CDK4/6", "pi3k_inhibitor": "PI3K", "chemotherapy": "chemo",
}  # fmt: skip
"""Heads of columns that fit 80 characters."""


def population(  # noqa: PLR0913 - one argument an option
    *,
    patients: _Patients = 10_000,
    seed: Seed = 1,
    practice: _Practice = False,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
    out: Out = None,
) -> None:
    """Draw patients at diagnosis and show how their traits are spread.

    All have hormone-receptor-positive disease that has spread, seen or not. With --out
    the folder gets one row a patient as Parquet. With --practice it tells what those
    who choose a line had been given before, by year.
    """
    from rich.table import Table

    from oestra.appraisal.population_sheet import describe_traits
    from oestra.core.streams import Streams
    from oestra.core.whole_file import whole_folder
    from oestra.model.parameters import best_parameters, with_settings
    from oestra.patients.population import sample_population
    from oestra.report.manifest import record_run, write_manifest

    warn_overwritten(settings, patients=True)
    parameters = with_settings(best_parameters(library), settings)
    if practice:
        _show_practice(parameters, json=json)
        return
    drawn = sample_population(patients, parameters, Streams(seed, ("patients",)))
    traits = describe_traits(drawn.covariates)
    if out is not None:
        hashes = {"parameters": parameters.digest}
        run = record_run(seed=seed, settings={"patients": patients}, hashes=hashes)
        with whole_folder(out) as folder:
            drawn.covariates.to_parquet(folder / "population.parquet")
            write_manifest(folder, run)
    if json:
        shown = [trait.to_json_dict() for trait in traits]
        print_json({"patients": patients, "seed": seed, "traits": shown})
        return
    table = Table("trait", "value", box=None, title_justify="left")
    table.title = f"{patients:,} patients at diagnosis, seed {seed}"
    for trait in traits:
        table.add_row(trait.name.replace("_", " "), _text(trait))
    console().print(table)
    note_written(out)


def _show_practice(parameters: ParameterSet, *, json: bool) -> None:
    from rich.table import Table

    from oestra.appraisal.practice_sheet import practice_sheet
    from oestra.history.store import load_cohort

    sheet = practice_sheet(load_cohort(parameters))
    if json:
        print_json({"practice": [one.to_json_dict() for one in sheet]})
        return
    names = list(sheet[0].percent)
    heads = [_SHORT.get(name, name) for name in names]
    table = Table("year", "lines", "size", *heads, box=None, title_justify="left")
    table.title = "Had before, adjuvant therapy too, percent"
    for one in sheet:
        shares = (f"{one.percent[name]:.0f}" for name in names)
        size = f"{one.effective_size:,.0f}"
        table.add_row(str(one.year), str(one.lines), size, *shares)
    console().print(table)
    console().print(
        "lines: for metastases, before the choice of the next. size: effective number "
        "of decisions of the pool that tell of them."
    )


def _text(trait: Trait) -> str:
    if set(trait.percent) == {"yes", "no"}:
        return f"{trait.percent['yes']:.1f} %"
    if trait.percent:
        return ", ".join(
            f"{name} {share:.1f} %" for name, share in trait.percent.items()
        )
    return f"median {trait.median:.3g}, 90 % from {trait.low:.3g} to {trait.high:.3g}"
