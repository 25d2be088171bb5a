"""What the model makes of the facts besides the trials' endpoints."""

import numpy as np

from oestra.calibration.fact import Fact, facts
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


def measure_facts(cohort: Cohort, seed: int) -> dict[str, float]:
    """Measure every fact in the model.

    Parameters
    ----------
    cohort : Cohort
        The pool.
    seed : int
        Seed of chance on therapy.

    Returns
    -------
    dict of str to float
        Simulated value by id.
    """
    streams = Streams(seed).spawn(Stream.FACTS)
    return {
        fact.id: _ki67(fact, cohort, streams)
        if fact.kind == "ki67"
        else _moment(fact, cohort)
        for fact in facts()
    }
