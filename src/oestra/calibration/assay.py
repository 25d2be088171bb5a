"""Facts measured as they were found: in named cell lines, media and doses."""

from oestra.calibration.fact import Fact
from oestra.core.errors import unknown_name
from oestra.core.parameter_set import ParameterSet
from oestra.culture.dose_response import dose_response
from oestra.culture.doses import parse_series
from oestra.culture.experiment import Culture, prepare, run_cell

__all__ = ["measure_culture"]

_NONE = 1e6
"""Half-maximal dose, nM, of a drug that changes nothing."""


def _culture(fact: Fact, parameters: ParameterSet) -> Culture:
    return prepare(
        fact.how["line"],
        medium=fact.how.get("medium", "none"),
        parameters=parameters,
    )


def _half_maximal(fact: Fact, parameters: ParameterSet) -> float:
    readout = fact.how["readout"]
    found = dose_response(
        _culture(fact, parameters),
        parse_series(fact.how["series"]),
        days=fact.how["days"],
        readouts=[readout],
    )
    return found.half_maximal(readout) or _NONE


def _ratio(fact: Fact, parameters: ParameterSet) -> float:
    readout = fact.how["readout"]
    return run_cell(
        fact.how["line"],
        medium=fact.how.get("medium", "none"),
        drug=fact.how["drug"],
        days=fact.how["days"],
        readouts=[readout],
        points=2,
        parameters=parameters,
    ).ratio(readout)


_MEASURES = {
    "half_maximal": _half_maximal,
    "ratio": _ratio,
}


def measure_culture(fact: Fact, parameters: ParameterSet) -> float:
    """Repeat the experiment behind a fact.

    Parameters
    ----------
    fact : Fact
        Of kind ``"culture"``.
    parameters : ParameterSet
        The model's parameters.

    Returns
    -------
    float
        In the unit of the fact: nM for a dose, 1 for a ratio.

    Raises
    ------
    InputError
        If the fact names no measure, line, drug or readout that exists.
    OestraError
        If the cells do not grow with these parameters.
    """
    measure = fact.how["measure"]
    if measure not in _MEASURES:
        raise unknown_name("measure", measure, _MEASURES, where=fact.id)
    return float(_MEASURES[measure](fact, parameters))
