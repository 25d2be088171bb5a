"""What the model makes of the facts besides the trials' endpoints."""

import numpy as np

from oestra.calibration.fact import Fact, facts
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Changes, follow
from oestra.history.cohort import Cohort
from oestra.trial.practice_year import in_year

__all__ = ["measure_facts", "moment_share"]

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


def moment_share(fact: Fact, cohort: Cohort) -> float:
    """Return the share of the moments of a pool that a fact asks for.

    Parameters
    ----------
    fact : Fact
        ``where`` picks moments and ``share`` tells which of them count, both as
        `pandas.DataFrame.query` reads them; ``year`` weights them to the practice of a
        year.
    cohort : Cohort
        The pool.

    Returns
    -------
    float
        0 where no moment is picked.
    """
    found = cohort.decisions.query(fact.how["where"])
    if found.empty:
        return 0.0
    share = found.eval(str(fact.how["share"])).to_numpy(dtype=float)
    named = "year" in fact.how
    weight = in_year(found, fact.how["year"]) if named else found["weight"].to_numpy()
    return float(np.average(share, weights=weight))


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
        else moment_share(fact, cohort)
        for fact in facts()
    }
