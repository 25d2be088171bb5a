"""The version of the fit is declared, and its golden comparisons are met."""

from oestra.calibration.version import FITS

COMMAND = "run 'python -m oestra.calibration.version'"


def test_the_code_is_declared():
    declared = str(FITS.known().version)
    assert FITS.version() == declared, f"code was edited since: {COMMAND}"


def test_golden_comparisons_come_out_as_declared():
    assert FITS.data_digest() == FITS.known().data, f"data were edited: {COMMAND}"
    assert FITS.changed(FITS.golden()) == [], f"results changed: {COMMAND}"
