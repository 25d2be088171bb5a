"""Every request that the page answers with JSON: the one list of them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from oestra.web.endpoint import Endpoint, Given

__all__ = ["ENDPOINTS"]

_STATE = (
    Given(
        name="line",
        text='a cell line, or "tumor" for the median tumor of a patient',
        default="MCF-7",
        longest=80,
    ),
    Given(name="set", text="a lesion, such as PTEN=loss", kind="texts", longest=80),
    Given(
        name="drug",
        text="concentrations in the medium, such as everolimus 20 nM; of a tumor, a "
        "regimen; or none",
        default="none",
    ),
    Given(
        name="against",
        text='what to compare with: "untreated" for the same cells, "line" for the '
        "line without these lesions",
        default="untreated",
        longest=20,
    ),
)


def _late(place: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function whose module is loaded when it is first called."""
    module, _, name = place.partition(":")

    def answer(given: Mapping[str, Any]) -> Any:
        return getattr(import_module(module), name)(given)

    return answer


ENDPOINTS = (
    Endpoint(
        path="/api/choices",
        summary="The map of the network and all that its controls offer.",
        answer=_late("oestra.web.network_answer:choices"),
    ),
    Endpoint(
        path="/api/network",
        summary="Every part of the cell, hours to months, treated and as reference.",
        answer=_late("oestra.web.network_answer:network"),
        given=_STATE,
    ),
    Endpoint(
        path="/api/why",
        summary="What each input contributes to a change; the path that carries most.",
        answer=_late("oestra.web.network_answer:why"),
        given=(
            *_STATE,
            Given(name="symbol", text="a part of the cell", longest=80),
            Given(name="day", text="days of treatment", kind="number", high=3653),
        ),
    ),
    Endpoint(
        path="/api/symbols/{name}",
        summary="Equations, numbers with origin, and claims of a part of the cell.",
        answer=_late("oestra.web.network_answer:symbol"),
        given=(Given(name="name", text="a part of the cell", longest=80),),
    ),
)
"""In the order of the documentation."""
