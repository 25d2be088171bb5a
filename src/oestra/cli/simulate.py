"""``oestra simulate``: any SBML or Antimony model, once or as an ensemble."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.options import Json, Out, Seed
from oestra.cli.show import console, note_written, print_json, tell
from oestra.core.errors import InputError, shown
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    import numpy as np

    from oestra.solve.sbml import SbmlModel
    from oestra.solve.simulation import SimulationResult

__all__ = ["simulate_command"]

_ROWS, _COLUMNS = 11, 8
_LATEST = 1e12
"""Longer than the universe is old, in years; nothing is simulated that far."""
_LARGE, _SECONDS_A_MEGABYTE = 5.0, 1.5
"""Megabytes from which on reading is announced, and how long one takes."""
_QUANTILES = (0.05, 0.5, 0.95)

_File = Annotated[
    Path, typer.Argument(metavar="FILE", help="SBML (.xml) or Antimony (.ant).")
]
_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A parameter or initial value; may be repeated.",
    ),
]
_Until = Annotated[
    float | None, typer.Option(help="Last time, in the model's unit; 10 by default.")
]
_Points = Annotated[
    int | None,
    typer.Option(
        min=1, max=10_000_000, help="Intervals between printed times; 100 by default."
    ),
]
_At = Annotated[
    str | None,
    typer.Option(
        metavar="TIMES",
        help="Times to record, such as 1,2,5 or 0:24:0.5 (start:end:step), instead of "
        "--until and --points.",
    ),
]
_Rtol = Annotated[
    float, typer.Option(help="Relative tolerance of a step, from 1e-13 to 0.1.")
]
_Atol = Annotated[
    float, typer.Option(help="Absolute tolerance of a step, from 1e-100 to 1e6.")
]
_Method = Annotated[
    str,
    typer.Option(
        help="rodas5p; rodas4, cheapest at loose tolerances; or radau, slow and "
        "sturdy, without events."
    ),
]
_Ensemble = Annotated[
    Path | None,
    typer.Option(help="Parquet or CSV: one column per name, one row per simulation."),
]
_Record = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="What to record, such as S, amount(S) or concentration(S); names by "
        "commas, or the option repeated. By default all that changes.",
    ),
]


def simulate_command(  # noqa: PLR0913
    file: _File,
    *,
    assignments: _Set = None,
    until: _Until = None,
    points: _Points = None,
    at: _At = None,
    rtol: _Rtol = 1e-6,
    atol: _Atol = 1e-12,
    method: _Method = "rodas5p",
    ensemble: _Ensemble = None,
    record: _Record = None,
    seed: Seed = 0,
    plan: Plan = ALL_PROCESSORS,
    json: Json = False,
    out: Out = None,
) -> None:
    """Simulate a model, once or for every row of a table of parameters.

    With --out the folder gets the time courses as Parquet and a manifest. The seed
    orders events of equal priority.
    """
    from oestra.core.whole_file import whole_folder
    from oestra.report.manifest import record_run, write_manifest
    from oestra.solve.sbml import read_model
    from oestra.solve.settings import Settings

    _refuse_address(file)
    times = _times(until, points, at)
    settings = Settings(rtol=rtol, atol=atol, method=method)
    _tell_size(file)
    model = read_model(file)
    run = record_run(
        seed=seed,
        settings={"rtol": rtol, "atol": atol, "method": method},
        hashes={"model": model.ode.digest},
    )
    values = _values(assignments or [], ensemble)
    result = _simulated(
        model,
        plan,
        at=times,
        values=values,
        outputs=_names(record),
        settings=settings,
        seed=seed,
    )
    _refuse_failure(result)
    for warning in result.warnings:
        typer.echo(warning, err=True)
    if out is not None:
        with whole_folder(out) as folder:
            result.table().to_parquet(folder / "courses.parquet", index=False)
            write_manifest(folder, run)
    if json:
        print_json(_record(model, result))
        return
    if len(result.courses) == 1:
        _show_course(model, result)
    else:
        _show_spread(result)
    note_written(out)


def _simulated(model: SbmlModel, plan: Plan, **what: Any) -> SimulationResult:
    """Return the courses, by threads of this process unless others are to work."""
    from dataclasses import replace

    from oestra.solve.simulation import simulate

    # Threads share the lanes of one call, so processes would only cost their start.
    with plan.open(seconds=0.0, warn=tell) as workers:
        if isinstance(workers, int):
            what["settings"] = replace(what["settings"], threads=workers)
            return simulate(model, tell=tell, **what)
        from oestra.work.ensemble import simulate_apart

        return simulate_apart(workers, model, **what)


def _times(until: float | None, points: int | None, at: str | None) -> np.ndarray:
    """Return the times to record."""
    import numpy as np

    from oestra.cli.time_list import read_times

    if at is not None:
        if until is not None or points is not None:
            other = "--until" if until is not None else "--points"
            raise InputError(f"--at names the times to record; {other} does so too.")
        times = read_times(at, _LATEST)
        if times[-1] == 0:
            raise InputError("The last time of --at lies above 0.")
        return times
    until = 10.0 if until is None else until
    if not 0 < until <= _LATEST:
        raise InputError(
            f"--until lies above 0 and at most at {_LATEST:g}, got {until:g}."
        )
    return np.linspace(0.0, until, (100 if points is None else points) + 1)


def _refuse_address(file: Path) -> None:
    """Refuse the address of a page, of which a path keeps one slash."""
    scheme, colon, rest = str(file).partition(":/")
    if colon and scheme in ("http", "https", "ftp"):
        address = f"{scheme}://{rest.lstrip('/')}"
        raise InputError(
            f"Models are read from files of this machine; download {shown(address)}."
        )


def _names(record: list[str] | None) -> list[str] | None:
    """Return the names of --record, which may stand apart by commas."""
    if record is None:
        return None
    return [name.strip() for text in record for name in text.split(",")]


def _tell_size(file: Path) -> None:
    """Say before a long reading how long it takes."""
    try:
        megabytes = file.stat().st_size / 1e6
    except (OSError, ValueError):
        return  # the reader says why
    if megabytes >= _LARGE:
        tell(
            f"Reading {file.name}, {megabytes:.0f} MB, takes about "
            f"{megabytes * _SECONDS_A_MEGABYTE:.0f} s."
        )


def _values(assignments: list[str], ensemble: Path | None) -> dict[str, Any]:
    values = _assigned(assignments)
    if ensemble is None:
        return values
    from oestra.solve.lane_table import read_lanes

    columns = read_lanes(ensemble)
    for name in values:
        if name in columns:
            raise InputError(f"{name!r} is set by --set and by {ensemble.name}.")
    return values | columns


def _assigned(assignments: list[str]) -> dict[str, Any]:
    """Read what --set says."""
    values: dict[str, Any] = {}
    for text in assignments:
        name, equals, number = (part.strip() for part in text.partition("="))
        try:
            value = float(number.replace("_", "?"))
        except ValueError:
            equals, value = "", math.nan
        if not equals or not name or not math.isfinite(value):
            raise InputError(
                f"--set takes NAME=VALUE with a finite number, got {shown(text)}."
            )
        if name in values:
            raise InputError(f"--set names {shown(name)} twice.")
        values[name] = value
    return values


def _refuse_failure(result: SimulationResult) -> None:
    """Stop if no simulation reached its end."""
    failures = result.failures()
    if sum(failures.values()) < len(result.outcome):
        return
    outcome = max(failures, key=lambda o: failures[o])
    raise InputError(
        f"Model {result.model!r} could not be simulated{_last_time(result)} "
        f"({outcome.name}). {outcome.advice}"
    )


def _last_time(result: SimulationResult) -> str:
    """Say up to which recorded time the lane that went furthest has numbers."""
    import numpy as np

    finite = np.isfinite(result.courses).all(axis=2).any(axis=0)
    if not result.names or not finite.any():
        return ""
    return f" beyond time {result.times[finite][-1]:g}"


def _numbers(values: np.ndarray) -> list[Any]:
    """Return numbers as lists, with null for what is not finite."""
    if values.ndim > 1:
        return [_numbers(row) for row in values]
    return [v if math.isfinite(v) else None for v in values.tolist()]


def _record(model: SbmlModel, result: SimulationResult) -> dict[str, Any]:
    from oestra.solve.outcome import Outcome

    single = len(result.courses) == 1
    courses = {name: result.courses[:, :, k] for k, name in enumerate(result.names)}
    return {
        "model": result.model,
        "digest": model.ode.digest,
        "units": model.units,
        "lanes": len(result.courses),
        "warnings": list(result.warnings),
        "outcomes": [Outcome(code).name for code in result.outcome.tolist()],
        "time": result.times.tolist(),
        "courses": {
            name: _numbers(course[0] if single else course)
            for name, course in courses.items()
        },
    }


def _show_course(model: SbmlModel, result: SimulationResult) -> None:
    import numpy as np
    from rich.table import Table

    if not result.names:
        console().print(f"Nothing in model {result.model} changes with time.")
        return
    shown = result.columns[:_COLUMNS]
    unit = model.units.get("time", "")
    table = Table(f"time ({unit})" if unit else "time", *shown, box=None)
    rows = np.unique(np.linspace(0, len(result.times) - 1, _ROWS).astype(int))
    for k in rows:
        numbers = (f"{v:.6g}" for v in result.courses[0, k, : len(shown)])
        table.add_row(f"{result.times[k]:g}", *numbers)
    console().print(table)
    hidden = len(result.names) - len(shown)
    if hidden > 0:
        console().print(f"{hidden} more columns with --json or --out.")


def _show_spread(result: SimulationResult) -> None:
    import numpy as np
    from rich.table import Table

    from oestra.solve.outcome import Outcome

    usable = [Outcome(code).usable for code in result.outcome.tolist()]
    last = result.courses[usable, -1]
    terminal = console()
    terminal.print(
        f"{len(usable)} simulations of {result.model}; at time {result.times[-1]:g}:"
    )
    table = Table("name", "5 %", "median", "95 %", box=None)
    for k, name in enumerate(result.names):
        spread = np.nanquantile(last[:, k], _QUANTILES)
        table.add_row(name, *(f"{v:.6g}" for v in spread))
    terminal.print(table)
    for outcome, count in result.failures().items():
        terminal.print(f"{count} ended with {outcome.name}: {outcome.advice}")
