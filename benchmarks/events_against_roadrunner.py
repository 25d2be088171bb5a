"""Ensembles with events against libRoadRunner: processor time in one process.

Run: ``python benchmarks/events_against_roadrunner.py [lanes]``. Both run at a relative
tolerance of 1e-6 in one thread, and both count their own events; the counts must agree.
"""

import sys
import time

import numpy as np
import roadrunner

from oestra.solve.sbml import read_sbml, sbml_of_antimony
from oestra.solve.settings import Settings
from oestra.solve.simulation import simulate

PEER_LANES = 8
SETTINGS = Settings(rtol=1e-6, atol=1e-12, threads=1)
MODELS = {
    "doses by a variable": (
        "A = 0; k = 1; next = 1; n = 0; A' = -k*A;"
        "at (time >= next): A = A + 5, next = next + 1, n = n + 1",
        200.0,
    ),
    "daily window": (
        "A = 0; k = 1; n = 0; A' = -k*A;"
        "at (time - 24*floor(time/24) >= 8): A = A + 5, n = n + 1",
        4800.0,
    ),
    "state below a limit": (
        "S = 1; n = 0; k = 1; S' = -k*S; at (S < 0.5): S = 1, n = n + 1",
        140.0,
    ),
    "bouncing ball": (
        "y = 5; v = 0; k = 1; n = 0; y' = v; v' = -10*k;"
        "at (y < 0): v = -0.99*v, y = 0, n = n + 1",
        100.0,
    ),
    "delay and priority": (
        "S = 1; T = 1; n = 0; k = 1; S' = -k*S; T' = -0.7*T;"
        "at (S < 0.5), priority = 1: S = 1, n = n + 1;"
        "at (T < 0.3), priority = 2: T = 1, n = n + 1;"
        "at 0.4 after (T < 0.5): S = 0.9*S, n = n + 1",
        140.0,
    ),
}


def peer_run(sbml: str, until: float, rates: np.ndarray) -> tuple[float, np.ndarray]:
    """Return processor seconds and the events of each lane."""
    peer = roadrunner.RoadRunner(sbml)
    peer.integrator.relative_tolerance = SETTINGS.rtol
    peer.integrator.absolute_tolerance = SETTINGS.atol
    peer.timeCourseSelections = ["time", "n"]
    counts = []
    begin = time.process_time()
    for rate in rates:
        peer.resetToOrigin()
        peer["k"] = rate
        counts.append(peer.simulate(0, until, 11)[-1, 1])
    return time.process_time() - begin, np.array(counts)


def own_run(model, until: float, rates: np.ndarray) -> tuple[float, np.ndarray]:
    begin = time.process_time()
    result = simulate(
        model, until, points=10, values={"k": rates}, outputs=["n"], settings=SETTINGS
    )
    return time.process_time() - begin, result["n"][:, -1]


def main() -> None:
    lanes = int(sys.argv[1]) if len(sys.argv) > 1 else 512
    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
    print(f"{lanes} lanes, microseconds of processor time per event")
    for name, (text, until) in MODELS.items():
        sbml = sbml_of_antimony(text, name)
        model = read_sbml(sbml)
        rates = np.linspace(0.8, 1.2, lanes)
        own_run(model, until, rates[:1])
        seconds, counts = own_run(model, until, rates)
        alone, one = own_run(model, until, rates[:1])
        some = np.linspace(0, lanes - 1, PEER_LANES).astype(int)
        peer_seconds, peer_counts = peer_run(sbml, until, rates[some])
        own, peer = seconds / counts.sum(), peer_seconds / peer_counts.sum()
        same = "equal" if np.array_equal(counts[some], peer_counts) else "DIFFERENT"
        print(
            f"{name:20} {1e6 * own:7.3f} ensemble {1e6 * alone / one[0]:8.1f} one lane "
            f"{1e6 * peer:8.2f} peer  ratio {peer / own:6.1f}x  counts {same}"
        )


if __name__ == "__main__":
    main()
