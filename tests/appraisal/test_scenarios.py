"""Trials side by side: arms of different trials compared replicate by replicate."""

import json
import math

import numpy as np
import pytest

from oestra.appraisal.between_arms import median_gain, ratio_between
from oestra.appraisal.scenarios import check_scenarios
from oestra.cli import main
from oestra.core.errors import InputError
from oestra.trial.design import TimeToEvent
from oestra.trial.designs import find_design

SETS = [0] * 6


def exponential(rate, size, seed):
    times = np.random.default_rng(seed).exponential(1 / rate, size)
    return times, np.ones(size, dtype=bool)


def test_an_arm_against_itself():
    arm = [exponential(0.1, 200, seed) for seed in range(6)]
    ratio, gain = ratio_between(arm, arm, SETS), median_gain(arm, arm, SETS)
    assert ratio.estimate == pytest.approx(1.0, abs=1e-9)
    assert (gain.estimate, gain.low, gain.high) == (0.0, 0.0, 0.0)


def test_arms_of_known_hazards():
    slow = [exponential(0.1, 4000, seed) for seed in range(6)]
    fast = [exponential(0.2, 4000, 10 + seed) for seed in range(6)]
    ratio, gain = ratio_between(slow, fast, SETS), median_gain(slow, fast, SETS)
    assert ratio.estimate == pytest.approx(0.5, abs=0.03)
    assert ratio.low < 0.5 < ratio.high
    assert gain.estimate == pytest.approx(math.log(2) * (10 - 5), abs=0.3)


def test_arms_without_events_are_not_left_out():
    months, never = np.arange(1.0, 41.0), np.zeros(40, dtype=bool)
    quiet = [(months, never)] * 6
    usual = [exponential(0.1, 40, seed) for seed in range(6)]
    ratio, gain = ratio_between(quiet, usual, SETS), median_gain(quiet, usual, SETS)
    assert ratio.estimate == 0.0
    assert gain.estimate is None
    assert "not reached" in gain.reason


def printed(capsys, *words):
    common = ("--patients", "40", "--replicates", "2", "--parameters", "best", "--json")
    assert main(["trial", *words, *common]) == 0
    return json.loads(capsys.readouterr().out)


def test_several_trials_are_those_run_alone(capsys):
    both = printed(capsys, "BOLERO-2", "TAMRAD")
    assert both["trials"]["TAMRAD"] == printed(capsys, "TAMRAD")
    scenarios = both["scenarios"]
    assert scenarios["endpoint"] == "pfs"
    assert scenarios["reference"] == {"trial": "BOLERO-2", "arm": "EXE"}
    arms = {(arm["trial"], arm["arm"]): arm for arm in scenarios["arms"]}
    assert len(arms) == 4
    own = arms["BOLERO-2", "EXE"]
    assert own["hazard_ratio"]["estimate"] is None
    medians = both["trials"]["TAMRAD"]["arms"]["TAM"]["pfs_median_months"]
    assert arms["TAMRAD", "TAM"]["pfs_median_months"] == medians
    assert {one["trial"] for one in scenarios["contrasts"]} == {"BOLERO-2", "TAMRAD"}


def test_a_trial_is_compared_with_others_only(capsys, tmp_path):
    words = ["trial", "BOLERO-2", "bolero2", "--out", str(tmp_path / "out")]
    assert main(words) == 2
    assert "BOLERO-2 is given more than once" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_trials_need_a_time_in_common():
    def only(name, endpoint):
        design = find_design(name)
        asked = {"primary": endpoint, "secondary": ()}
        analysis = design.analysis.model_copy(update=asked)
        return design.model_copy(update={"analysis": analysis})

    first = only("BOLERO-2", TimeToEvent.PFS)
    told = "HORIZON reports TTP"
    with pytest.raises(InputError, match=told):
        check_scenarios([first, only("HORIZON", TimeToEvent.TTP)])
    assert check_scenarios([first, find_design("TAMRAD")]) is TimeToEvent.PFS


def test_several_trials_leave_their_folders_and_a_table(capsys, tmp_path):
    place = tmp_path / "out"
    words = ("--patients", "40", "--replicates", "2", "--parameters", "best")
    names = ("BOLERO-2", "TAMRAD")
    assert main(["trial", *names, *words, "--out", str(place)]) == 0
    assert "reference" in capsys.readouterr().out
    for name in names:
        assert (place / name / "km.png").stat().st_size > 0
    for name in ("scenarios.csv", "scenarios.json", "scenarios.png", "manifest.json"):
        assert (place / name).stat().st_size > 0
