"""Patient-level tables with the column names of CDISC ADaM.

References
----------
.. [1] CDISC ADaM Basic Data Structure for Time-to-Event Analyses, version 1.0 (2012).
.. [2] CDISC ADaM Data Structure for Adverse Event Analysis, version 1.0 (2012).
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from oestra.core.terms import Response
from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.endpoint_kinds import TIMES
from oestra.trial.endpoints import ENDPOINTS
from oestra.trial.reader import Reader
from oestra.trial.statistic import Share
from oestra.trial.two_readings import by_other_reader, other_reader

__all__ = [
    "ACTIONS",
    "RESPONSES",
    "adverse_event_table",
    "response_table",
    "subject_ids",
    "time_to_event_table",
]

RESPONSES = (
    Response.NE,
    Response.PD,
    Response.SD,
    Response.NON_CR_NON_PD,
    Response.PR,
    Response.CR,
)
"""Best responses by their codes."""


@lru_cache(maxsize=4)
def subject_ids(trial: str, replicate: int, count: int) -> tuple[str, ...]:
    """Return the unique identifiers of the first patients of a replicate, from 0."""
    begun = f"{trial}-{replicate:03d}-"
    return tuple(f"{begun}{number:05d}" for number in range(1, count + 1))


def _identity(
    table: pd.DataFrame, design: TrialDesign, replicate: int
) -> dict[str, object]:
    number = table["patient"].to_numpy()
    names = subject_ids(design.id, replicate, int(number.max(initial=-1)) + 1)
    label = {arm.id: arm.label for arm in design.arms}
    return {
        "STUDYID": design.id,
        "REPLICATE": replicate,
        "USUBJID": [names[n] for n in number],
        "TRTP": table["arm"].to_numpy(),
        "TRTA": [label[name] for name in table["arm"]],
        "STRATA": table["stratum"].to_numpy(),
    }


def _descriptions(table: pd.DataFrame, endpoint: TimeToEvent) -> dict[str, object]:
    reason = table[f"{endpoint}_reason"].to_numpy(dtype=object)
    event = table[f"{endpoint}_event"].to_numpy(dtype=bool)
    return {
        "EVNTDESC": np.where(event, reason, ""),
        "CNSDTDSC": np.where(event, "", reason),
    }


def time_to_event_table(
    table: pd.DataFrame,
    design: TrialDesign,
    endpoints: tuple[TimeToEvent, ...],
    replicate: int,
    *,
    reader: Reader | None = None,
) -> pd.DataFrame:
    """Return one row per patient and endpoint, in ADTTE columns.

    Parameters
    ----------
    table : DataFrame
        Patients of one replicate.
    design : TrialDesign
        The trial.
    endpoints : tuple of TimeToEvent
        Endpoints reported.
    replicate : int
        Number of the replicate, from 0.
    reader : Reader, optional
        Whose endpoints these are, where it is not the primary reader; the rows of the
        other are added by default.

    Returns
    -------
    DataFrame
        ``AVAL`` in days from randomization (``STARTDT`` 0, ``ADT`` the study day),
        ``CNSR`` 0 for an event and 1 for a censored time. ``EVNTDESC`` describes the
        event and is empty where there is none; ``CNSDTDSC`` says why a time is
        censored, at the last adequate scan by then, and is empty where it is not.
    """
    identity = _identity(table, design, replicate)
    parts = [
        pd.DataFrame(
            identity
            | {
                "PARAMCD": endpoint.value.upper() + (reader.code if reader else ""),
                "PARAM": TIMES[endpoint].long.capitalize()
                + (f", {reader.stratum}" if reader else ""),
                "AVAL": table[f"{endpoint}_day"].to_numpy(),
                "AVALU": "DAYS",
                "CNSR": 1 - table[f"{endpoint}_event"].to_numpy(dtype=np.int8),
                "STARTDT": 0,
                "ADT": table[f"{endpoint}_day"].to_numpy(),
            }
            | _descriptions(table, endpoint)
        )
        for endpoint in endpoints
    ]
    other = other_reader(design)
    if other is not None and not reader:
        theirs = by_other_reader(table)
        times = tuple(one for one in endpoints if one is not TimeToEvent.OS)
        parts += [time_to_event_table(theirs, design, times, replicate, reader=other)]
    return pd.concat(parts, ignore_index=True)


def response_table(
    table: pd.DataFrame, design: TrialDesign, replicate: int
) -> pd.DataFrame:
    """Return one row per patient with her best response, in ADRS columns.

    Parameters
    ----------
    table : DataFrame
        Patients of one replicate.
    design : TrialDesign
        The trial.
    replicate : int
        Number of the replicate, from 0.

    Returns
    -------
    DataFrame
        ``AVALC`` the best response; ``PCHG`` the deepest change of the target sum in
        percent, missing without targets; ``RESPFL``, ``CBRFL`` and the other flags of
        the registry of endpoints mark who met them, ``MEASFL`` measurable disease.
    """
    flag = np.array(["N", "Y"], dtype=object)
    code = table["best_response"].to_numpy(dtype=np.int64)
    shares = {
        one.flag: one.statistic.count(table, design.analysis).met
        for one in ENDPOINTS.values()
        if one.flag and isinstance(one.statistic, Share)
    }
    columns = _identity(table, design, replicate) | {
        "PARAMCD": "BOR",
        "PARAM": "Best overall response",
        "AVAL": code,
        "AVALC": [str(RESPONSES[one]) for one in code],
        "PCHG": table["best_change_percent"].to_numpy(),
        **{name: flag[met.astype(int)] for name, met in shares.items()},
        "MEASFL": flag[table["has_targets"].to_numpy(dtype=int)],
        "KI67BL": table["ki67_before"].to_numpy(),
        "KI67TR": table["ki67_after"].to_numpy(),
        "FDGBL": table["uptake_before"].to_numpy(),
        "FDGTR": table["uptake_after"].to_numpy(),
    }
    return pd.DataFrame(columns)


ACTIONS = {
    "none": "DOSE NOT CHANGED",
    "interruption": "DRUG INTERRUPTED",
    "dose step": "DOSE REDUCED",
    "stop": "DRUG WITHDRAWN",
}
"""What was done with the drug, in the words of CDISC."""


def adverse_event_table(
    table: pd.DataFrame, events: pd.DataFrame, design: TrialDesign, replicate: int
) -> pd.DataFrame:
    """Return one row per adverse event, in ADAE columns.

    Parameters
    ----------
    table : DataFrame
        Patients of one replicate, in order of number.
    events : DataFrame
        Their events, as `oestra.trial.harmed.arm_events` returns them.
    design : TrialDesign
        The trial.
    replicate : int
        Number of the replicate, from 0.

    Returns
    -------
    DataFrame
        ``AEDECOD`` the term, ``AETOXGR`` its CTCAE grade, ``ASTDY`` and ``AENDY`` days
        from randomization (missing where it lasts beyond the data cut or to death),
        ``ADURN`` days between, ``AEACN`` what was done with the drug, ``AEREL`` whether
        it is held to be the cause, ``AECONTRT`` and ``AECMTRT`` what was given for it,
        ``AEDRUG`` the drug.
    """
    ordered = events.sort_values(["patient", "onset_day", "term"], kind="stable")
    place = np.searchsorted(table["patient"].to_numpy(), ordered["patient"])
    identity = _identity(table.iloc[place], design, replicate)
    end = ordered["end_day"].replace(np.inf, np.nan).to_numpy(dtype=float)
    start = ordered["onset_day"].to_numpy(dtype=float)
    treated = ordered["treatment"].to_numpy(dtype=object)
    return pd.DataFrame(
        identity
        | {
            "AEDECOD": ordered["term"].to_numpy(dtype=object),
            "AETOXGR": ordered["grade"].to_numpy(dtype=np.int64),
            "ASTDY": start,
            "AENDY": end,
            "ADURN": end - start,
            "AEACN": [ACTIONS[one] for one in ordered["action"]],
            "AEREL": np.where(ordered["related"], "RELATED", "NOT RELATED"),
            "AECONTRT": np.where(treated != "", "Y", "N"),
            "AECMTRT": treated,
            "AEDRUG": ordered["drug"].to_numpy(dtype=object),
        }
    )
