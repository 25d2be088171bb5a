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
    best = {1: np.inf, 2: np.inf}
    for _ in range(3):
        for threads, record in best.items():
            began = time.perf_counter()
            kernel.advance(y, p, 0.0, DAYS, threads=threads)
            best[threads] = min(record, time.perf_counter() - began)
    print(f"two threads {best[1] / best[2]:.2f}x one (8192 lanes, wall clock)")
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
