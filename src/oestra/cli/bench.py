"""``oestra bench``: the speed of the engine on the cell, against a peer in one run."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.options import Json, Seed
from oestra.cli.show import console, note, print_json
from oestra.core.stream import Stream

if TYPE_CHECKING:
    from oestra.solve.peers import Comparison

__all__ = ["bench"]

_SPREAD = 0.25
_DOSED = ("load_cdk46", "load_mtorc1_allosteric", "load_cyp19a1")
_PULSE_DAYS = 60.0

_Lanes = Annotated[
    int, typer.Option(min=64, max=1_000_000, help="Parameter sets of our side.")
]


def bench(*, lanes: _Lanes = 1024, seed: Seed = 1, json: Json = False) -> None:
    """Time the cell against libRoadRunner's CVODE at equal error, on one core.

    The peer comes with the extra ``peers``; without it the ratio is null and says why.
    """
    import numpy as np
    from rich.table import Table

    from oestra.core.streams import Streams
    from oestra.network.cell import cell
    from oestra.solve.peers import Doses, compare
    from oestra.solve.pulses import absorption

    model = cell().model.ode
    sbml = files("oestra.network").joinpath("cell.xml").read_text(encoding="utf-8")
    factors = Streams(seed).normal(Stream.BENCH, np.arange(lanes), len(model.values))
    p = model.values * np.exp(_SPREAD * factors)
    p[:, model.parameters.index("cell")] = 1.0
    kinetics = {name: absorption(30.0, 1.1) for name in _DOSED}
    doses = Doses(kinetics=kinetics, amounts=dict.fromkeys(kinetics, 2.0))
    few = p[: max(64, lanes // 16)]
    found = {
        "constant": compare(model, sbml, p),
        "pulses": compare(model, sbml, few, end=_PULSE_DAYS, peer_lanes=8, doses=doses),
    }
    if json:
        print_json({name: _record(item) for name, item in found.items()})
        return
    table = Table("dosing", "ratio", "error", "error of the peer", "", box=None)
    for name, item in found.items():
        table.add_row(
            name,
            "-" if item.ratio is None else f"{item.ratio:.0f}x",
            "-" if item.error_p99 is None else f"{item.error_p99:.1e}",
            "-" if item.peer_error_p99 is None else f"{item.peer_error_p99:.1e}",
            item.reason,
        )
    console().print(table)
    note("99th percentile of the error of each; both run as loosely as 1e-4 allows.")


def _record(item: Comparison) -> dict[str, Any]:
    values = asdict(item)
    return {"ratio_to_libroadrunner": values.pop("ratio"), **values}
