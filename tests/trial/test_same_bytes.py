"""A trial has the same bytes on every BLAS, alone and among others."""

import os
import subprocess
import sys

import numpy as np
import pytest
from llvmlite import binding

from oestra.core.streams import Streams
from oestra.core.terms import Criteria
from oestra.trial.assess import assess, read_scans
from oestra.trial.assumption import assumptions
from oestra.trial.designs import find_design
from oestra.trial.visit import planned_days, schedule

SCRIPT = """
import hashlib, json, sys
import numpy as np
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.trial.run import run_trial

cohort = simulate_cohort(200, prior_parameters(), seed=3, workers=int(sys.argv[1]))
lives = hashlib.sha256(cohort.y.tobytes() + cohort.log_cells.tobytes()).hexdigest()

def run(replicates):
    found = run_trial(
        "BOLERO-2", cohort=cohort, replicates=replicates, patients=60,
        workers=int(sys.argv[1]),
    )
    table = found.patients
    first = table[table["REPLICATE"].isin(sorted(table["REPLICATE"].unique())[:2])]
    return found.to_json_dict(), first.to_csv(index=False)

several = run(int(sys.argv[2]))[1]
record, patients = run(2)
print(lives, several == patients, json.dumps(record), patients)
"""
NEEDS = {"Prescott": "sse3", "Nehalem": "sse4.2", "Sandybridge": "avx",
         "Haswell": "avx2", "SkylakeX": "avx512dq"}  # fmt: skip
"""Kernels of OpenBLAS on x86, and what a processor must have to run them."""


def printed(workers=1, replicates=2, **environment):
    done = subprocess.run(  # noqa: S603 - a script of this file
        [sys.executable, "-c", SCRIPT, str(workers), str(replicates)],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def baseline():
    found = printed(OPENBLAS_NUM_THREADS="1")
    assert found.split()[1] == "True"
    assert '"trial": "BOLERO-2"' in found
    return found


def kernels():
    """Return the kernels of OpenBLAS that this processor can run."""
    features = binding.get_host_cpu_features()
    return [name for name, needed in NEEDS.items() if features.get(needed)]


@pytest.mark.parametrize("kernel", ["", *kernels()])
def test_no_matrix_library_decides_a_digit(baseline, kernel):
    environment = {"OPENBLAS_NUM_THREADS": "2", "OPENBLAS_CORETYPE": kernel}
    if not kernel:
        del environment["OPENBLAS_CORETYPE"]
    assert printed(workers=2, replicates=3, **environment) == baseline


@pytest.mark.parametrize("criteria", list(Criteria))
def test_readings_of_scans(same_rows, cohort, follow, criteria):
    visits = find_design("BOLERO-2").visits
    streams = Streams(4)
    planned = planned_days(visits, 6.0, 400.0)
    days = np.arange(0.0, 430.0, 21.0)

    def of(rows):
        course = follow(
            rows, _Two(), days=days, changes=_Unchanged(len(rows)), streams=streams,
            log_growth_effect=0.0,
        )  # fmt: skip
        when = schedule(
            planned, visits, rows, streams=streams, assumptions=assumptions()
        )
        reading = read_scans(
            course, when, criteria, rows, streams=streams, assumptions=assumptions()
        )
        read = assess(reading, when, criteria)
        return {
            "day": when.day, "attended": when.attended, "sum": reading.target,
            "baseline": reading.baseline, "worse": reading.nontarget_worse,
            "gone": reading.nontarget_cleared, "response": read.response,
            "change": read.change_percent,
        }  # fmt: skip

    same_rows(of, 90)


class _Two:
    drugs = ("a", "b")


class _Unchanged:
    def __init__(self, count):
        self.stop_day = np.full(count, np.inf)
