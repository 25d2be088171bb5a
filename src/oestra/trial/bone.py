"""Bone lesions on scans: what tumor has taken stays to be seen until bone is renewed.

Where tumor in bone dies, the hole it made fills with new bone: a lytic lesion turns
sclerotic, a sclerotic one stays as it is, and both are seen on films, scans and CT
until that bone is renewed. A bone lesion therefore does not disappear with its tumor.

References
----------
.. [1] "Assessment of response of bone metastases to systemic treatment in patients with
   breast cancer", abstract at scilit.net/publications/70fc4fb098273f7a0398183e9f724d98:
   of patients who responded elsewhere, lytic disease frequently showed sclerosis after
   six to eight months, and mixed or sclerotic disease no change or further sclerosis.
.. [2] Hamaoka T et al. (2004). Bone imaging in metastatic breast cancer. J Clin Oncol
   22:2942-2953.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["log_extent"]


def log_extent(
    log_volume: NDArray[np.float64], day: NDArray[np.float64], renewal_days: float
) -> NDArray[np.float64]:
    """Return the volume of bone that tumor has taken and that is not renewed yet.

    Parameters
    ----------
    log_volume : ndarray of float64, shape (n, l, v)
        Natural log of the tumor's volume in mm^3 at each scan.
    day : ndarray of float64, shape (n, v)
        Days of the scans, ascending.
    renewal_days : float
        Time constant of the renewal of bone.

    Returns
    -------
    ndarray of float64, shape (n, l, v)
        Natural log of the extent in mm^3: the tumor's own while it grows, and after
        that the largest it had, shrinking as bone is renewed.
    """
    renewed = (day / renewal_days)[:, None, :]
    return np.maximum.accumulate(log_volume + renewed, axis=2) - renewed
