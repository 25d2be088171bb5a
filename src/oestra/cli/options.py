"""The options that many commands share, declared once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.caution import command_of
from oestra.cli.caution import unused as say_unused

if TYPE_CHECKING:
    from oestra.core.library import Library

__all__ = [
    "SECONDS_A_PATIENT",
    "WORK",
    "Json",
    "OneSet",
    "Out",
    "ParameterSet",
    "Parameters",
    "Quiet",
    "Seed",
    "listed",
    "read_settings",
    "warn_overwritten",
    "with_common_options",
]


class ParameterSet(StrEnum):
    """Which parameters to run with."""

    BEST = "best"
    ENSEMBLE = "ensemble"


Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of all chance.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder (or file) to write to.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
Parameters = Annotated[
    str | None,
    typer.Option(
        metavar="best|ensemble|NAME",
        help="The best set, the ensemble that stands for what the fit leaves open, or "
        "a name or file that 'oestra update' wrote; the ensemble by default where one "
        "ships.",
    ),
]
OneSet = Annotated[
    str | None,
    typer.Option(
        "--parameters",
        metavar="best|NAME",
        help="The best set, or that of a name or file that 'oestra update' wrote.",
    ),
]


SECONDS_A_PATIENT = 1e-3
"""Processor time that a patient on trial takes, roughly."""


def listed(given: Sequence[str] | None) -> list[str]:
    """Return the names of an option that may be repeated and takes commas."""
    return [word.strip() for text in given or () for word in text.split(",")]


_COMMON = {
    "seed": (int, typer.Option(min=0, max=2**63 - 1, hidden=True), 1),
    "workers": (int | None, typer.Option(min=1, max=1024, hidden=True), None),
    "quiet": (bool, typer.Option("--quiet", hidden=True), False),
}


_BUILT = {
    "library": Annotated[
        list[Path] | None,
        typer.Option(
            "--library",
            metavar="DIR",
            help="Folder of own drugs, cell lines, pathways, trials and the like, "
            "added to what ships; may be repeated. See 'oestra library'.",
        ),
    ],
    "settings": Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Value of a parameter, over those of file and fit; may be repeated. "
            "See 'oestra parameters'.",
        ),
    ],
}
"""Options from which a command gets what they name: a library, values of parameters."""

_WORK = {
    "workers": Annotated[
        int | None,
        typer.Option(min=1, max=1024, help="Processes; all processors by default."),
    ],
    "cluster": Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Dask scheduler whose workers do the work; local:N starts one.",
        ),
    ],
    "slurm": Annotated[
        str | None,
        typer.Option(
            metavar="OPTIONS",
            help="Do the work as jobs of Slurm: default, or such as "
            "partition=short,minutes=30,jobs=64.",
        ),
    ],
    "store": Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="Folder or address where finished tasks are kept and found again, so "
            "that a run that was stopped goes on.",
        ),
    ],
}
"""Options of a command that asks for a ``plan``: who does its work."""
WORK = tuple(_WORK)
"""Their names, as arguments of the command."""


def _build(given: dict[str, object], built: AbstractSet[str]) -> dict[str, object]:
    """Return the library and the settings that options name."""
    found: dict[str, object] = {}
    if "plan" in built:
        from oestra.work.plan import Plan

        found["plan"] = Plan(**{name: given.pop(name, None) for name in _WORK})  # pyright: ignore[reportArgumentType]
    if not built & _BUILT.keys():
        return found
    from oestra.core.library import library_of

    folders = given.get("library")
    library = library_of(folders if isinstance(folders, list) else ())
    if "library" in built:
        found["library"] = library
    if "settings" in built:
        texts = given.get("settings")
        found["settings"] = read_settings(
            texts if isinstance(texts, list) else [], library
        )
    return found


def warn_overwritten(settings: Mapping[str, float], *, patients: bool) -> None:
    """Say which values of the user are written over, and so change nothing here."""
    if not settings:
        return
    from oestra.course.traits import TRAITS
    from oestra.culture.hormones import CULTURE_SETS
    from oestra.culture.strain import PACES

    scaled = {"e2_baseline", "mtorc1_basal"}
    over = TRAITS.keys() - scaled if patients else {*CULTURE_SETS, *PACES}
    for name in settings.keys() & over:
        who = f"patients ({TRAITS[name]})" if patients else "cultures"
        typer.echo(f"{name} is written over in {who}: --set changes nothing.", err=True)


def read_settings(texts: Sequence[str], library: Library) -> dict[str, float]:
    """Return values of parameters, and warn of those outside their intervals."""
    if not texts:
        return {}
    from oestra.model.setting import parse_settings

    found = parse_settings(texts, library)
    for warning in found.warnings:
        typer.echo(warning, err=True)
    return found.values


def _options_of(parameter: inspect.Parameter) -> list[inspect.Parameter]:
    """Return the options from which a command gets a parameter."""
    if parameter.name == "plan":
        return [
            parameter.replace(name=name, annotation=option, default=None)
            for name, option in _WORK.items()
        ]
    if parameter.name in _BUILT:
        return [parameter.replace(annotation=_BUILT[parameter.name], default=None)]
    return [parameter]


def with_common_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command accept the options of all commands.

    Those it has no use for change nothing, and it says so: a command without chance
    gives the same result for every seed, one without parallel work for any number of
    workers.

    Parameters
    ----------
    command : callable
        The function behind a command.

    Returns
    -------
    callable
        The same with ``--seed``, ``--workers`` and ``--quiet``, hidden where unused.
    """
    signature = inspect.signature(command, eval_str=True)
    built = {*_BUILT, "plan"} & signature.parameters.keys()
    known = {*signature.parameters, *(_WORK if "plan" in built else ())}
    unused = {k: v for k, v in _COMMON.items() if k not in known}

    @wraps(command)
    def accepting(context: typer.Context | None = None, **given: object) -> None:
        kept = {name: v for name, v in given.items() if name not in unused}
        with command_of(context):
            say_unused({"seed"} & unused.keys(), "nothing is left to chance")
            say_unused({"workers"} & unused.keys(), "nothing runs side by side")
            made = _build(kept, built)
            command(**{**kept, **made})

    extra = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=default,
            annotation=Annotated[kind, option],
        )
        for name, (kind, option, default) in unused.items()
    ]
    own = [one for had in signature.parameters.values() for one in _options_of(had)]
    context = inspect.Parameter(
        "context",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=typer.Context,
    )
    parameters = [*own, *extra, context]
    accepting.__signature__ = signature.replace(parameters=parameters)  # pyright: ignore[reportAttributeAccessIssue]
    accepting.__annotations__ = {p.name: p.annotation for p in parameters}
    return accepting
