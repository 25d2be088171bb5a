"""The semantic cases of the SBML Test Suite, at the suite's own tolerances.

The folders come from OESTRA_SBML_SUITE, and OESTRA_SBML_EVENTS_SUITE for cases with
events: one folder NNNNN per case, with NNNNN-sbml-l3v2.xml, NNNNN-settings.txt and
NNNNN-results.csv.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.solve.sbml import read_sbml
from oestra.solve.settings import Settings
from oestra.solve.simulation import simulate

EVERY_RUN = "OESTRA_SBML_SUITE"
LONG_RUN = "OESTRA_SBML_EVENTS_SUITE"
VARIABLES = (EVERY_RUN, LONG_RUN)
SETTINGS = Settings(threads=1)


def cases_in(folder):
    return sorted(Path(folder).glob("[0-9]*/*-settings.txt")) if folder else []


CASES = [case for name in VARIABLES for case in cases_in(os.environ.get(name, ""))]


@pytest.mark.parametrize("variable", VARIABLES)
def test_suite_is_present(variable):
    folder = os.environ.get(variable, "")
    if cases_in(folder):
        return
    if folder:
        pytest.fail(f"{variable} names {folder}, which holds no cases")
    if variable == EVERY_RUN and os.environ.get("CI") == "true":
        pytest.fail(f"CI runs the SBML Test Suite: set {variable} to its folder")
    pytest.skip(f"set {variable} to a folder of SBML Test Suite cases")


def settings_of(path):
    lines = (
        line.partition(":") for line in path.read_text(encoding="utf-8").splitlines()
    )
    return {key.strip(): value.strip() for key, _, value in lines}


def names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def expected_of(path):
    with path.open(newline="") as file:
        header, *rows = [row for row in csv.reader(file) if row]
    columns = np.array(rows, dtype=float).T
    return {name.strip(): column for name, column in zip(header, columns, strict=True)}


def output_name(name, settings, model):
    for kind in ("amount", "concentration"):
        output = f"{kind}({name})"
        if name in names(settings[kind]) and output in model.ode.outputs:
            return output
    return name


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_case(path, record_property):
    case = path.parent.name
    settings = settings_of(path)
    expected = expected_of(path.with_name(f"{case}-results.csv"))
    variables = [name for name in expected if name.lower() != "time"]
    try:
        model = read_sbml(path.with_name(f"{case}-sbml-l3v2.xml"))
        result = simulate(
            model,
            float(settings["start"]) + float(settings["duration"]),
            points=int(settings["steps"]),
            outputs=[output_name(name, settings, model) for name in variables],
            settings=SETTINGS,
        )
    except InputError:
        record_property("refused", "yes")
        raise
    assert not result.failures()
    absolute, relative = float(settings["absolute"]), float(settings["relative"])
    for k, name in enumerate(variables):
        np.testing.assert_allclose(
            result.courses[0, :, k],
            expected[name],
            rtol=relative,
            atol=absolute,
            err_msg=f"{name} of case {case}",
        )
