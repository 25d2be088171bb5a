"""What a fit belongs to: fingerprints of all that it would come out differently with.

A fit was made with equations, priors, drugs, practice, trials, evidence and code. Where
one of them has changed since, the fit is stale: it still runs, and says so.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any

from oestra.core.declared import Declaration
from oestra.core.library import SHIPPED, Kind, package_files
from oestra.core.read_yaml import read_yaml
from oestra.core.yaml_content import acting_text, content_digest
from oestra.drugs.drug import Drug
from oestra.drugs.fingerprint import acting_parts, acting_places
from oestra.drugs.load import drugs
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use
from oestra.model.fit import shipped_fit
from oestra.model.quantities import quantities
from oestra.network.cell_line import find_line
from oestra.network.digest import structure_digest
from oestra.network.reference import REFERENCE

__all__ = ["fit_belongs_to", "fit_data", "stale_fit", "stale_parts"]

_ROOTS = ("oestra.calibration.fit", "oestra.calibration.objective")
_CODE = Declaration("oestra.calibration", _ROOTS)
"""The declared version of the fit; `oestra.calibration.version` declares it."""


def _hash(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _free() -> frozenset[str]:
    """Return the names of the parameters that are fitted."""
    (file,) = [f for f in package_files("oestra.calibration") if f.name == "free.yaml"]
    return frozenset(re.findall(r"^- (\w+)", file.read_text("utf-8"), re.MULTILINE))


def _priors() -> str:
    """Hash what is believed before: intervals count of what is fitted alone."""
    free = _free()
    return _hash(
        [
            (name, one.value, one.unit, one.interval if name in free else ())
            for name, one in sorted(quantities().items())
            if name not in REFERENCE
        ]
    )


def _trial_files() -> list[Traversable]:
    """Return the designs of the trials that are fitted to."""
    fitted = {row.trial for row in targets() if row.use is Use.FIT}
    files = SHIPPED.files(Kind.TRIALS, "oestra.trial.library")
    return [file for file in files if file.name.removesuffix(".yaml") in fitted]


def _fact_files() -> list[Traversable]:
    found = package_files("oestra.calibration")
    return [file for file in found if file.name.startswith("facts")]


def _practice_files() -> list[Traversable]:
    return list(SHIPPED.files(Kind.PRACTICE, "oestra.history.practices"))


def _given() -> list[Drug]:
    """Return the drugs that trials, practice or facts of the fit give."""
    files = [*_trial_files(), *_practice_files(), *_fact_files()]
    text = " ".join(map(acting_text, files)).casefold()
    return [
        part
        for drug in drugs().values()
        if any(name.casefold() in text for name in (drug.id, *drug.aliases))
        for part in drug.moieties
    ]


def _line_files() -> list[Traversable]:
    """Return the cell lines that facts of the fit are about, and their parents."""
    facts = [
        one for file in _fact_files() for one in read_yaml(file.read_text("utf-8"))
    ]
    used = set[str]()
    for line in (find_line(fact["line"]) for fact in facts if "line" in fact):
        one = line
        while one is not None:
            used.add(one.id)
            one = one.parent
    files = SHIPPED.files(Kind.CELL_LINES, "oestra.network.cell_lines")
    return [file for file in files if read_yaml(file.read_text("utf-8"))["id"] in used]


def _named_in(files: Iterable[Traversable]) -> Callable[[Mapping[str, Any]], bool]:
    """Return what tells whether files name an entry."""
    text = " ".join(map(acting_text, files)).casefold()

    def named(entry: Mapping[str, Any]) -> bool:
        names = (entry["id"], *entry.get("aliases", ()))
        words = "|".join(re.escape(name.casefold()) for name in names)
        return re.search(rf"(?<!\w)({words})(?!\w)", text) is not None

    return named


def _readouts() -> str:
    """Hash the readouts that facts name."""
    known = SHIPPED.files(Kind.READOUTS, "oestra.culture.readouts")
    return content_digest(known, drop=["unit"], keep=_named_in(_fact_files()))


def _substances() -> str:
    """Hash the substances that facts, or the media of their lines, name."""
    named = _named_in([*_fact_files(), *_line_files()])
    known = SHIPPED.files(Kind.SUBSTANCES, "oestra.culture.substances")
    return content_digest(known, drop=["interval"], keep=named)


def _evidence() -> str:
    """Hash the rows that are fitted to."""
    rows = [row for row in targets() if row.use is Use.FIT]
    return _hash(
        [
            (
                *(row.id, row.trial, row.arm, row.control, row.stratum, row.endpoint),
                *(row.estimate, row.low, row.high, row.at_months),
                *(row.n, row.of, row.denominator),
            )
            for row in rows
        ]
    )


def _conduct() -> list[Traversable]:
    own = [f for f in package_files("oestra.trial") if f.name == "assumptions.yaml"]
    folders = ("oestra.follow.assumptions", "oestra.follow.performance_status")
    return [*own, *(file for folder in folders for file in package_files(folder))]


_PARTS: Mapping[str, Callable[[], str]] = {
    "pathways": structure_digest,
    "parameters": _priors,
    "the list of fitted parameters": lambda: _hash(sorted(_free())),
    "alterations": lambda: content_digest(
        SHIPPED.files(Kind.ALTERATIONS, "oestra.network.alterations")
    ),
    "targets of drugs": lambda: _hash(acting_places(_given(), SHIPPED)),
    "drugs": lambda: _hash(acting_parts(_given(), harm=True)),
    "cell lines": lambda: content_digest(_line_files(), drop=["interval"]),
    "readouts": _readouts,
    "substances": _substances,
    "practice": lambda: content_digest(_practice_files(), drop=["interval"]),
    "designs of trials": lambda: content_digest(_trial_files()),
    "conduct of trials": lambda: content_digest(_conduct(), drop=["interval"]),
    "facts": lambda: content_digest(_fact_files()),
    "evidence": _evidence,
}
"""The data that a fit depends on, by what people call it."""


def fit_data() -> dict[str, str]:
    """Return the fingerprints of the data that a fit made now would depend on."""
    return {name: digest() for name, digest in _PARTS.items()}


def fit_belongs_to() -> dict[str, str]:
    """Return the fingerprints of all that a fit made now would belong to."""
    return {**fit_data(), "code": _CODE.version()}


def stale_parts(known: Mapping[str, str]) -> tuple[str, ...]:
    """Name what has changed since fingerprints were taken."""
    now = fit_belongs_to()
    return tuple(name for name in now if known.get(name) != now[name])


def stale_fit() -> str:
    """Say why the shipped fit no longer belongs to this model; empty when it does."""
    fit = shipped_fit()
    if fit is None:
        return "nothing has been fitted yet; parameters are those of the files"
    parts = stale_parts(fit.belongs_to)
    if not parts:
        return ""
    told = ", ".join(parts)
    return f"the fit was made before a change of {told}"
