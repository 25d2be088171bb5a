"""Speed against libRoadRunner at equal error: constant parameters and daily pulses.

Run: ``python benchmarks/against_roadrunner.py [cell|signaling] [lanes]``.
"""

import sys
from importlib.resources import files

import antimony
import numpy as np
from signaling import sketch

from oestra.core.streams import Streams
from oestra.solve.peers import Comparison, Doses, compare
from oestra.solve.pulses import absorption
from oestra.solve.sbml import read_sbml


def cell():
    text = files("oestra.network").joinpath("cell.xml").read_text(encoding="utf-8")
    return read_sbml(text).ode, text


def signaling():
    synthetic = sketch()
    if antimony.loadAntimonyString(synthetic.antimony()) < 0:
        raise SystemExit(antimony.getLastError())
    return synthetic.model(), antimony.getSBMLString("signaling")


def ensemble(model, lanes: int, spread: float = 0.25) -> np.ndarray:
    """Vary every parameter log-normally, except counts of compartments and flags."""
    factors = Streams(1).normal("parameters", np.arange(lanes), len(model.values))
    return model.values * np.exp(spread * factors)


def show(what: str, found: Comparison) -> None:
    if found.ratio is None or found.seconds is None or found.peer_seconds is None:
        print(f"{what:22} not measured: {found.reason}")
        return
    print(
        f"{what:22} {found.ratio:6.1f}x  p99 error {found.error_p99:.1e} against "
        f"{found.peer_error_p99:.1e}  {1e3 * found.seconds:.4f} against "
        f"{1e3 * found.peer_seconds:.2f} ms per lane  rtol {found.rtol:.1e}  "
        f"peer failed on {found.peer_failed}"
    )


INPUTS = {
    "signaling": ("gefitinib", "palbociclib", "everolimus"),
    "cell": ("load_cdk46", "load_mtorc1_allosteric", "load_cyp19a1"),
}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "signaling"
    lanes = int(sys.argv[2]) if len(sys.argv) > 2 else 1024
    model, sbml = {"cell": cell, "signaling": signaling}[name]()
    p = ensemble(model, lanes)
    if "cell" in model.parameters:
        p[:, model.parameters.index("cell")] = 1.0
    print(f"{name}: {len(model.states)} states, {len(model.parameters)} parameters")
    show("constant, 730 days", compare(model, sbml, p))
    if name in INPUTS:
        kinetics = {drug: absorption(30.0, 1.1) for drug in INPUTS[name]}
        doses = Doses(kinetics=kinetics, amounts=dict.fromkeys(kinetics, 2.0))
        few = p[: max(64, lanes // 16)]
        found = compare(model, sbml, few, end=60.0, peer_lanes=8, doses=doses)
        show("daily pulses, 60 days", found)


if __name__ == "__main__":
    main()
