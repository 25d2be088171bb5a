"""Several hypotheses under one type I error: weights and transitions of a graph.

A hypothesis that is rejected leaves its weight to others along its arrows, and the
arrows of the others close over the gap. A fixed sequence and Holm's procedure are
special graphs.

References
----------
.. [1] Bretz F, Maurer W, Brannath W, Posch M (2009). A graphical approach to
   sequentially rejective multiple test procedures. Stat Med 28:586-604.
   doi:10.1002/sim.3495
.. [2] Maurer W, Bretz F (2013). Multiple testing in group sequential trials using
   graphical approaches. Stat Biopharm Res 5:311-320.
   doi:10.1080/19466315.2013.807748
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Graph"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Hypotheses that are still open.

    Parameters
    ----------
    weight : mapping of str to float
        Share of the type I error each may spend now; the sum is at most 1.
    passes : mapping of str to mapping of str to float
        What each leaves to which others; the sum of each is at most 1.
    """

    weight: Mapping[str, float]
    passes: Mapping[str, Mapping[str, float]]

    def without(self, name: str) -> "Graph":
        """Return the graph after a hypothesis has been rejected.

        Parameters
        ----------
        name : str
            One that is open.
        """
        gone, left = self.passes.get(name, {}), self.weight[name]
        others = [other for other in self.weight if other != name]
        weight = {
            other: self.weight[other] + left * gone.get(other, 0.0) for other in others
        }
        passes: dict[str, dict[str, float]] = {}
        for one in others:
            row = self.passes.get(one, {})
            to_gone = row.get(name, 0.0)
            loop = to_gone * gone.get(one, 0.0)
            passes[one] = {
                other: (row.get(other, 0.0) + to_gone * gone.get(other, 0.0))
                / (1.0 - loop)
                for other in others
                if other != one and loop < 1.0
            }
        return Graph(weight=weight, passes=passes)
