"""``oestra design``: check a design, and find how large the trial must be."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.caution import caution, only_with, unused
from oestra.cli.design_view import show_design, testing_text
from oestra.cli.options import WORK, Json, Out, Parameters, Quiet, Seed
from oestra.cli.show import (
    console,
    headed,
    note_written,
    print_json,
    progress,
    warn,
)
from oestra.core.errors import InputError, shown
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.report.power_folder import PowerStudy
    from oestra.trial.design import TrialDesign
    from oestra.trial.power import PowerPoint
    from oestra.trial.sizing import Factors, Sizing

__all__ = ["design"]

_Name = Annotated[
    str, typer.Argument(metavar="NAME_OR_FILE", help="A trial file, or a trial.")
]
_Power = Annotated[
    bool, typer.Option("--power", help="Simulate the power and the size it needs.")
]
_Sizes = Annotated[
    str, typer.Option(metavar="N,N", help="Sizes to try; searched for by default.")
]
_Target = Annotated[float, typer.Option(help="The power wanted.")]
_Enrich = Annotated[
    list[str] | None,
    typer.Option(metavar="CRITERION", help="Also with these patients only."),
]
_Weeks = Annotated[
    str, typer.Option(metavar="W,W", help="Intervals between scans to try.")
]
_Regimens = Annotated[
    list[str] | None,
    typer.Option("--regimen", metavar="ARM=REGIMEN", help="Also with this regimen."),
]
_Replicates = Annotated[
    int, typer.Option(min=2, max=10_000, help="Trials simulated a size.")
]
_OF_POWER = ("patients_list", "target", "enrich", "interval_weeks", "regimen",
             "replicates", "parameters", "out")  # fmt: skip
_MOST_LEVELS, _MOST_SIZES, _MOST_PATIENTS = 100, 50, 100_000


def design(  # noqa: PLR0913 - one argument an option
    name: _Name,
    *,
    power: _Power = False,
    patients_list: _Sizes = "",
    target: _Target = 0.8,
    enrich: _Enrich = None,
    interval_weeks: _Weeks = "",
    regimen: _Regimens = None,
    replicates: _Replicates = 100,
    seed: Seed = 1,
    parameters: Parameters = None,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Check the design of a trial; with --power, find how large it must be.

    Enrichment, intervals between scans and regimens are factors: every combination is
    simulated. Results go to results/NAME-power-seedSEED by default.
    """
    from oestra.cli.recruit import chosen_sets, recruit
    from oestra.core.whole_file import folder_if_named
    from oestra.report.manifest import record_run
    from oestra.report.power_folder import PowerStudy, write_power
    from oestra.trial.sizing import levels, size_trial
    from oestra.trial.support import drug_cautions

    if not 0 < target < 1:
        raise InputError(f"--target lies between 0 and 1, got {target:g}.")
    chosen = _plan(name, library, power=power)
    if not power:
        show_design(chosen, library, json=json)
        return
    sizes = _sizes(patients_list)
    factors = _factors(enrich, interval_weeks, regimen, library)
    tried = levels(chosen, factors, library)
    sets = chosen_sets(parameters, replicates, library, settings)
    settings = {"replicates": replicates, "target": target, "parameter_sets": len(sets)}
    run = record_run(seed=seed, settings=settings)
    where = out or (None if json else Path("results") / f"{chosen.id}-power-seed{seed}")
    with (
        folder_if_named(where) as folder,
        progress(shown=not (quiet or json)) as report,
        plan.open(prepare="oestra.trial.at_work", warn=warn) as workers,
    ):
        cohort = recruit(sets, workers, report)
        study = PowerStudy(
            trial=chosen.id,
            seed=seed,
            replicates=replicates,
            target=target,
            sets=sets,
            cautions=tuple(drug_cautions(chosen, library)),
            sizings=tuple(
                size_trial(
                    level,
                    chosen,
                    cohort=cohort,
                    patients=sizes,
                    target=target,
                    replicates=replicates,
                    seed=seed,
                    workers=workers,
                    progress=lambda done, total, what=level.label: report(
                        f"Power, {what}", done, total
                    ),
                )
                for level in tried
            ),
        )
        if folder is not None:
            write_power(folder, study, run)
    if json:
        print_json(study.to_json_dict())
    else:
        _show(study, chosen)
        note_written(f"{where}{os.sep}")


def _plan(name: str, library: Library, *, power: bool) -> TrialDesign:
    """Find the design, and say what is doubtful in it and which options are idle."""
    from oestra.trial.designs import find_design
    from oestra.trial.doubts import doubts

    if not power:
        only_with(_OF_POWER, "--power")
        unused(("seed", *WORK), "only --power simulates")
    plan = find_design(name, library)
    caution(doubts(plan, library))
    return plan


def _factors(
    enrich: list[str] | None,
    interval_weeks: str,
    regimen: list[str] | None,
    library: Library,
) -> Factors:
    """Read what is to be varied."""
    from oestra.trial.sizing import Factors

    factors = Factors(
        enrich=tuple(enrich or ()),
        interval_weeks=_numbers(interval_weeks, "--interval-weeks"),
        regimens=tuple(_regimen(text, library) for text in regimen or ()),
    )
    _check_factors(factors)
    return factors


def _check_factors(factors: Factors) -> None:
    """Refuse levels named twice, and more of them than anybody waits for."""
    regimens = [tuple(sorted(one.items())) for one in factors.regimens]
    for option, given in (
        ("--enrich", factors.enrich),
        ("--interval-weeks", factors.interval_weeks),
        ("--regimen", regimens),
    ):
        if len(set(given)) < len(given):
            raise InputError(f"{option} names a level twice.")
    count = len(factors.enrich) + 1
    count *= max(len(factors.interval_weeks), 1) * (len(regimens) + 1)
    if count > _MOST_LEVELS:
        raise InputError(f"At most {_MOST_LEVELS} levels are tried, got {count}.")


def _sizes(text: str) -> list[int]:
    """Read numbers of patients."""
    found = _numbers(text, "--patients-list")
    for size in found:
        if not size.is_integer() or size > _MOST_PATIENTS:
            raise InputError(
                f"--patients-list takes whole numbers up to {_MOST_PATIENTS:,}, got "
                f"{size:g}."
            )
    if len(set(found)) < len(found):
        raise InputError("--patients-list names a size twice.")
    if len(found) > _MOST_SIZES:
        raise InputError(f"--patients-list takes at most {_MOST_SIZES} sizes.")
    return [int(size) for size in found]


def _numbers(text: str, option: str) -> tuple[float, ...]:
    """Read a list of positive numbers."""
    found: list[float] = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        digits = word.isascii() and len(word) <= 12
        number = float(word) if digits and word.replace(".", "", 1).isdigit() else 0.0
        if number <= 0:
            raise InputError(
                f"{option} takes positive numbers with commas, such as 8,12; got "
                f"{shown(word)}."
            )
        found.append(number)
    return tuple(found)


def _regimen(text: str, library: Library) -> Mapping[str, str]:
    from oestra.drugs.regimen import Regimen
    from oestra.trial.doubts import regimen_doubts

    arm, sign, regimen = text.partition("=")
    if not sign:
        raise InputError(f"--regimen takes ARM=REGIMEN, got {shown(text)}.")
    for component in Regimen.parse(regimen, library).components:
        component.at_steady_state()
    caution(regimen_doubts(regimen, library))
    return {arm.strip(): regimen.strip()}


def _head(one: Sizing) -> str:
    if one.eligible_percent > 99.5:
        return one.label
    return f"{one.label} ({one.eligible_percent:.0f} % of the design's patients)"


def _show(study: PowerStudy, plan: TrialDesign) -> None:
    from rich.table import Table

    from oestra.cli.recruit import sets_text, warn_uncalibrated

    terminal = console()
    terminal.print(headed(plan.id, f": {plan.title}"))
    terminal.print(testing_text(plan))
    terminal.print(
        f"Power: share of trials that reject the first; {study.replicates} trials a "
        f"size, seed {study.seed}"
    )
    for one in study.sizings:
        terminal.print()
        terminal.print(_head(one), markup=False, style="bold")
        heads = ["patients", "power, %", "95 % interval", "events", "hazard ratio"]
        heads += ["won early, %", "futile, %", "months"] if plan.analysis.looks else []
        table = Table(*heads, box=None)
        for point in one.points:
            power, low, high = point.percent
            ratio = point.hazard_ratio.estimate
            row = [
                f"{point.patients}",
                f"{power:.0f}",
                f"{low:.0f} to {high:.0f}",
                "-" if point.events is None else f"{point.events:.0f}",
                "-" if ratio is None else f"{ratio:.2f}",
                f"{point.efficacy_percent:.0f}",
                f"{point.futility_percent:.0f}",
                _months(point),
            ]
            table.add_row(*row[: len(heads)])
        terminal.print(table)
        wanted = f"{100 * study.target:.0f} % power"
        found = one.reason if one.required is None else one.required.text()
        terminal.print(f"{wanted}: {found}.")
    terminal.print(
        "Intervals are those of simulation; the model's own errors come on top.",
        style="dim",
    )
    terminal.print(f"{sets_text(len(study.sets))}", style="dim")
    for text in study.cautions:
        warn(f"Caution: {text}.")
    warn_uncalibrated()


def _months(point: PowerPoint) -> str:
    found = None if point.verdict is None else point.verdict.months["mean"]
    return "-" if found is None else f"{found:.1f}"
