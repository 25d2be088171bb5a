"""The options that many commands share, declared once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Json",
    "Out",
    "ParameterSet",
    "Parameters",
    "Quiet",
    "Seed",
    "Workers",
]


class ParameterSet(StrEnum):
    """Which parameters to run with."""

    BEST = "best"


Seed = Annotated[int, typer.Option(min=0, help="Seed of all chance.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder (or file) to write to.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes; all processors by default.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
Parameters = Annotated[
    ParameterSet, typer.Option(help="The best set is the only one so far.")
]
