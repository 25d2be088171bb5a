"""Answers about work in the background: the one queue, and where each job is."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from oestra.web.job import Job, Jobs, JobState

__all__ = ["background", "job", "stop", "told"]


@cache
def background() -> Jobs:
    """Return the one queue of this process."""
    return Jobs()


def told(one: Job) -> dict[str, Any]:
    """Return where a job is, with its result so far."""
    return {
        "job": one.id,
        "state": one.state.value,
        "share": round(one.share, 4),
        "error": one.error,
        "result": one.result,
    }


def job(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a job is, and what is known so far, unless that was sent before."""
    found = told(background().look(given["id"]))
    if found["result"] and found["result"]["part"] == given["known"]:
        found["result"] = None
    return found


def stop(given: Mapping[str, Any]) -> dict[str, Any]:
    """Stop a job."""
    return {"state": JobState(background().stop(given["id"]).state).value}
