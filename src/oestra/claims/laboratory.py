"""Where claims are tried: one parameter set, one pool, every trial run once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from oestra.claims.trial_runs import Trials
from oestra.core.library import SHIPPED, Library, library_of
from oestra.core.parameter_set import ParameterSet
from oestra.history.cohort import Cohort
from oestra.history.store import load_cohort
from oestra.model.fit import shipped_fit
from oestra.model.parameters import best_parameters, ensemble_parameters
from oestra.work.each import Workers

__all__ = ["Laboratory", "open_sets"]

_SETS = 20


def open_sets(library: Library = SHIPPED) -> tuple[ParameterSet, ...]:
    """Return sets that the fit leaves open, the best first; none if none ship."""
    return ensemble_parameters(library)[:_SETS] if shipped_fit() else ()


@dataclass(kw_only=True)
class Laboratory:
    """What all claims share; pool and trials are made when first asked for.

    Parameters
    ----------
    parameters : ParameterSet, optional
        Parameters of the model, by default those that ship.
    replicates : int
        How often each trial is run.
    seed : int
        Seed of all chance on trial.
    workers : int or Executor
        Threads, or who does the work.
    progress : callable
        Called with what begins.
    """

    parameters: ParameterSet = field(
        default_factory=lambda: best_parameters(library_of())
    )
    replicates: int = 20
    seed: int = 1
    workers: Workers = 2
    progress: Callable[[str], None] = lambda _what: None

    @cached_property
    def cohort(self) -> Cohort:
        """The pool of virtual patients."""
        self.progress("Simulating earlier lines of therapy")
        return load_cohort(self.parameters, workers=self.workers)

    @cached_property
    def trials(self) -> Trials:
        """The trials run so far."""
        return Trials(
            cohort=self.cohort,
            replicates=self.replicates,
            seed=self.seed,
            workers=self.workers,
            progress=lambda name: self.progress(f"Running {name}"),
        )
