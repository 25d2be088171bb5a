"""What the tables of one replicate are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.cdisc.dictionary import Dictionary
from oestra.cdisc.tables import Words
from oestra.trial.adam import subject_ids
from oestra.trial.conduct import Conducted
from oestra.trial.design import TrialDesign

__all__ = ["REFERENCE", "Source", "study_day"]

REFERENCE = 10957
"""Day on which every trial opens, from 1970-01-01: 2000-01-01, an assumption."""


def study_day(day: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return study days of times from randomization; the first is 1, none is 0.

    Parameters
    ----------
    day : ndarray of float64, shape (n,)
        Days from randomization, not below 0; nan and inf stay.
    """
    return np.floor(day) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One replicate.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    known : Dictionary
        Its tables.
    number : int
        Of the replicate.
    done : Conducted
        What happened.
    baseline : DataFrame
        Its patients at screening, in order of number.
    members : mapping of str to ndarray of bool, shape (n,)
        Who is in each subgroup.
    """

    design: TrialDesign
    known: Dictionary
    number: int
    done: Conducted
    baseline: pd.DataFrame
    members: Mapping[str, NDArray[np.bool_]]

    @property
    def patients(self) -> pd.DataFrame:
        """Endpoints of the patients, in order of number."""
        return self.done.patients

    @property
    def size(self) -> int:
        """Patients."""
        return len(self.patients)

    @property
    def arm(self) -> NDArray[np.int64]:
        """Number of each patient's arm, shape (n,)."""
        return self.done.enrolled.arm

    @property
    def randomized(self) -> NDArray[np.float64]:
        """Date of randomization as days from 1970-01-01, shape (n,)."""
        return REFERENCE + np.floor(self.done.enrolled.entry_day)

    def labels(self, patient: NDArray[np.integer]) -> Words:
        """Return the labels of the arms of some patients."""
        return Words([one.label for one in self.design.arms], self.arm[patient])

    def identity(self, patient: NDArray[np.integer]) -> dict[str, Any]:
        """Return the columns that name the patient of each row.

        Parameters
        ----------
        patient : ndarray of int, shape (m,)
            Number of the patient of each row.
        """
        trial = self.design.id
        names = subject_ids(trial, self.number, self.size)
        return {
            "STUDYID": Words.same(trial, patient.size),
            "USUBJID": Words(names, patient),
            "REPLNUM": np.full(patient.size, self.number),
        }

    def treated(self, patient: NDArray[np.integer]) -> dict[str, Any]:
        """Return the columns that name patient and treatment of each row."""
        return self.identity(patient) | {
            "TRTP": self.labels(patient),
            "TRTPN": self.arm[patient] + 1,
        }

    def dated(
        self, patient: NDArray[np.integer], day: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return dates of times from randomization, as days from 1970-01-01."""
        return self.randomized[patient] + np.floor(day)

    def decoded(self, codelist: str, codes: Words) -> Words:
        """Return what the terms of a column mean."""
        meaning = self.known.decode(codelist)
        return Words([meaning[word] for word in codes.words], codes.code)
