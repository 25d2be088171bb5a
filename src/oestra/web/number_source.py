"""Which published number stands beside a simulated one: the page leads to it."""

from collections.abc import Mapping, Sequence
from functools import cache

from oestra.appraisal.comparison import Comparison
from oestra.evidence.published import targets
from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import Use

__all__ = ["sources"]

Key = tuple[object, ...]


@cache
def _known() -> frozenset[str]:
    return frozenset(row.id for row in targets())


def sources(rows: Sequence[TargetRow]) -> Mapping[Key, str]:
    """Return the keys under which `oestra.web` tells where numbers are from.

    Parameters
    ----------
    rows : sequence of TargetRow
        Published numbers of a trial; those of an own library have no page.

    Returns
    -------
    mapping
        From the key of a comparison to that of its published number.
    """
    return {
        Comparison(
            stratum=row.stratum,
            endpoint=row.endpoint,
            arm=row.arm,
            control=row.control or "",
            of=row.of or "",
            at_months=row.at_months,
        ).key: row.id
        for row in rows
        if row.use is not Use.EXCLUDE and row.id in _known()
    }
