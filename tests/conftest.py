"""Running commands in this process, reading what they leave, and peer simulators."""

import json
import warnings

import libsbml
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from oestra.cli import main

# A slow machine is no fault of the code: nothing here is judged by the clock.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


@pytest.fixture
def succeed(capsys):
    """Return a function that runs a command and returns what it printed."""

    def run(*words):
        status = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert status == 0, err
        return out

    return run


@pytest.fixture
def succeed_json(succeed):
    """Return a function that runs a command with --json and reads its one object."""

    def run(*words):
        record = json.loads(succeed(*words, "--json"))
        assert isinstance(record, dict)
        return record

    return run


@pytest.fixture
def fail(capsys):
    """Return a function that runs a command that must fail with one sentence."""

    def run(*words):
        status = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert status == 2
        assert out == ""
        assert "Traceback" not in err
        assert err.count("\n") == 1
        assert err.endswith(".\n")
        return err

    return run


@pytest.fixture(scope="session")
def manifest():
    """Return a function that reads the manifest of a folder."""

    def read(folder):
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def harm():
    """Return a function that cuts a file short or turns one of its bits."""

    def harmed(path, data):
        content = bytearray(path.read_bytes())
        if data.draw(st.booleans()):
            content = content[: data.draw(st.integers(0, len(content) - 1))]
        else:
            at = data.draw(st.integers(0, len(content) - 1))
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(content)

    return harmed


@pytest.fixture(scope="session")
def same_rows():
    """Return a check that rows get the same bytes alone, among others, in any order.

    It calls a function with numbers of rows, which must return a dict of arrays, the
    rows first, or an object with arrays as named.
    """

    def check(function, count, names=None, alone=8):
        def arrays(rows):
            found = function(np.asarray(rows))
            if names is not None:
                found = {name: getattr(found, name) for name in names}
            return {name: np.asarray(value) for name, value in found.items()}

        whole = arrays(np.arange(count))
        order = np.random.default_rng(5).permutation(count)
        some = order[: max(count // 3, 2)]
        single = order[:alone].reshape(-1, 1)
        for rows in (np.arange(count)[::-1], order, some, *single):
            found = arrays(rows)
            for name, value in whole.items():
                assert len(value) == count
                assert found[name].tobytes() == value[rows].tobytes(), (name, rows)

    return check


@pytest.fixture(scope="session")
def crossed():
    """Return a function that makes up what the first pair of trials shows, crossed."""
    from oestra.calibration.crossing import (  # noqa: PLC0415 - slow to load
        Crossed,
        Exchanged,
        crossings,
    )
    from oestra.calibration.exchange import exchanges  # noqa: PLC0415 - slow to load

    def of(ratios):
        exchange = exchanges()[0]
        crossed = tuple(
            Crossed(
                trial=one.design.id,
                control=one.design.arms[1].regimen,
                added=one.added,
                own=one.own,
                published=0.5 if one.own else None,
                hazard_ratio=ratio,
                median_months=8.0,
                control_median_months=3.0,
            )
            for one, ratio in zip(crossings(exchange), ratios, strict=True)
        )
        return (Exchanged(exchange=exchange, crossed=crossed),)

    return of


@pytest.fixture(scope="session")
def roadrunner():
    """Return libRoadRunner."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("roadrunner", reason="roadrunner is absent")


@pytest.fixture(scope="session")
def copasi():
    """Return a function that integrates SBML with COPASI, to tight tolerances."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        basico = pytest.importorskip("basico", reason="basico is absent")

    def run(sbml, duration, intervals, changes=()):
        document = libsbml.readSBMLFromString(sbml)
        for name, value in dict(changes).items():
            # COPASI forgets now and then what is set in a model it has loaded.
            document.getModel().getParameter(name).setValue(value)
        peer = basico.load_model_from_string(libsbml.writeSBMLToString(document))
        try:
            return basico.run_time_course(
                duration=duration,
                intervals=intervals,
                r_tol=1e-11,
                a_tol=1e-14,
                max_steps=1_000_000,
                use_sbml_id=True,
                model=peer,
            )
        finally:
            basico.remove_datamodel(peer)

    return run


def around(value):
    from oestra.trial.result import Estimate  # noqa: PLC0415 - slow to load

    return Estimate(estimate=value, low=value * 0.9, high=value * 1.1)


def stratum_result():
    from oestra.trial.result import (  # noqa: PLC0415 - slow to load
        ArmResult,
        ContrastResult,
        Estimate,
        StratumResult,
    )

    arms = {
        "EXE+EVE": ArmResult(
            id="EXE+EVE",
            label="everolimus + exemestane",
            n=40,
            endpoints={"pfs_median_months": around(7.0), "orr_percent": around(30.0)},
            landmarks={12.0: around(30.0)},
        ),
        "EXE": ArmResult(
            id="EXE",
            label="placebo + exemestane",
            n=20,
            endpoints={
                "pfs_median_months": Estimate(
                    estimate=None, low=None, high=None, reason="median not reached"
                )
            },
        ),
    }
    contrast = ContrastResult(
        endpoint="pfs",
        arm="EXE+EVE",
        control="EXE",
        hazard_ratio=around(0.5),
        p=around(0.0001),
        power=1.0,
    )
    return StratumResult(arms=arms, contrasts=(contrast,))


def patient_tables(replicates):
    import pandas as pd  # noqa: PLC0415 - slow to load

    arm = np.tile(np.repeat(["EXE+EVE", "EXE"], [40, 20]), replicates)
    number = np.arange(60 * replicates)
    identity = {
        "STUDYID": "BOLERO-2",
        "REPLICATE": number // 60,
        "USUBJID": [f"P{n:04d}" for n in number],
        "TRTP": arm,
    }
    censored = number % 5 == 0
    patients = pd.DataFrame(
        identity
        | {
            "PARAMCD": "PFS",
            "PARAM": "Progression-free survival",
            "AVAL": 42.0 * (1 + number % 13),
            "CNSR": censored.astype(int),
            "EVNTDESC": np.where(censored, "", "progression on scan"),
            "CNSDTDSC": np.where(censored, "data cut", ""),
        }
    )
    responses = pd.DataFrame(
        identity
        | {
            "AVALC": np.where(number % 4 == 0, "PR", "SD"),
            "PCHG": np.where(number % 3 == 0, np.nan, -40.0 + number % 50),
            "DCTHARM": np.where(number % 60 < 3, "Y", "N"),
        }
    )
    return patients, responses


@pytest.fixture(scope="session")
def trial_result():
    """Return a small result of a trial, built by hand."""
    from oestra.evidence.published import published  # noqa: PLC0415 - slow to load
    from oestra.trial.result import TrialResult  # noqa: PLC0415 - slow to load

    known = published("BOLERO-2")
    patients, responses = patient_tables(replicates=2)
    return TrialResult(
        trial="BOLERO-2",
        seed=1,
        replicates=2,
        model="m" * 8,
        parameters="p" * 8,
        overall=stratum_result(),
        strata={"visceral": stratum_result()},
        patients=patients,
        responses=responses,
        screening={
            "screened": 1000,
            "eligible": 300,
            "excluded": {"not her2_positive": 700},
            "simulated_patients": 400,
            "eligible_percent": 12.5,
            "excluded_percent": {"not her2_positive": 87.5},
            "effective_sample_size": 250.0,
        },
        published=tuple(
            row.model_dump(mode="json", exclude_none=True) for row in known
        ),
        looks=(),
        audit={},
    )
