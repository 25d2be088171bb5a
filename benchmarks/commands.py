"""CPU seconds of the commands that are asked most, each in a fresh process.

    uv run python benchmarks/commands.py [--trial]

Caches are as they are: the first run of `oestra drugs NAME` simulates exposures and the
next ones read them. With --trial a whole trial is timed too.
"""

import os
import subprocess
import sys
import tempfile
import time

QUICK = (
    ["--help"],
    ["trial", "--help"],
    ["trial", "--no-such-option"],
    ["no-such-command"],
    ["trials"],
    ["drugs"],
    ["drugs", "everolimus"],
)
TRIAL = ["trial", "BOLERO-2", "--out", "bolero"]


def seconds(words: list[str], folder: str) -> tuple[float, float]:
    """Return CPU and wall seconds of one command."""
    start, began = os.times(), time.perf_counter()
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "oestra", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        check=False,
    )
    wall, end = time.perf_counter() - began, os.times()
    cpu = end.children_user - start.children_user
    return cpu + end.children_system - start.children_system, wall


def main() -> None:
    """Time each command twice and print the second time."""
    asked = [*QUICK, TRIAL] if "--trial" in sys.argv else QUICK
    print("CPU s   wall s  command")
    with tempfile.TemporaryDirectory() as folder:
        for words in asked:
            seconds(words, folder)
            cpu, wall = seconds(words, folder)
            print(f"{cpu:5.2f}  {wall:7.2f}  oestra {' '.join(words)}")


if __name__ == "__main__":
    main()
