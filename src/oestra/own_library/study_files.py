"""Faults of the files of drugs, practice, trials, published results and claims."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from oestra.claims.cells import TUMOR
from oestra.claims.claim import Claim
from oestra.claims.claim_expression import calls_in, check_grammar, readouts_in
from oestra.claims.facts import fact_functions
from oestra.claims.measure import MEASURES
from oestra.claims.pool import Pool
from oestra.claims.trial_runs import Trials, find_target
from oestra.core.errors import InputError, OestraError, shown, unknown_name
from oestra.core.library import Library
from oestra.core.name import ID_RULE, is_id
from oestra.culture.genotype import parse_genotype
from oestra.culture.medium import parse_condition, parse_step
from oestra.culture.readout import find_readout
from oestra.drugs.drug import Drug
from oestra.drugs.drug_faults import drug_faults
from oestra.drugs.load import drugs as drugs_of
from oestra.drugs.regimen import Regimen
from oestra.drugs.target import Maximum, levers
from oestra.evidence.own_results import OwnResults
from oestra.history.therapies import Therapy
from oestra.model.parameters import prior_parameters
from oestra.network.cell_line import find_line
from oestra.own_library.cell_files import named_entries
from oestra.own_library.document import Document, Place
from oestra.own_library.fault import Fault
from oestra.own_library.record_faults import checked, checked_model
from oestra.own_library.shelf import Shelf, tell
from oestra.trial.designs import find_design, read_design

__all__ = ["claims", "drugs", "evidence", "practice", "trials"]

_WORD = re.compile(r"(?=.*[A-Za-z])[^\s+]+")
"""A name that stands in a regimen as one word and is no number."""


def drugs(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with a drug: keys, numbers, units, kinetics, targets."""
    found: list[Fault] = []
    drug: Drug | None = checked(
        document, (), document.data, Drug, found, names={"drug_class": "class"}
    )
    if drug is None:
        return found
    found += _names(document, drug)
    if is_id(drug.id) and document.path.name != f"{drug.id}.yaml":
        told = f"The file describes {drug.id!r}; name it {drug.id}.yaml"
        found.append(document.fault(("id",), told))
    # A number that was refused is stood in for, by one whose unit means nothing.
    told = {fault.line for fault in found}
    further = [document.fault(place, error) for place, error in drug_faults(drug)]
    found += [fault for fault in further if fault.line not in told]
    found += _targets(document, drug, shelf)
    return found


def _names(document: Document, drug: Drug) -> Iterator[Fault]:
    """Yield names that no file can have, or that no regimen could say."""
    if not is_id(drug.id):
        told = f"{shown(drug.id)} cannot be an id: {ID_RULE}"
        yield document.fault(("id",), told)
    elif drug.kinetics is not None and not _WORD.fullmatch(drug.id):
        told = (
            f"{drug.id!r} cannot be told in a regimen; the id of a drug that patients "
            "get is one word that holds a letter and no '+'"
        )
        yield document.fault(("id",), told)
    for i, one in enumerate(drug.metabolites):
        if one.drug == drug.id:
            told = f"{drug.id} cannot be its own metabolite"
            yield document.fault(("metabolites", i, "drug"), told)


def _interactions(document: Document, shelf: Shelf) -> Iterator[Fault]:
    """Yield partners whose factor would never act, as no regimen names them so."""
    known = drugs_of(shelf.library)
    if document.data["id"] not in known:
        return
    for i, one in enumerate(known[document.data["id"]].interactions):
        if one.exposure_factor is not None and one.partner not in known:
            told = unknown_name("drug", one.partner, known)
            yield document.fault(("interactions", i, "partner"), told)


def _targets(document: Document, drug: Drug, shelf: Shelf) -> Iterator[Fault]:
    known = levers(shelf.library)
    for i, action in enumerate(drug.targets):
        if action.target not in known:
            error = unknown_name("target", action.target, known)
            yield document.fault(("targets", i, "target"), error)
            continue
        needs = known[action.target].maximum is Maximum.DRUG
        if needs and action.max_effect is None:
            told = (
                f"{action.target} needs a max_effect: the share of its work that is "
                "lost at most, from 0 to 1"
            )
            yield document.fault(("targets", i), told)
        if not needs and action.max_effect is not None:
            limits = ", ".join(known[action.target].limited_by)
            told = f"the cell limits {action.target} ({limits}); leave max_effect out"
            yield document.fault(("targets", i, "max_effect"), told)


def drug_regimens(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with the regimens of a drug, once all drugs are known."""
    data, found = document.data, list[Fault]()
    texts: list[tuple[Place, str]] = [
        (("standard_regimens", i), text)
        for i, text in enumerate(data.get("standard_regimens", ()))
    ]
    texts += [
        (("exposures", i, "regimen"), one["regimen"])
        for i, one in enumerate(data.get("exposures", ()))
    ]
    for place, text in texts:
        wrong = list(tell(document, place, Regimen.parse, text, shelf.library))
        if not wrong and not _gives(data["id"], text, shelf.library):
            told = f"{text!r} does not give {data['id']}"
            wrong = [document.fault(place, told)]
        found += wrong
    return [*found, *_interactions(document, shelf)]


def _gives(drug: str, regimen: str, library: Library) -> bool:
    """Return whether a drug is among those of a regimen."""
    parts = Regimen.parse(regimen, library).components
    return drug in {moiety.id for part in parts for moiety in part.drug.moieties}


def practice(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with therapies of practice."""
    found: list[Fault] = []
    for name, entry in named_entries(document, found, "therapies"):
        given = {"name": name, **entry} if isinstance(entry, dict) else entry
        therapy: Therapy | None = checked(
            document, (name,), given, Therapy, found, names={"therapy_class": "class"}
        )
        if therapy is None:
            continue
        at = (name, "regimen")
        found += tell(document, at, Regimen.parse, therapy.regimen, shelf.library)
    return found


def trials(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with a trial."""
    try:
        design = read_design(document.path, shelf.library)
    except OestraError as error:
        return list(document.of_error(error))
    if design.id != document.path.stem:
        told = f"The file declares the trial {design.id!r}; name it {design.id}.yaml"
        return [document.fault(("id",), told)]
    return []


def evidence(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with published results of trials."""
    found: list[Fault] = []
    file = checked_model(document, OwnResults, found)
    for i, row in enumerate(file.results if file else ()):
        try:
            arms = find_design(row.trial, shelf.library).arm_ids
        except OestraError as error:
            found += document.of_error(error, ("results", i, "trial"))
            continue
        for key in ("arm", "control"):
            arm = getattr(row, key)
            if arm is not None and arm not in arms:
                error = unknown_name("arm", arm, arms, where=row.trial)
                found.append(document.fault(("results", i, key), error))
    return found


def claims(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with a claim: runs, courses, trials and expressions."""
    found: list[Fault] = []
    checked_model(document, Claim, found)
    data = document.data if isinstance(document.data, dict) else {}
    runs, courses, trials = (
        _mapping(data.get(key)) for key in ("runs", "courses", "trials")
    )
    for name, run in runs.items():
        found += _run(document, ("runs", name), run, shelf)
    for name, course in courses.items():
        at = ("courses", name, "drug")
        found += _told(document, at, Regimen.parse, course.get("drug"), shelf)
    for name, design in trials.items():
        for i, arm in enumerate(_list(design.get("arms"))):
            at = ("trials", name, "arms", i, "regimen")
            found += _told(document, at, Regimen.parse, arm.get("regimen"), shelf)
    names = _Names(frozenset(runs), frozenset(trials))
    for i, one in enumerate(_list(data.get("checks"))):
        at = ("checks", i)
        if isinstance(one.get("target"), str):
            found += tell(document, (*at, "target"), find_target, one["target"])
        elif isinstance(one.get("value"), str):
            found += _expression(document, (*at, "value"), one["value"], names, shelf)
    return found


class _Names(NamedTuple):
    """What the expressions of a claim may name."""

    runs: frozenset[str]
    trials: frozenset[str]


def _mapping(data: Any) -> dict[str, dict[str, Any]]:
    """Return the records of a mapping, as far as it is one."""
    pairs = data.items() if isinstance(data, dict) else ()
    return {str(name): one for name, one in pairs if isinstance(one, dict)}


def _list(data: Any) -> list[dict[str, Any]]:
    """Return the records of a list, in their places, as far as it is one."""
    listed = data if isinstance(data, list) else ()
    return [one if isinstance(one, dict) else {} for one in listed]


def _told(
    document: Document, place: Place, read: Any, text: Any, shelf: Shelf, **named: Any
) -> Iterator[Fault]:
    """Yield why a text, if there is one, cannot be read."""
    if isinstance(text, str):
        filled = text.replace("{}", "1")
        yield from tell(document, place, read, filled, shelf.library, **named)


def _run(
    document: Document, place: Place, run: dict[str, Any], shelf: Shelf
) -> Iterator[Fault]:
    on_tumor = run.get("line") == TUMOR
    if not on_tumor:
        yield from _told(document, (*place, "line"), find_line, run.get("line"), shelf)
    lesions = run.get("set")
    if isinstance(lesions, list) and all(isinstance(one, str) for one in lesions):
        at = (*place, "set")
        yield from tell(document, at, parse_genotype, lesions, shelf.library)
    for name in run["cell"] if isinstance(run.get("cell"), dict) else ():
        at = (*place, "cell", name)
        yield from tell(document, at, shelf.check_parameter, str(name))
    at, text = (*place, "medium"), run.get("medium")
    yield from _told(document, at, parse_condition, text, shelf, drugs=False)
    steps = run.get("pretreat")
    for i, text in enumerate(steps if isinstance(steps, list) else ()):
        yield from _told(document, (*place, "pretreat", i), parse_step, text, shelf)
    read: Callable[..., Any] = Regimen.parse if on_tumor else parse_condition
    if run.get("drug") != "none" and "like" not in run:
        yield from _told(document, (*place, "drug"), read, run.get("drug"), shelf)


def _expression(
    document: Document, place: Place, text: str, names: _Names, shelf: Shelf
) -> Iterator[Fault]:
    try:
        check_grammar(text)
        read, calls = list(readouts_in(text)), list(calls_in(text))
    except InputError as error:
        yield document.fault(place, error)
        return
    for run, readout in read:
        yield from _reading(document, place, (run, readout), names, shelf)
    known = _functions(shelf.library)
    for name, given in calls:
        if name not in known:
            yield document.fault(place, unknown_name("function", name, known))
        elif name in _of_trials() and given:
            yield from _named_trial(document, place, given[0], names, shelf)


def _reading(
    document: Document, place: Place, read: tuple[str, str], names: _Names, shelf: Shelf
) -> Iterator[Fault]:
    run, readout = read
    if run not in names.runs:
        yield document.fault(place, unknown_name("run", run, names.runs))
    if readout not in shelf.symbols:
        yield from tell(document, place, find_readout, readout, shelf.library)


def _named_trial(
    document: Document, place: Place, name: object, names: _Names, shelf: Shelf
) -> Iterator[Fault]:
    if isinstance(name, str) and name not in names.trials:
        yield from tell(document, place, find_design, name, shelf.library)


@cache
def _of_trials() -> frozenset[str]:
    return frozenset(Trials(cohort=cast("Any", None)).functions({}))


def _functions(library: Any) -> frozenset[str]:
    nobody = cast("Any", SimpleNamespace(covariates=None, decisions=None))
    pool = Pool(cohort=nobody, courses={}).functions()
    facts = fact_functions(prior_parameters(library))
    return frozenset({*MEASURES, *facts, *pool, *_of_trials()})
