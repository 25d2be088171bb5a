"""Public names go slowly: two releases long they work and say so."""

import warnings
from importlib.metadata import version

import pytest

import oestra
from oestra.core.deprecation import Deprecated, warn_deprecated


def test_a_name_works_for_two_releases_and_is_then_gone():
    how = Deprecated(instead="oestra.run_trial", since="0.9")
    assert how.gone == "0.11"
    assert [how.due(one) for one in ("0.9.0", "0.10.3", "0.11.0", "1.0.0")] == [
        *(False, False, True, True)
    ]


@pytest.mark.parametrize("since", ["0.5.0", "0", "next", ""])
def test_it_is_deprecated_in_a_minor_version(since):
    with pytest.raises(ValueError, match="no minor version"):
        Deprecated(instead="x", since=since)


def test_a_deprecated_name_is_its_successor_and_says_so(monkeypatch):
    how = Deprecated(instead="oestra.Regimen", since="0.5")
    monkeypatch.setitem(oestra._DEPRECATED, "Plan", how)
    said = "oestra.Plan is deprecated since 0.5 and gone in 0.7; use oestra.Regimen"
    with pytest.warns(DeprecationWarning, match=said) as caught:
        found = oestra.Plan
    assert found is oestra.Regimen
    assert caught[0].filename == __file__
    assert "Plan" not in dir(oestra)


def test_an_argument_names_the_line_that_passes_it():
    def run(*, patients=None):
        if patients is not None:
            warn_deprecated("run(patients=)", Deprecated(instead="n", since="0.5"))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run()
    with pytest.warns(DeprecationWarning, match="use n") as caught:
        run(patients=3)
    assert caught[0].filename == __file__


def test_what_is_due_is_gone_and_successors_are_public():
    for name, how in oestra._DEPRECATED.items():
        assert name not in oestra.__all__
        assert how.instead.removeprefix("oestra.") in oestra.__all__
        assert not how.due(version("oestra")), f"{name} was to go in {how.gone}"
