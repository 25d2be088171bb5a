"""What a trial tests: its hypotheses with everything that a file may leave out."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.hypothesis_graph import Graph

__all__ = ["PlannedTest", "first_graph", "hypotheses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTest:
    """One hypothesis.

    Parameters
    ----------
    name, arm, control : str
        Its name and whom it compares.
    endpoint : TimeToEvent
        In what.
    among : str
        Subgroup or group, empty for everybody.
    margin : float
        Hazard ratio under the null hypothesis; 1 for superiority.
    events : int or None
        Events planned at its final analysis.
    """

    name: str
    arm: str
    control: str
    endpoint: TimeToEvent
    among: str = ""
    margin: float = 1.0
    events: int | None = None


def hypotheses(design: TrialDesign) -> tuple[PlannedTest, ...]:
    """Return the hypotheses of a design; looks count the events of the first.

    Parameters
    ----------
    design : TrialDesign
        The design.

    Returns
    -------
    tuple of PlannedTest
        None where arms are not compared.
    """
    analysis = design.analysis
    margin = analysis.margin or 1.0
    if not analysis.hypotheses:
        return tuple(
            PlannedTest(
                name=f"{one.arm} : {one.control}, {analysis.primary.value.upper()}",
                arm=one.arm,
                control=one.control,
                endpoint=analysis.primary,
                margin=margin,
                events=analysis.final_events,
            )
            for one in design.contrasts[:1]
        )
    return tuple(
        PlannedTest(
            name=name,
            arm=one.arm,
            control=one.control,
            endpoint=one.endpoint or analysis.primary,
            among=one.among or "",
            margin=one.margin or margin,
            events=one.events or (None if number else analysis.final_events),
        )
        for number, (name, one) in enumerate(analysis.hypotheses.items())
    )


def first_graph(design: TrialDesign) -> Graph:
    """Return weights and transitions before anything is rejected.

    Parameters
    ----------
    design : TrialDesign
        The design.

    Returns
    -------
    Graph
        As written; a fixed sequence where no weights are.
    """
    names = [one.name for one in hypotheses(design)]
    given = design.analysis.hypotheses
    if all(one.weight is None for one in given.values()):
        weight = {name: float(number == 0) for number, name in enumerate(names)}
        passes: dict[str, Mapping[str, float]] = {
            one: {other: 1.0} for one, other in pairwise(names)
        }
        return Graph(weight=weight, passes=passes)
    return Graph(
        weight={name: one.weight or 0.0 for name, one in given.items()},
        passes={name: one.passes_to for name, one in given.items()},
    )
