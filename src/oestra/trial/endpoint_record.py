"""What is known of an endpoint: name, unit, scale, statistic and labels."""

from collections.abc import Callable
from dataclasses import dataclass

from oestra.evidence.vocabulary import Endpoint as Word
from oestra.trial.analysis import Analysis
from oestra.trial.scale import Scale
from oestra.trial.statistic import Statistic

__all__ = ["Endpoint"]

_UNITS = {"month": "months", "percent": "%"}


def _always(_analysis: Analysis) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint.

    Parameters
    ----------
    word : evidence.vocabulary.Endpoint
        Its word in the evidence, which is its key in results and says unit and kind.
    label, title : str
        Name in tables, and in sentences.
    scale : Scale
        On which it is compared.
    statistic : Statistic or None
        How it is computed; None where a trial of the model cannot tell.
    applies : callable
        Whether a trial analyzed so reports it.
    lower_is_better : bool
        Whether a lower number is better for patients.
    decimals : int
        Digits after the point.
    flag : str
        Column of the ADRS table that marks who met it; empty without one.
    missing : str
        Why the model cannot tell; empty where it can.
    """

    word: Word
    label: str
    title: str
    scale: Scale
    statistic: Statistic | None = None
    applies: Callable[[Analysis], bool] = _always
    lower_is_better: bool = False
    decimals: int = 1
    flag: str = ""
    missing: str = ""

    @property
    def name(self) -> str:
        """Key in results, such as ``pfs_median_months``."""
        return self.word.value

    @property
    def unit(self) -> str:
        """Unit: ``month``, ``percent`` or ``1``."""
        return self.word.unit

    @property
    def unit_label(self) -> str:
        """Unit as it is printed: ``months``, ``%`` or ``1``."""
        return _UNITS.get(self.unit, self.unit)

    @property
    def kind(self) -> str:
        """Family, as the evidence counts it."""
        return self.word.kind.value

    @property
    def heading(self) -> str:
        """Label with the unit, for tables."""
        unit = self.unit_label
        return self.label if unit == "1" else f"{self.label}, {unit}"

    def better(self, value: float, than: float) -> bool:
        """Tell whether one number is better for patients than another."""
        return value < than if self.lower_is_better else value > than
