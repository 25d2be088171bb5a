"""The version of simulated histories: ``python -m oestra.history.version`` declares it.

To be run after every edit of code that a pool of patients depends on; see
`oestra.core.declared`.
"""

import sys
from dataclasses import dataclass

import numpy as np

from oestra.core.declared import Declaration, Golden
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.course.assemble import alterations_of_patients
from oestra.drugs.drug import Drug
from oestra.drugs.fingerprint import acting_parts, acting_places
from oestra.history.by_year import ByYear
from oestra.history.cohort import Cohort, simulate_cohort
from oestra.history.therapies import Odds, practice
from oestra.model.parameters import prior_parameters
from oestra.network.digest import structure_digest

__all__ = ["HISTORIES", "Watched", "data_parts", "used_parameters"]

_PATIENTS, _SEED = 48, 11


def data_parts(library: Library = SHIPPED) -> tuple[object, ...]:
    """Return the data that histories depend on, parameters aside.

    Parameters
    ----------
    library : Library
        Its pathways, alterations, practice, and the drugs that practice gives.

    Returns
    -------
    tuple
        Equal for libraries in which patients live alike.
    """
    known = practice(library)
    moieties = _moieties(library)
    alterations = [
        (one.gene, one.name, sorted(one.set.items()), sorted(one.scale.items()))
        for one in alterations_of_patients(library)
    ]
    therapies = [
        (one.name, one.classes, one.only, str(regimen), *map(_odds, one.odds))
        for one, regimen in zip(known.therapies, known.regimens, strict=True)
    ]
    places = [(name, *names) for name, names in acting_places(moieties, library)]
    drugs = acting_parts(moieties, harm=False)
    return structure_digest(library), alterations, therapies, places, drugs


def _odds(odds: Odds | None) -> object:
    """Return the numbers of odds, without the words about them."""
    if isinstance(odds, ByYear):
        return sorted(odds.years.items())
    return None if odds is None else odds.value


def _moieties(library: Library) -> list[Drug]:
    """Return the drugs of practice and what they become."""
    regimens = practice(library).regimens
    given = [c.drug for regimen in regimens for c in regimen.components]
    return [one for drug in given for one in drug.moieties]


def used_parameters(parameters: ParameterSet) -> tuple[tuple[str, float], ...]:
    """Return the parameters that histories depend on, with their values."""
    # A cell reads whatever parameters its own pathways bring.
    own = set(parameters) - set(prior_parameters())
    # So do the drugs that its own practice gives.
    library = parameters.library
    places = acting_places(_moieties(library), library)
    read = {name for _, names in places for name in names}
    names = set(HISTORIES.known().parameters) | own | read
    return tuple((name, parameters[name]) for name in sorted(names & set(parameters)))


@dataclass(frozen=True, slots=True)
class Watched(ParameterSet):
    """A parameter set that notes what is read from it.

    Parameters
    ----------
    read : set of str
        Filled with the names.
    """

    read: set[str] | None = None

    def __getitem__(self, name: str) -> float:
        """Return a value and note its name."""
        if self.read is not None:
            self.read.add(name)
        return ParameterSet.__getitem__(self, name)

    def __hash__(self) -> int:
        """Hash the values."""
        return ParameterSet.__hash__(self)

    def replace(self, **values: float) -> "Watched":
        """Return a watched set with some values changed."""
        found = ParameterSet.replace(self, **values)
        return Watched(found.values_by_name, found.library, self.read)


def _reduced(cohort: Cohort) -> dict[str, float]:
    """Reduce patients to numbers that any change of their lives moves."""
    told = cohort.decisions.select_dtypes("number")
    alive = np.isfinite(cohort.log_cells)
    found = {f"decisions/{name}": float(told[name].sum()) for name in told}
    found["decisions"] = float(len(told))
    found["log_cells"] = float(cohort.log_cells[alive].sum())
    found["clones"] = float(alive.sum())
    states = np.abs(cohort.y.astype(float)).sum(axis=(0, 1))
    return found | {f"state/{i}": float(value) for i, value in enumerate(states)}


def _golden() -> Golden:
    """Simulate the golden patients, from the files' own parameters."""
    prior, read = prior_parameters(), set[str]()
    watched = Watched(prior.values_by_name, prior.library, read)
    cohort = simulate_cohort(_PATIENTS, watched, seed=_SEED, workers=1, enriched=True)
    return Golden(values=_reduced(cohort), parameters=tuple(sorted(read)))


HISTORIES = Declaration(
    "oestra.history",
    ("oestra.history.cohort",),
    _golden,
    lambda: (data_parts(), tuple(prior_parameters().items())),
)
"""What a pool of patients depends on."""


if __name__ == "__main__":
    print(HISTORIES.declare(solver="--solver" in sys.argv[1:]))  # noqa: T201
