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

__all__ = ["population"]

_Patients = Annotated[
    int, typer.Option(min=1, max=10_000_000, help="How many patients to draw.")
]


def population(
    *,
    patients: _Patients = 10_000,
    seed: Seed = 1,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
    out: Out = None,
) -> None:
    """Draw patients at diagnosis and show how their traits are spread.

    All have hormone-receptor-positive disease that has spread, seen or not. With --out
    the folder gets one row a patient as Parquet.
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


def _text(trait: Trait) -> str:
    if set(trait.percent) == {"yes", "no"}:
        return f"{trait.percent['yes']:.1f} %"
    if trait.percent:
        return ", ".join(
            f"{name} {share:.1f} %" for name, share in trait.percent.items()
        )
    return f"median {trait.median:.3g}, 90 % from {trait.low:.3g} to {trait.high:.3g}"
