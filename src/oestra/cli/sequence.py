"""``oestra sequence``: compare orders of therapies for patients of a profile."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.options import Json, Out, Parameters, Quiet, Seed
from oestra.cli.profile_options import Patients, Profile, Sets, Year
from oestra.cli.show import note_written, print_json, progress, warn
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.appraisal.sequence_error import ModelError

__all__ = ["sequence_command"]

_Order = Annotated[
    list[str],
    typer.Option(
        help="Therapies one after the other, such as 'fulvestrant > exemestane + "
        "everolimus > chemotherapy'; may be repeated, and the first is what the others "
        "are set against. A line is a name of 'oestra choose', a therapy of practice, "
        "chemotherapy, or drugs with doses and days."
    ),
]
_Months = Annotated[
    float, typer.Option(help="Horizon within which months are counted, 6 to 240.")
]
_SHORTEST, _LONGEST = 6.0, 240.0
_SECONDS = 3e-3
"""Processor time that a patient takes on a line, roughly."""


def sequence_command(  # noqa: PLR0913 - one argument an option
    *,
    profile: Profile,
    order: _Order,
    months: _Months = 60.0,
    year: Year = None,
    patients: Patients = 300,
    sets: Sets = 10,
    seed: Seed = 1,
    parameters: Parameters = None,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Compare orders of therapies: time to chemotherapy, benefit, survival.

    The same simulated patients take every order, with each parameter set of the
    ensemble: each line until progression or harm, and nothing after the last. With
    --out a folder gets a figure, tables and a manifest.
    """
    from oestra.appraisal.profile import read_profile
    from oestra.appraisal.sequence import compare_orders
    from oestra.appraisal.therapy_order import read_orders
    from oestra.cli.recruit import chosen_sets, recruit
    from oestra.cli.sequence_view import show_sequences
    from oestra.core.whole_file import folder_if_named
    from oestra.report.manifest import record_run
    from oestra.report.sequence_folder import write_sequences

    if not _SHORTEST <= months <= _LONGEST:
        raise InputError(
            f"--months lies between {_SHORTEST:g} and {_LONGEST:g}, got {months:g}."
        )
    who = read_profile(profile, library, year)
    orders = read_orders(order, her2_positive=who.her2_positive, library=library)
    chosen = chosen_sets(parameters, 2 * sets, library, settings)
    lines = sum(len(one.lines) for one in orders)
    run = record_run(
        seed=seed,
        settings={
            "months": months,
            "year": who.year,
            "patients": patients,
            "parameter_sets": len(chosen),
        },
    )
    with (
        folder_if_named(out) as folder,
        progress(shown=not (quiet or json)) as report,
        plan.open(
            seconds=_SECONDS * patients * lines * len(chosen),
            prepare="oestra.appraisal.sequence",
            warn=warn,
        ) as workers,
    ):
        cohorts = recruit(chosen, workers, report)
        report("Following patients through every order", 0, 1)
        found = compare_orders(
            who,
            orders,
            cohorts,
            months=months,
            error=_model_error(),
            seed=seed,
            most=patients,
            workers=workers,
        )
        if folder is not None:
            write_sequences(folder, found, run)
    if json:
        print_json(found.to_json_dict())
        return
    show_sequences(found)
    note_written(None if out is None else f"{out}{os.sep}")


def _model_error() -> ModelError:
    """Return the error of the model that ships with its fit; none without a fit."""
    from oestra.appraisal.sequence_error import ModelError
    from oestra.model.fit import shipped_fit

    fit = shipped_fit()
    known = {} if fit is None else fit.discrepancy
    return ModelError(
        time_sd=float(known.get("median", {}).get("sd", 0.0)),
        contrast_sd=float(known.get("hazard_ratio", {}).get("sd", 0.0)),
    )
