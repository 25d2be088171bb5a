"""Two threads against one, and the cost of ensembles from a thousand to a million.

Run: ``python benchmarks/scaling.py [cell|signaling] [largest]``.
"""

import resource
import sys
import time

import numpy as np
from against_roadrunner import cell, signaling

from oestra.core.streams import Streams
from oestra.solve import compile_model, stream

DAYS = 730.0


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "signaling"
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    model, _ = {"cell": cell, "signaling": signaling}[name]()
    kernel = compile_model(model)
    spread = Streams(1)

    def make(lanes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        factors = spread.normal("parameters", lanes, len(model.values))
        return np.tile(model.initial, (len(lanes), 1)), model.values * np.exp(
            0.25 * factors
        )

    y, p = make(np.arange(8192))
    wall, busy = {1: np.inf, 2: np.inf}, {1: np.inf, 2: np.inf}
    for _ in range(5):
        for threads in (1, 2):
            began = time.perf_counter(), time.process_time()
            kernel.advance(y, p, 0.0, DAYS, threads=threads)
            spent = time.perf_counter() - began[0], time.process_time() - began[1]
            wall[threads] = min(wall[threads], spent[0])
            busy[threads] = min(busy[threads], spent[1])
    print(
        f"two threads: {wall[1] / wall[2]:.2f}x one by the clock, "
        f"{2 * busy[1] / busy[2]:.2f}x by processor time (what two free cores give)"
    )
    lanes = 1000
    while lanes <= largest:
        began = time.process_time()
        parts = stream(kernel, lanes, make, t0=0.0, t1=DAYS)
        steps = 0
        for _, part in parts:
            steps += int(part.steps.sum() + part.rejected.sum())
        inside = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{lanes:8d} lanes  {1e6 * inside / lanes:6.1f} us per lane "
            f"(with drawing)  {steps / lanes:.1f} steps  peak {memory:.0f} MB"
        )
        lanes *= 10


if __name__ == "__main__":
    main()
