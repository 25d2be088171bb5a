"""Print which share of the mutants of each module a test noticed; fail below a bound.

Usage: python .ci/mutation_score.py PERCENT
"""

import json
import sys
from pathlib import Path

SURVIVED, NOT_TESTED = {0}, {5, 33}
"""Exit statuses of mutmut: all tests passed; no test runs the function."""


def scores(folder: Path) -> dict[str, tuple[int, int]]:
    """Return mutants noticed and mutants judged, by module."""
    found = {}
    for meta in sorted(folder.rglob("*.py.meta")):
        known = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        judged = [status for status in known.values() if status is not None]
        noticed = [s for s in judged if s not in SURVIVED | NOT_TESTED]
        if judged:
            module = meta.relative_to(folder / "src" / "oestra").as_posix()
            found[module.removesuffix(".py.meta")] = len(noticed), len(judged)
    return found


def main() -> int:
    """Print the scores; return 1 where they are too low or there are none."""
    found = scores(Path("mutants"))
    for module, (noticed, judged) in found.items():
        print(f"{module}: {100 * noticed / judged:.0f} % of {judged}")
    noticed, judged = (sum(column) for column in zip(*found.values(), strict=True))
    percent = 100 * noticed / judged
    print(f"mutation score {percent:.1f} %: {noticed} of {judged} mutants noticed")
    return int(percent < float(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
