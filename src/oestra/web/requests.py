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
_FILE = 60_000
_CLIENT = Given(
    name="client",
    text="who asks: any name, one a tab; each has one run at a time",
    default="",
    longest=60,
)
_SEED = Given(
    name="seed", text="seed of all chance", kind="whole", default=1, high=2**53 - 1
)
_PATIENTS = Given(
    name="patients",
    text="patients of all arms; 0 for those of the design",
    kind="whole",
    default=0,
    high=5000,
)
_PARAMETERS = Given(
    name="parameters",
    text='"best" for the best set, "ensemble" for sets that stand for what the fit '
    "leaves open",
    default="best",
    longest=20,
)
_REPLICATES = Given(
    name="replicates",
    text="how often a trial is run",
    kind="whole",
    default=20,
    low=1,
    high=50,
)
_PATIENT = (
    Given(
        name="number",
        text="which patient of the population",
        kind="whole",
        high=999_999_999,
    ),
    Given(
        name="seed",
        text="seed of the population",
        kind="whole",
        default=1,
        high=2**53 - 1,
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
    Endpoint(
        path="/api/sbml",
        summary="The cell with its line, lesions, medium and drugs, as SBML.",
        answer=_late("oestra.web.sbml_answer:sbml"),
        given=_STATE[:3],
    ),
    Endpoint(
        path="/api/fit",
        summary="Whether the fit that ships belongs to the model; empty where it does.",
        answer=_late("oestra.web.network_answer:fit"),
    ),
    Endpoint(
        path="/api/trials",
        summary="The trials of the library.",
        answer=_late("oestra.web.trial_answer:trials"),
    ),
    Endpoint(
        path="/api/trials/{name}",
        summary="A trial of the library, as YAML and as a form.",
        answer=_late("oestra.web.trial_answer:shown_trial"),
        given=(Given(name="name", text="a trial of the library", longest=80),),
    ),
    Endpoint(
        path="/api/criteria",
        summary="What eligibility may be chosen by: columns with words or stops.",
        answer=_late("oestra.web.eligibility_answer:criteria"),
    ),
    Endpoint(
        path="/api/design",
        method="POST",
        summary="A design, changed where asked, as YAML and as a form.",
        answer=_late("oestra.web.trial_answer:change"),
        given=(
            Given(name="yaml", text="a trial file", longest=_FILE),
            Given(
                name="set",
                text="a change, such as data_cut_months=24, arms.0.n=300 or "
                "eligibility.ecog=<= 1",
                kind="texts",
                longest=8000,
            ),
            _CLIENT,
        ),
    ),
    Endpoint(
        path="/api/runs",
        method="POST",
        summary="Run a trial in the background; ask for the job that is named.",
        answer=_late("oestra.web.trial_answer:run"),
        given=(
            Given(name="trial", text="a trial of the library", default="", longest=80),
            Given(name="yaml", text="or a trial file", default="", longest=_FILE),
            _PATIENTS,
            _REPLICATES,
            _PARAMETERS,
            _SEED,
            _CLIENT,
        ),
    ),
    Endpoint(
        path="/api/runs/{id}",
        summary="Where a run is, and its result so far; a run that nobody asks for "
        "during 20 seconds is stopped.",
        answer=_late("oestra.web.background:job"),
        given=(
            Given(name="id", text="a job", longest=40),
            Given(
                name="known",
                text="part of the result that is known already",
                kind="whole",
                default=0,
                high=10_000,
            ),
        ),
    ),
    Endpoint(
        path="/api/runs/{id}",
        method="DELETE",
        summary="Stop a run.",
        answer=_late("oestra.web.background:stop"),
        given=(Given(name="id", text="a job", longest=40),),
    ),
    Endpoint(
        path="/api/patients/{number}",
        summary="One virtual patient from diagnosis on: therapies, clones, visits.",
        answer=_late("oestra.web.life_answer:life"),
        given=_PATIENT,
    ),
    Endpoint(
        path="/api/patients/{number}/lines/{line}",
        summary="She on any regimen from one of her lines on: scans, clones, death.",
        answer=_late("oestra.web.life_answer:line"),
        given=(
            *_PATIENT,
            Given(
                name="line",
                text="which line for metastases",
                kind="whole",
                low=1,
                high=4,
            ),
            Given(
                name="regimen",
                text="drugs, doses and days; what practice gave her by default",
                default="",
            ),
        ),
    ),
    Endpoint(
        path="/api/regimens",
        summary="Regimens of practice and of the library's trials; drugs with doses.",
        answer=_late("oestra.web.life_answer:regimens"),
    ),
    Endpoint(
        path="/api/resistance",
        summary="Every mechanism of resistance under every endocrine strategy.",
        answer=_late("oestra.web.resistance_answer:resistance"),
    ),
    Endpoint(
        path="/api/resistance/{name}",
        summary="One mechanism: the network with it and without.",
        answer=_late("oestra.web.resistance_answer:mechanism"),
        given=(
            Given(name="name", text="a mechanism, such as her2", longest=80),
            Given(
                name="variant",
                text="a form of it; the usual one if unsaid",
                default="",
                longest=80,
            ),
        ),
    ),
    Endpoint(
        path="/api/rows/{number}",
        summary="A row of the review's biology, tried with its mechanisms and without.",
        answer=_late("oestra.web.resistance_answer:row"),
        given=(Given(name="number", text="which row", kind="whole", low=1, high=100),),
    ),
    Endpoint(
        path="/api/failures",
        method="POST",
        summary="Follow patients of a trial in the background; what grows when therapy "
        "fails?",
        answer=_late("oestra.web.resistance_answer:fail"),
        given=(
            Given(name="trial", text="a trial of the library", longest=80),
            _SEED,
            _CLIENT,
        ),
    ),
    Endpoint(
        path="/api/comparisons",
        summary="Comparisons of scenarios to try first.",
        answer=_late("oestra.web.compare_answer:shown"),
    ),
    Endpoint(
        path="/api/comparisons",
        method="POST",
        summary="Run scenarios in the background, side by side.",
        answer=_late("oestra.web.compare_answer:run"),
        given=(
            Given(
                name="scenario",
                text='a trial of the library, or "file" for all of the file; two to '
                "eight in all, the first is the reference",
                kind="texts",
                longest=80,
            ),
            Given(
                name="yaml",
                text="a trial file, with variants",
                default="",
                longest=_FILE,
            ),
            _PATIENTS,
            _REPLICATES,
            _PARAMETERS,
            _SEED,
            _CLIENT,
        ),
    ),
    Endpoint(
        path="/api/evidence",
        summary="What was published beside the fit; predictions, uses and limits.",
        answer=_late("oestra.web.evidence_answer:evidence"),
    ),
    Endpoint(
        path="/api/source",
        summary="Where a published number is from, and how far it was checked.",
        answer=_late("oestra.web.evidence_answer:source"),
        given=(Given(name="id", text="key of a published number", longest=200),),
    ),
    Endpoint(
        path="/api/validations",
        method="POST",
        summary="Predict each trial from the others, in the background; two minutes.",
        answer=_late("oestra.web.evidence_answer:validate"),
        given=(
            Given(
                name="by",
                text='what is left out at once: a "trial" or its "class"',
                default="trial",
                longest=20,
            ),
            _CLIENT,
        ),
    ),
    Endpoint(
        path="/api/claims",
        summary="Every claim of the review, with verdicts of those about cells.",
        answer=_late("oestra.web.claims_answer:claims"),
    ),
)
"""In the order of the documentation."""
