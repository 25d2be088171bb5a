"""Where metastases sit, how large each lesion is, and what each is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.ordered_sum import ordered_sum
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.terms import Site

__all__ = ["MAX_LESIONS", "Presentation", "sample_presentation", "with_primary"]

MAX_LESIONS = 8
"""Lesions followed in a patient."""

_SITES = (Site.BONE, Site.NODE, Site.SOFT_TISSUE, Site.LUNG, Site.LIVER)
_PARAMETERS = ("site_bone", "site_node", "site_soft_tissue", "site_lung", "site_liver")
_CODES = np.array([list(Site).index(site) for site in _SITES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """Lesions of patients at metastatic onset.

    Parameters
    ----------
    site : ndarray of int8, shape (n, lesions)
        Position in ``list(Site)``; -1 where there is no lesion.
    share : ndarray, shape (n, lesions)
        Share of the whole burden; rows sum to one.
    mix : ndarray, shape (n, lesions, clones)
        Log factor on the share of each clone in each lesion.
    pace : ndarray, shape (n, lesions)
        Growth of the lesion relative to its clones'.
    stroma : ndarray, shape (n, lesions)
        Share of the lesion that is not tumor cells.
    distinct : ndarray of bool, shape (n, lesions)
        Lesions with an outline that can be measured, if they are large enough.
    """

    site: NDArray[np.int8]
    share: NDArray[np.float64]
    mix: NDArray[np.float64]
    pace: NDArray[np.float64]
    stroma: NDArray[np.float64]
    distinct: NDArray[np.bool_]

    def has(self, *sites: Site) -> NDArray[np.bool_]:
        """Tell which patients have a lesion at any of some sites."""
        codes = [list(Site).index(site) for site in sites]
        return np.isin(self.site, codes).sum(axis=1) > 0

    @property
    def bone_only(self) -> NDArray[np.bool_]:
        """Which patients have no lesion outside bone."""
        return ~self.has(*(site for site in Site if site is not Site.BONE))


def _lesion_sites(
    ids: NDArray[np.int64], p: Mapping[str, float], streams: Streams
) -> NDArray[np.int8]:
    u = streams.uniform(Stream.SITES, ids, len(_SITES))
    odds = np.array([p[name] for name in _PARAMETERS])
    present = u < odds
    # Nobody is enrolled without disease: the likeliest site is then the one.
    present[~present.any(axis=1), 0] = True
    more = np.stack(
        [
            streams.poisson(
                Stream.LESIONS, ids, np.full(len(ids), p["lesions_mean"]), index=i
            )
            for i in range(len(_SITES))
        ],
        axis=1,
    )
    count = np.where(present, 1 + more, 0)
    site = np.full((len(ids), MAX_LESIONS), -1, dtype=np.int8)
    first = present.cumsum(axis=1) - 1
    rows, columns = np.nonzero(present)
    site[rows, first[rows, columns]] = _CODES[columns]
    filled = present.sum(axis=1)
    for column in range(len(_SITES)):
        for extra in range(1, MAX_LESIONS):
            take = (count[:, column] > extra) & (filled < MAX_LESIONS)
            site[take, filled[take]] = _CODES[column]
            filled += take
    return site


def sample_presentation(
    ids: NDArray[np.int64], p: Mapping[str, float], streams: Streams, clones: int
) -> Presentation:
    """Draw the lesions of patients.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    p : mapping of str to float
        Numbers of ``tumor/parameters/presentation.yaml``.
    streams : Streams
        Source of chance.
    clones : int
        How many clones a lesion mixes.

    Returns
    -------
    Presentation
        Sites, shares, mixes and pace of lesions.
    """
    site = _lesion_sites(ids, p, streams)
    here = site >= 0
    z = streams.normal(Stream.LESION_SIZES, ids, MAX_LESIONS)
    size = np.where(here, np.exp(p["lesion_size_log_sd"] * z), 0.0)
    share = size / ordered_sum(size, axis=1)[:, None]
    z = streams.normal(Stream.LESION_MIXES, ids, MAX_LESIONS * clones)
    mix = p["lesion_mix_sd"] * z.reshape(len(ids), MAX_LESIONS, clones)
    mix[:, :, 0] = 0.0
    bone = list(Site).index(Site.BONE)
    pace = np.where(site == bone, p["bone_pace"], 1.0)
    odds = np.log(p["stroma_share"] / (1.0 - p["stroma_share"]))
    z = streams.normal(Stream.STROMA, ids, MAX_LESIONS)
    stroma = 1.0 / (1.0 + np.exp(-odds - p["stroma_logit_sd"] * z))
    level = streams.uniform(Stream.OUTLINE, ids, MAX_LESIONS + 1)
    # Half of it is the patient's: effusions and lymphangitis come without nodules.
    blurred = p["unmeasurable_share"]
    distinct = (level[:, 1:] >= 0.5 * blurred) & (level[:, :1] >= 0.5 * blurred)
    return Presentation(
        site=site, share=share, mix=mix, pace=pace, stroma=stroma,
        distinct=distinct & (site != bone),
    )  # fmt: skip


def with_primary(
    found: Presentation, before: NDArray[np.bool_], pace_in_breast: float
) -> Presentation:
    """Put one lesion in the breast of patients who have only their primary tumor.

    Parameters
    ----------
    found : Presentation
        Metastases of n patients.
    before : ndarray of bool, shape (n,)
        Patients who have none yet.
    pace_in_breast : float
        Growth of a primary tumor relative to its clones'.

    Returns
    -------
    Presentation
        The same for everybody else.
    """
    site, share, pace = found.site.copy(), found.share.copy(), found.pace.copy()
    site[before] = -1
    share[before] = 0.0
    pace[before] = pace_in_breast
    site[before, 0] = list(Site).index(Site.BREAST)
    share[before, 0] = 1.0
    mix = np.where(before[:, None, None], 0.0, found.mix)
    return replace(
        found,
        site=site,
        share=share,
        mix=mix,
        pace=pace,
        distinct=found.distinct | before[:, None],
    )
