"""An SBML model, ready to be simulated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError
from oestra.solve.evaluate import Evaluator
from oestra.solve.event import Event
from oestra.solve.expression import const
from oestra.solve.model import OdeModel
from oestra.solve.sbml.content import Symbol
from oestra.solve.sbml.initial import InitialValues

__all__ = ["SbmlModel"]


def _few(names: Iterable[str]) -> str:
    """Return the first names, and how many there are if there are more."""
    every = sorted(names)
    more = f" and {len(every) - 12} more" if len(every) > 12 else ""
    return ", ".join(every[:12]) + more


@dataclass(frozen=True, slots=True, kw_only=True)
class SbmlModel:
    """An ordinary differential equation read from SBML, with its events and units.

    States of `ode` hold amounts of species (see `oestra.solve.sbml.values` for the one
    exception) and values of parameters, compartments and stoichiometries that rules
    or events change. Whatever never changes is a parameter of `ode`.

    Parameters
    ----------
    ode : OdeModel
        The equations. Outputs: every species and every other symbol that changes, by
        its identifier, as formulas mean it; ``amount(S)`` and ``concentration(S)``
        for each species S; the rate of each reaction.
    events : tuple of Event
        Instantaneous changes.
    initial_values : InitialValues
        Numbers and formulas at time zero.
    symbols : dict of str to Symbol
        What each identifier names, with its unit.
    units : dict of str to str
        Units of time, substance, volume and extent.
    warnings : tuple of str
        What the document says and a simulation does without.
    """

    ode: OdeModel
    events: tuple[Event, ...]
    initial_values: InitialValues
    symbols: dict[str, Symbol]
    units: dict[str, str]
    warnings: tuple[str, ...] = ()

    def tolerances(self, atol: float) -> NDArray[np.float64]:
        """Return the absolute tolerance of each state.

        What stands for a concentration is held as an amount: in a compartment smaller
        than one, the tolerance of the concentration is that much less of the amount.

        Parameters
        ----------
        atol : float
            The tolerance of values as formulas mean them.

        Returns
        -------
        ndarray, shape (n,)
            Tolerances, for sizes of compartments as the model itself gives them.
        """
        scales = [
            const(1.0) if slot.scale is None else slot.scale
            for slot in map(self.initial_values.slots.get, self.ode.states)
            if slot is not None
        ]
        y, p = (np.atleast_2d(x) for x in (self.ode.initial, self.ode.values))
        sizes = np.ravel(Evaluator(scales)(0.0, y, p)[0])
        return atol * np.where((sizes > 0.0) & (sizes < 1.0), sizes, 1.0)

    def initial_states(self, p: ArrayLike) -> NDArray[np.float64]:
        """Return the initial states that belong to parameter values.

        Parameters
        ----------
        p : array_like, shape (m,) or (lanes, m)
            Parameters, in the order of ``ode.parameters``.

        Returns
        -------
        ndarray, shape (n,) or (lanes, n)
            Initial states; those that depend on parameters are computed anew.
        """
        values = np.asarray(p, dtype=float)
        rows = np.atleast_2d(values)
        given = dict(zip(self.ode.parameters, rows.T, strict=True))
        y, _ = self.start(given, lanes=len(rows), held=True)
        return y[0] if values.ndim == 1 else y

    def start(
        self, given: Mapping[str, ArrayLike], *, lanes: int = 1, held: bool = False
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return initial states and parameters with some values replaced.

        Parameters
        ----------
        given : mapping of str to array_like
            Values of parameters and initial values of states by name, scalars or of
            shape (lanes,); a species as formulas mean it.
        lanes : int
            How many lanes to make.
        held : bool
            Whether the given values of species are what the vectors hold (amounts).

        Returns
        -------
        y : ndarray, shape (lanes, n)
            Initial states.
        p : ndarray, shape (lanes, m)
            Parameters.

        Raises
        ------
        InputError
            If a name is neither a parameter nor a state.
        """
        for name in given:
            if name not in self.initial_values.slots and name in self.ode.outputs:
                raise InputError(
                    f"{name!r} follows from others in model {self.ode.name!r} and "
                    f"cannot be set; known are {_few(self.initial_values.slots)}."
                )
        return self.initial_values.evaluate(given, lanes, scaled=not held)
