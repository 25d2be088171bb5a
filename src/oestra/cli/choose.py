"""``oestra choose``: rank regimens for patients of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.options import Json, Out, Parameters, Quiet, Seed
from oestra.cli.profile_options import Patients, Profile, Sets, Year, warn_left_out
from oestra.cli.show import console, note_written, print_json, progress, warn
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.appraisal.choice import Choice, Ranked

__all__ = ["choose_command"]

_Regimen = Annotated[
    list[str] | None,
    typer.Option(
        help="A regimen, such as 'fulvestrant 500 mg every 28 days'; may be repeated. "
        "Those that ship by default."
    ),
]
_SECONDS = 4e-3
"""Processor time that a patient takes under a regimen, roughly."""


def choose_command(  # noqa: PLR0913 - one argument an option
    *,
    profile: Profile,
    regimen: _Regimen = None,
    patients: Patients = 300,
    sets: Sets = 10,
    year: Year = None,
    seed: Seed = 1,
    parameters: Parameters = None,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Rank regimens for patients of a profile, with harm and what decides.

    The same simulated patients take every regimen, with each parameter set of the
    ensemble. Regimens are ranked by the months without progression that are expected
    within three years. With --out the table is written as CSV.
    """
    from oestra.appraisal.candidate import candidates_for
    from oestra.appraisal.choice import choose
    from oestra.appraisal.profile import read_profile
    from oestra.cli.recruit import chosen_sets, recruit
    from oestra.core.whole_file import file_if_named
    from oestra.model.fit import shipped_fit

    who = read_profile(profile, library, year)
    chosen = candidates_for(
        her2_positive=who.her2_positive, own=regimen or (), library=library
    )
    fit = shipped_fit()
    known = fit.discrepancy.get("median", {}) if fit is not None else {}
    with (
        file_if_named(out) as file,
        progress(shown=not (quiet or json)) as report,
        plan.open(
            seconds=_SECONDS * patients * len(chosen) * sets,
            prepare="oestra.appraisal.choice",
            warn=warn,
        ) as workers,
    ):
        cohorts = recruit(
            chosen_sets(parameters, 2 * sets, library, settings), workers, report
        )
        report("Following patients under every regimen", 0, 1)
        found = choose(
            who,
            chosen,
            cohorts,
            model_sd=float(known.get("sd", 0.0)),
            seed=seed,
            most=patients,
            workers=workers,
        )
        if file is not None:
            _write(found, file)
    if json:
        print_json(found.to_json_dict())
        return
    _show(found)
    if out is not None:
        note_written(out)


def _write(found: Choice, file: Path) -> None:
    import pandas as pd

    rows = [
        {
            **{
                key: value
                for key, value in one.to_json_dict().items()
                if key not in {"grows_percent", "fitted_trials"}
            },
            "fitted_trials": "; ".join(one.trials),
        }
        for one in found.ranked
    ]
    pd.DataFrame(rows).to_csv(file, index=False)


def _number(value: float | None, digits: int = 0) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _decides(one: Ranked) -> str:
    most = sorted(one.grows.items(), key=lambda item: -item[1])[:2]
    return ", ".join(f"{name} {share:.0f} %" for name, share in most if share >= 5)


def _trials(one: Ranked) -> str:
    if not one.trials:
        return "no trial"
    return one.trials[0] if len(one.trials) == 1 else f"{len(one.trials)} trials"


def _between(sets: int) -> str:
    return f"between {sets} parameter sets, and " if sets > 1 else ""


def _show(found: Choice) -> None:
    from rich.table import Table

    from oestra.appraisal.choice import HORIZON_MONTHS

    terminal = console()
    asked = (*found.profile.assumed, *found.profile.criteria)
    terminal.print(
        f"Patients of {found.profile.year:.0f}: {' and '.join(asked)}", highlight=False
    )
    shown = Table(
        "regimen", "months", "90 %", "median", "ORR", "CBR", "grade 3+", "stop", "best",
        "grows at progression", "fitted to",
        box=None,
    )  # fmt: skip
    for one in found.ranked:
        middle, low, high = one.free_months
        shown.add_row(
            one.candidate.id,
            f"{middle:.1f}",
            f"{low:.1f} to {high:.1f}",
            _number(one.median_months, 1),
            _number(one.response_percent),
            _number(one.benefit_percent),
            _number(one.severe_percent),
            _number(one.stopped_percent),
            _number(one.best_percent),
            _decides(one),
            _trials(one),
        )
    terminal.print(shown)
    terminal.print(
        f"months: expected without progression within {HORIZON_MONTHS:g} months. 90 %: "
        f"{_between(found.parameter_sets)}the model's own error (sd "
        f"{found.model_sd:.2f} of the logarithm, learned from trials left out). "
        "median: of progression-free survival, months. ORR, CBR, grade 3+ (events, "
        "as drug sheets say, were they independent), stop (for adverse events), best "
        "(sets in which no regimen is better): percent."
    )
    terminal.print(
        "Regimens whose intervals overlap are not told apart. Where no trial is named, "
        "nothing of the regimen was fitted: its numbers are its pharmacology and the "
        f"mechanism alone. Patients behind a set: {found.patients:.0f}."
    )
    warn_left_out(found.parameter_sets, found.left_out)
