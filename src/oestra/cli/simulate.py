"""``oestra simulate``: any SBML or Antimony model, once or as an ensemble."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.options import Json, Out
from oestra.cli.show import console, note_written, print_json, tell
from oestra.core.errors import InputError, shown

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

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
_Until = Annotated[float, typer.Option(help="Last time, in the model's unit.")]
_Points = Annotated[
    int, typer.Option(min=1, max=10_000_000, help="Intervals between printed times.")
]
_Ensemble = Annotated[
    Path | None,
    typer.Option(help="Parquet or CSV: one column per name, one row per simulation."),
]
_Record = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="What to record, such as S, amount(S) or concentration(S); may be "
        "repeated. By default all that changes.",
    ),
]


def simulate_command(  # noqa: PLR0913
    file: _File,
    *,
    assignments: _Set = None,
    until: _Until = 10.0,
    points: _Points = 100,
    ensemble: _Ensemble = None,
    record: _Record = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """Simulate a model, once or for every row of a table of parameters.

    With --out the folder gets the time courses as Parquet and a manifest.
    """
    from oestra.core.whole_file import whole_folder
    from oestra.report.manifest import record_run, write_manifest
    from oestra.solve.sbml import read_model
    from oestra.solve.settings import Settings
    from oestra.solve.simulation import simulate

    if not 0 < until <= _LATEST:
        raise InputError(
            f"--until lies above 0 and at most at {_LATEST:g}, got {until:g}."
        )
    settings = Settings()
    _tell_size(file)
    model = read_model(file)
    run = record_run(
        seed=0,
        settings={"rtol": settings.rtol, "atol": settings.atol},
        hashes={"model": model.ode.digest},
    )
    values = _values(assignments or [], ensemble)
    result = simulate(
        model,
        until,
        points=points,
        values=values,
        outputs=record,
        settings=settings,
        tell=tell,
    )
    _refuse_failure(result)
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
    table = _table(ensemble)
    if table.empty:
        raise InputError(f"The ensemble {ensemble.name} has no rows.")
    columns = {str(name): table[name].to_numpy() for name in table.columns}
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
            value = float(number)
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


def _table(path: Path) -> pd.DataFrame:
    import pandas as pd

    readers = {".parquet": pd.read_parquet, ".csv": pd.read_csv}
    if path.suffix not in readers:
        raise InputError(f"The ensemble {path.name} must end in .parquet or .csv.")
    try:
        return readers[path.suffix](path)
    except FileNotFoundError:
        raise InputError(f"There is no ensemble file {str(path)!r}.") from None
    except (ValueError, OSError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"Cannot read the ensemble {path.name}: {reason}.") from None


def _refuse_failure(result: SimulationResult) -> None:
    """Stop if no simulation reached its end."""
    failures = result.failures()
    if sum(failures.values()) < len(result.outcome):
        return
    outcome = max(failures, key=lambda o: failures[o])
    raise InputError(
        f"Model {result.model!r} could not be simulated ({outcome.name}). "
        f"{outcome.advice}"
    )


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
    shown = result.names[:_COLUMNS]
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
