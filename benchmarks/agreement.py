"""Public SBML models here, in libRoadRunner and in COPASI: who agrees with whom.

The folder holds SBML files (``.xml``); without one, OESTRA_SBML_MODELS names it. Each
model runs in a process of its own, for at most two minutes.

Usage: python benchmarks/agreement.py [FOLDER]
"""

import os
import subprocess
import sys
from pathlib import Path

from oestra.core.errors import InputError
from oestra.solve.agreement import ENGINES, compare_engines

GOAL = 1e-4
SECONDS = 120


def show(path: Path) -> None:
    """Print the line of one model."""
    try:
        found = compare_engines(path)
    except InputError as error:
        print(f"{path.stem} | refused | {error}")
        return
    cells = [path.stem, str(found.quantities)]
    for pair, deviation in found.deviations.items():
        where = f" ({found.worst[pair]})" if deviation > GOAL else ""
        cells.append(f"{pair[0]}-{pair[1]} {deviation:.1e}{where}")
    cells += [f"{engine} failed: {why}" for engine, why in found.failures.items()]
    print(" | ".join(cells))


def main() -> None:
    """Print one line a model."""
    if len(sys.argv) == 3 and sys.argv[1] == "--one":
        show(Path(sys.argv[2]))
        return
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ["OESTRA_SBML_MODELS"]
    print(f"deviations between {', '.join(ENGINES)}, relative to the largest size")
    for path in sorted(Path(folder).glob("*.xml")):
        command = [sys.executable, __file__, "--one", str(path)]
        try:
            done = subprocess.run(  # noqa: S603 - this file itself
                command, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            print(f"{path.stem} | not done in {SECONDS} s")
            continue
        lines = [line for line in done.stdout.splitlines() if path.stem in line]
        print(lines[-1] if lines else f"{path.stem} | ended with {done.returncode}")


if __name__ == "__main__":
    main()
