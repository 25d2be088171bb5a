"""``oestra library``: own drugs, cell lines, pathways, trials and the like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.options import Json
from oestra.cli.show import console, note, print_json
from oestra.core.errors import InputError, unknown_name
from oestra.core.library import VARIABLE, library_of

if TYPE_CHECKING:
    from oestra.own_library.check import Findings

__all__ = ["library"]

_ACTIONS = ("new", "check")
_Action = Annotated[
    str | None,
    typer.Argument(
        metavar="[new|check]",
        help="new DIR writes an example of every kind of file; check DIR... reports "
        "every fault. What is in use is shown when left out.",
    ),
]
_Folders = Annotated[
    list[Path] | None, typer.Argument(metavar="[DIR...]", help="The folders.")
]
_Added = Annotated[
    list[Path] | None,
    typer.Option(
        "--library",
        metavar="DIR",
        help="Folder of a library; may be repeated. Besides, those of OESTRA_LIBRARY "
        "and of installed packages are in use.",
    ),
]


def library(
    action: _Action = None,
    folders: _Folders = None,
    *,
    added: _Added = None,
    json: Json = False,
) -> None:
    """Start a library of your own, check it, or show what is in use.

    A library is a folder with one folder a kind of file: alterations, amounts,
    cell_lines, claims, dishes, drugs, evidence, media, parameters, pathways, practice,
    readouts, substances, targets, trials. Every command takes it by --library DIR.
    """
    if action is not None and action not in _ACTIONS:
        raise unknown_name("action", action, _ACTIONS, where="oestra library")
    given = list(folders or ())
    if action == "new":
        _new([*given, *(added or ())], json=json)
    elif action == "check":
        _check([*given, *(added or ())], json=json)
    else:
        _list(added or (), json=json)


def _new(folders: list[Path], *, json: bool) -> None:
    from oestra.own_library.example import write_example

    if len(folders) != 1:
        raise InputError(
            f"Name one folder, as in 'oestra library new mine'; got {len(folders)}."
        )
    files = write_example(folders[0])
    if json:
        print_json({"library": str(folders[0]), "files": files})
        return
    terminal = console()
    for name in files:
        terminal.print(f"{folders[0]}/{name}", markup=False)
    terminal.print("")
    terminal.print(f"Check it: oestra library check {folders[0]}", markup=False)
    terminal.print(
        f'Use it: oestra cell M7 --library {folders[0]} --drug "examplestrant 100 nM" '
        "--readout ccnd1,ccnd1_tagged,growth_rate",
        markup=False,
        soft_wrap=True,
    )
    note("One example of every kind of file; change or delete any of them.")


def _check(folders: list[Path], *, json: bool) -> None:
    from oestra.own_library.check import check_library

    chosen: list[Path] = folders or list(library_of().folders)
    if not chosen:
        raise InputError("Name a folder, as in 'oestra library check mine'.")
    found = check_library(chosen)
    if json:
        print_json(found.to_json_dict())
    else:
        _show_faults(found)
    if found.faults:
        raise typer.Exit(2)


def _show_faults(found: Findings) -> None:
    for fault in found.faults:
        typer.echo(str(fault), err=True)
    if found.faults:
        count = len(found.faults)
        typer.echo(f"{count} fault{'s' if count > 1 else ''}.", err=True)
        return
    _show_names({kind.value: list(names) for kind, names in found.names.items()})
    note("No fault.")


def _list(added: list[Path] | tuple[Path, ...], *, json: bool) -> None:
    from oestra.own_library.contents import library_names

    chosen = library_of(added)
    names = {kind.value: list(n) for kind, n in library_names(chosen).items()}
    if json:
        print_json({"folders": list(map(str, chosen.folders)), "added": names})
        return
    terminal = console()
    if not chosen.folders:
        terminal.print("Nothing is added to what ships.")
        note(
            "Start a library: oestra library new DIR. Use it: --library DIR, or name "
            f"it in {VARIABLE}."
        )
        return
    for folder in chosen.folders:
        terminal.print(str(folder), markup=False, soft_wrap=True)
    _show_names(names)
    note("Check it: oestra library check DIR.")


def _show_names(names: dict[str, list[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("kind", "", "adds", box=None)
    for kind, found in names.items():
        table.add_row(kind, str(len(found)), Text(", ".join(found)))
    console().print(table)
