"""How many new trials the printed 95 % intervals hold, for a known ensemble.

Patients have exponential survival, seen at scans eight weeks apart; parameter sets
differ in the log of the median and in the log of the hazard ratio. Each run is what
`oestra trial` does with so many replicates, taken from the sets in turn: hazard ratios
and medians, reduced by `oestra.trial.estimate.summarize`. Then one more trial of one
more set is drawn. Held by 93 to 97 % is right; beside it stands the Monte Carlo error.
Medians of one set and many patients lie at one scan or the next, and are held more.

    uv run python benchmarks/coverage.py [runs]
"""

import math
import sys

import numpy as np

from oestra.survival.cox import hazard_ratio
from oestra.trial.estimate import Estimate, summarize
from oestra.trial.scale import LOG
from oestra.trial.statistic import median_months, ratio_value
from oestra.trial.value import Value

_MONTH, _SCAN, _CUT = 30.4375, 56.0, 24.0
_MEDIAN, _RATIO = 6.0, 0.6
_CASES = (
    # replicates, sets, patients an arm, sd between sets of log median and log ratio
    (5, 1, 30, 0.0, 0.0),
    (10, 1, 60, 0.0, 0.0),
    (20, 1, 60, 0.0, 0.0),
    (10, 1, 300, 0.0, 0.0),
    (20, 1, 300, 0.0, 0.0),
    (20, 10, 60, 0.0, 0.0),
    (20, 10, 60, 0.2, 0.15),
    (20, 10, 200, 0.2, 0.15),
    (40, 20, 60, 0.3, 0.2),
)


def _times(
    rng: np.random.Generator, size: int, hazard: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return days to progression as scans show it, and whether it was seen."""
    day = rng.exponential(1 / hazard, size)
    seen = np.ceil(day / _SCAN) * _SCAN
    follow = _CUT * _MONTH - rng.uniform(0, 12 * _MONTH, size)
    event = seen <= follow
    return np.where(event, seen, np.floor(follow / _SCAN) * _SCAN), event


def _trial(
    rng: np.random.Generator, size: int, log_median: float, log_ratio: float
) -> tuple[Value, Value]:
    """Return the median of the control and the hazard ratio of one trial."""
    hazard = math.log(2) / (math.exp(log_median) * _MONTH)
    arm = _times(rng, size, hazard * math.exp(log_ratio))
    control = _times(rng, size, hazard)
    day, event = (np.concatenate(pair) for pair in zip(arm, control, strict=True))
    found = hazard_ratio(day, event, np.arange(2 * size) < size)
    return median_months(*control), ratio_value(found)


def _held(found: Estimate, value: Value) -> bool:
    rank = value.rank
    assert rank is not None
    low = -math.inf if found.low is None else found.low
    high = math.inf if found.high is None else found.high
    return low <= rank <= high


def _coverage(case: tuple[int, int, int, float, float], runs: int) -> list[float]:
    replicates, sets, size, of_median, of_ratio = case
    rng = np.random.default_rng([replicates, sets, size])
    hits = np.zeros(2)
    for _ in range(runs):
        medians = math.log(_MEDIAN) + of_median * rng.normal(size=sets + 1)
        ratios = math.log(_RATIO) + of_ratio * rng.normal(size=sets + 1)
        turn = [number % sets for number in range(replicates)]
        done = [_trial(rng, size, medians[one], ratios[one]) for one in turn]
        new = _trial(rng, size, medians[-1], ratios[-1])
        for number in range(2):
            values = [one[number] for one in done]
            found = summarize(values, scale=LOG, sets=turn)
            hits[number] += _held(found, new[number])
    return [100 * hit / runs for hit in hits]


def main(runs: int = 1000) -> None:
    """Print the table."""
    print(f"{runs} runs a row; 95 % prediction intervals, percent of new trials held")
    heads = ("replicates", "sets", "an arm", "median", "error", "ratio", "error")
    print("".join(f"{head:>11}" for head in heads))
    for case in _CASES:
        held = _coverage(case, runs)
        shown = [f"{number:11d}" for number in case[:3]]
        for percent in held:
            error = math.sqrt(percent * (100 - percent) / runs)
            shown += [f"{percent:11.1f}{error:11.1f}"]
        print("".join(shown), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
