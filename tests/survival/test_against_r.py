"""Equal to R's package survival, on 15 public data sets and 26 made to be hard."""

import io
import math
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from oestra.survival import (
    FlemingHarrington,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    product_limit,
    restricted_mean_difference,
    restricted_mean_time,
)

RSCRIPT = shutil.which("Rscript")
SCRIPT = Path(__file__).with_name("against_r.R")


@cache
def has_survival() -> bool:
    if RSCRIPT is None:
        return False
    asked = [RSCRIPT, "-e", "stopifnot(requireNamespace('survival'))"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0  # noqa: S603 - fixed program and script


PUBLIC = (
    "lung", "veteran", "ovarian", "leukemia", "gbsg", "colon", "pbc", "kidney",
    "rotterdam", "mgus", "mgus2", "bladder", "rats", "retinopathy", "myeloid",
)  # fmt: skip


def hard_sets() -> dict[str, dict[str, object]]:
    rng = np.random.default_rng(11)

    def drawn(size: int, digits: int, censored: float) -> dict[str, object]:
        return {
            "time": np.round(rng.exponential(10.0, size), digits),
            "event": rng.random(size) >= censored,
            "group": rng.random(size) < 0.5,
            "stratum": rng.integers(0, 4, size),
            "weight": np.round(rng.uniform(0.2, 3.0, size), 2),
        }

    one_to = np.arange(1.0, 9.0)
    half = np.arange(8) % 2
    every = np.ones(8)
    return {
        "plateau at one half": {"time": one_to, "event": every, "group": half},
        "plateau long": {"time": [1, 2, 3, 9, 9, 12.0], "event": [1, 1, 1, 0, 1, 1],
                         "group": [0, 1, 0, 1, 0, 1]},
        "plateau to the end": {"time": [1, 2, 3, 4.0], "event": [1, 1, 0, 0],
                               "group": [0, 1, 0, 1]},
        "one patient": {"time": [3.0], "event": [1], "group": [1]},
        "one censored patient": {"time": [3.0], "event": [0], "group": [0]},
        "two patients": {"time": [3.0, 5.0], "event": [1, 1], "group": [1, 0]},
        "all censored": {"time": one_to, "event": 0 * every, "group": half},
        "one event": {"time": one_to, "event": [0, 0, 0, 1, 0, 0, 0, 0], "group": half},
        "one event last": {"time": one_to, "event": [0] * 7 + [1], "group": half},
        "all tied": {"time": 0 * one_to + 2, "event": [1, 1, 1, 0, 0, 1, 1, 0],
                     "group": half},
        "heavy ties": drawn(80, 0, 0.3),
        "heavier ties": {**drawn(200, 0, 0.2), "time": rng.integers(1, 4, 200) * 1.0},
        "at time zero": {"time": [0, 0, 0, 1, 2, 3, 0, 5.0],
                         "event": [1, 0, 1, 1, 0, 1, 1, 1], "group": half},
        "last is an event": {"time": one_to, "event": [1, 0, 1, 0, 1, 0, 0, 1],
                             "group": half},
        "rounding": {"time": [0.1 + 0.2, 0.3, 3 * 0.1, 0.7, 0.1 * 7, 1.1 - 0.4, 0.9, 1],
                     "event": [1, 1, 0, 1, 1, 0, 1, 1],
                     "group": [1, 0, 1, 0, 1, 1, 0, 0]},
        "rounding of large times": {"time": [1e6, 1e6 + 1e-4, 1e6 + 1, 1e6 + 1, 1e6 + 2,
                                             1e6 + 2 + 1e-3, 1e6 + 3, 1e6 + 4],
                                    "event": [1, 1, 1, 0, 1, 1, 1, 1], "group": half},
        "small times": {"time": one_to * 1e-4, "event": [1, 1, 0, 1, 1, 1, 0, 1],
                        "group": [0, 1, 1, 0, 1, 0, 0, 1]},
        "strata of one": {"time": one_to, "event": every, "group": half,
                          "stratum": np.arange(8)},
        "strata of two": {"time": one_to, "event": every, "stratum": np.arange(8) // 2,
                          "group": [1, 0, 0, 1, 1, 0, 0, 1]},
        "one group without events": {"time": one_to, "event": half, "group": half},
        "separated": {"time": one_to, "event": every, "group": one_to < 5},
        "far apart": {**drawn(60, 1, 0.1), "group": np.arange(60) < 30,
                      "time": np.round(rng.exponential(np.repeat([1, 30], 30)), 2)},
        "tiny weights": {**drawn(60, 1, 0.3),
                         "weight": rng.uniform(1, 3, 60) * 1e-6},
        "unequal weights": {**drawn(60, 0, 0.3),
                            "weight": 10 ** rng.uniform(-3, 3, 60)},
        "few in one group": {**drawn(100, 1, 0.3), "group": np.arange(100) % 33 == 0},
        "many": drawn(20_000, 2, 0.4),
    }  # fmt: skip


HARD = hard_sets()


@pytest.fixture(scope="module")
def told() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the patients of all sets, and what R says of them."""
    if not has_survival():
        pytest.skip("R with its package survival is missing (r-cran-survival)")
    columns = {"stratum": 1, "weight": 1.0}
    frames = []
    for name, rows in HARD.items():
        frame = pd.DataFrame({"set": name, **rows})
        for column, default in columns.items():
            frame[column] = frame.get(column, default)
        frames.append(frame.astype({"event": int, "group": int}))
    data = pd.concat(frames)[["set", "time", "event", "group", "stratum", "weight"]]
    done = subprocess.run(  # noqa: S603 - fixed program and script
        [str(RSCRIPT), str(SCRIPT)],
        input=data.to_csv(index=False, float_format="%.17g"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    patients, values = done.stdout.split("VALUES\n")
    found = pd.read_csv(io.StringIO(patients.removeprefix("DATA\n")))
    table = pd.read_csv(io.StringIO(values), names=["set", "name", "value"])
    return found, table


def curves(d: pd.DataFrame) -> dict[str, float | None]:
    time, event = d["time"].to_numpy(), d["event"].to_numpy()
    at = [float(np.median(time))]
    got: dict[str, float | None] = {}
    plain = product_limit(time, event)
    got |= {"median": plain.median, "q25": plain.quantile(0.25)}
    got["survival"] = plain.at(at)[0]
    for kind in ("log", "log-log", "plain"):
        curve = kaplan_meier(time, event, at, limits=kind)
        assert curve.median == plain.median
        got |= {f"low {kind}": curve.median_low, f"high {kind}": curve.median_high}
        if curve.survival[0] < 1:  # R leaves the limits of 1 open on one scale
            got[f"curve low {kind}"] = curve.lower[0]
            got[f"curve high {kind}"] = curve.upper[0]
        got["at risk"] = curve.at_risk[0]
    curve = kaplan_meier(time, event, at, weights=d["weight"], limits="log")
    got |= {"weighted median": curve.median, "weighted survival": curve.survival[0]}
    return got | {"weighted low": curve.lower[0]}


def means(d: pd.DataFrame) -> dict[str, float | None]:
    time, horizon = d["time"], float(d["time"].median())
    if horizon == 0:
        return {}
    mean = restricted_mean_time(time, d["event"], horizon)
    got = {"rmst": mean.estimate, "rmst se": mean.standard_error}
    apart = restricted_mean_difference(time, d["event"], d["group"], horizon)
    if apart.estimate is not None:
        got |= {"rmst difference": apart.estimate}
        got |= {"rmst difference se": apart.standard_error}
    return got


def comparisons(d: pd.DataFrame) -> dict[str, float | None]:
    data, strata = (d["time"], d["event"], d["group"]), d["stratum"]
    got = {"log rank": log_rank(*data).statistic}
    got["stratified log rank"] = log_rank(*data, strata).statistic
    for rho in ("0.5", "1", "2"):
        by = FlemingHarrington(float(rho))
        got[f"rho {rho}"] = log_rank(*data, events=by).statistic
        got[f"stratified rho {rho}"] = log_rank(*data, strata, events=by).statistic
    for rho, gamma in ((0, 1), (0.5, 2)):
        by = FlemingHarrington(rho, gamma)
        got[f"rho {rho} gamma {gamma}"] = log_rank(*data, events=by).statistic
    weighted = log_rank(*data, strata, weights=d["weight"])
    got["weighted log rank"] = weighted.statistic
    for ties in ("efron", "breslow"):
        plain = hazard_ratio(*data, ties=ties)
        split = hazard_ratio(*data, strata, ties=ties)
        both = {"weights": d["weight"], "ties": ties}
        robust = hazard_ratio(*data, strata, robust=True, **both)
        naive = hazard_ratio(*data, strata, robust=False, **both)
        got |= {
            f"cox {ties}": plain.log_hazard_ratio,
            f"cox se {ties}": plain.standard_error,
            f"strata {ties}": split.log_hazard_ratio,
            f"strata se {ties}": split.standard_error,
            f"weighted {ties}": robust.log_hazard_ratio,
            f"weighted robust {ties}": robust.standard_error,
            f"weighted naive {ties}": naive.standard_error,
        }
    return got


@pytest.mark.parametrize("name", [*PUBLIC, *HARD])
def test_agrees_with_r(told, name):
    data, values = told
    here = data[data["set"] == name]
    got = curves(here) | means(here) | comparisons(here)
    want = values[values["set"] == name].set_index("name")["value"]
    assert len(want) >= 10
    wrong = {}
    missing = set(want.index) - set(got)
    assert all(key.startswith(("rmst", "curve")) for key in missing)
    for key, value in want.drop(list(missing)).items():
        mine = got[key]
        none = mine is None or math.isnan(mine)
        if math.isnan(value) != none or (
            not none and mine != pytest.approx(value, rel=2e-7, abs=1e-9)
        ):
            wrong[key] = (mine, value)
    assert not wrong
