"""What a run won, and what each of its analyses decided, for the bench."""

from typing import Any

from oestra.core.finite import finite
from oestra.trial.design import TrialDesign
from oestra.trial.error_account import planned
from oestra.trial.hypotheses import hypotheses
from oestra.trial.looks import Decision
from oestra.trial.result import TrialResult

__all__ = ["testing"]


def testing(result: TrialResult, design: TrialDesign) -> dict[str, Any] | None:
    """Return power, analyses and what every replicate saw at each.

    Parameters
    ----------
    result : TrialResult
        The run.
    design : TrialDesign
        What was run.

    Returns
    -------
    dict or None
        ``testing`` and ``looks`` as ``oestra trial --json`` prints them, ``planned`` as
        ``oestra design --json`` prints its ``planned_analyses``, and ``seen``, a list
        a replicate; None where no arms are compared.
    """
    if result.verdict is None:
        return None
    first = hypotheses(design)[0]
    size = int((result.responses["REPLICATE"] == 0).sum())
    return {
        "first": f"{first.arm} against {first.control}, {first.endpoint.value.upper()}",
        "testing": result.verdict.to_json_dict(),
        "looks": [look.to_json_dict() for look in result.looks],
        "planned": [row.to_json_dict() for row in planned(design)],
        "seen": [[_seen(one) for one in made] for made in result.decisions],
        "idle": [
            f"the look at {look.events} events cannot happen with {size} patients"
            for look in design.analysis.looks
            if look.events > size
        ],
    }


def _seen(one: Decision) -> dict[str, Any]:
    return {
        "number": one.number,
        "z": finite(one.z),
        "bound": finite(one.bound),
        "outcome": "won" if one.won else one.stops,
    }
