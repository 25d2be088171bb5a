"""What is around the cells of a dish, as conditions of PEtab.

Every condition of this kind sets all parameters of the cell that any of them sets, so
that nothing is left over from the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oestra.calibration.cells.experiment import Arm
from oestra.core.parameter_set import ParameterSet
from oestra.culture.hormones import medium_parameters
from oestra.culture.medium import Condition, parse_condition
from oestra.engagement.medium_load import medium_loads

__all__ = ["Surroundings", "identifier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The conditions that are in use, by name.

    Parameters
    ----------
    common : ParameterSet
        Parameters of the model.
    known : dict of str to dict of str to float
        What each sets; filled as they are asked for.
    """

    common: ParameterSet
    known: dict[str, dict[str, float]] = field(default_factory=dict)

    def of(self, full: Condition, loads: Mapping[str, float]) -> str:
        """Return the name of the condition of a full medium.

        Parameters
        ----------
        full : Condition
            All that is in it.
        loads : mapping of str to float
            Parameters of the cell that are set besides.
        """
        medium = medium_parameters(full.substances, None, self.common.library)
        drugs = medium_loads(full.drugs, self.common)
        values = {**medium, **drugs, **loads}
        base = name = _name(full, loads)
        number = 2
        while self.known.get(name, values) != values:
            name, number = f"{base}_{number}", number + 1
        self.known[name] = values
        return name

    def of_arm(self, arm: Arm, medium: Mapping[str, float]) -> str:
        """Return the name of the condition of an arm in a medium, nM."""
        given = parse_condition(arm.condition, self.common.library)
        return self.of(given.within(medium), dict(arm.loads))

    def rows(self) -> dict[str, dict[str, float]]:
        """Return all conditions, each with every parameter that one of them sets."""
        names = sorted({name for values in self.known.values() for name in values})
        usual = {name: float(self.common[name]) for name in names}
        return {name: {**usual, **self.known[name]} for name in sorted(self.known)}


def _name(full: Condition, loads: Mapping[str, float]) -> str:
    given = {**full.substances, **full.drugs}
    parts = [f"{name} {level:.4g} nM" for name, level in given.items() if level]
    parts += [f"{name} {level:.4g}" for name, level in loads.items()]
    return "in_" + (identifier(" ".join(parts)) or "nothing")


def identifier(text: str) -> str:
    """Return a text as an identifier."""
    plain = text.replace(".", "p").replace("+", "")
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())
