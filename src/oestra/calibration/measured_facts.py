"""What the model makes of the facts besides the trials' endpoints."""

import numpy as np

from oestra.calibration.assay import measure_culture
from oestra.calibration.fact import Fact, facts
from oestra.calibration.reference_experiments import measure_cells
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Changes, follow
from oestra.history.cohort import Cohort

__all__ = ["measure_facts"]

_MOST = 250


def _ki67(fact: Fact, cohort: Cohort, streams: Streams) -> float:
    primary = np.flatnonzero(
        (cohort.decisions["setting"] == "primary") & ~cohort.decisions["her2_positive"]
    )[:_MOST]
    seen = follow(
        cohort,
        primary,
        Regimen.parse(fact.how["regimen"], cohort.parameters.library),
        days=np.array([0.0, float(fact.how["day"])]),
        changes=Changes(stop_day=np.full(len(primary), np.inf)),
        streams=streams,
    )
    ratio = np.maximum(seen.ki67[:, 1], 1e-3) / np.maximum(seen.ki67[:, 0], 1e-3)
    weight = cohort.decisions["weight"].to_numpy()[primary]
    return float(np.exp(np.average(np.log(ratio), weights=weight)))


def _moment(fact: Fact, cohort: Cohort) -> float:
    found = cohort.decisions.query(fact.how["where"])
    if found.empty:
        return 0.0
    name = str(fact.how["share"])
    share = float(np.average(found[name.removeprefix("not ")], weights=found["weight"]))
    return 1.0 - share if name.startswith("not ") else share


def _culture(fact: Fact, parameters: ParameterSet) -> float:
    try:
        return measure_culture(fact, parameters)
    except OestraError:
        return float("nan")


def measure_facts(
    cohort: Cohort, parameters: ParameterSet, seed: int
) -> dict[str, float]:
    """Measure every fact in the model.

    Parameters
    ----------
    cohort : Cohort
        The pool.
    parameters : ParameterSet
        What it was simulated with.
    seed : int
        Seed of chance on therapy.

    Returns
    -------
    dict of str to float
        Simulated value by id.
    """
    streams = Streams(seed).spawn(Stream.FACTS)
    cells = measure_cells(parameters)
    found = {}
    for fact in facts():
        if fact.kind == "ki67":
            found[fact.id] = _ki67(fact, cohort, streams)
        elif fact.kind == "moment":
            found[fact.id] = _moment(fact, cohort)
        elif fact.kind == "culture":
            found[fact.id] = _culture(fact, parameters)
        else:
            found[fact.id] = cells[fact.how["measure"]]
    return found
