"""A patient in words: ``ESR1=Y537S, PIK3CA=H1047R, prior AI 14 months``.

Grammar::

    profile   = item { "," item }
    item      = marker "=" value | [ "no" ] "prior" therapy [ number "months" ]
              | criterion
    criterion = as of a trial's eligibility, such as ``age_years >= 60``

Two alleles of ESR1, in a clone each, are ``ESR1=Y537S+D538G`` or two items. A number of
months is that of the last therapy, and means from three quarters to four thirds of it.
What a profile does not speak of, nobody is asked for: but for HER2, which is negative,
and disease that has spread.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oestra.core.errors import InputError, nearest, shown, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.core.name import plain_name
from oestra.history.second_allele import ALLELE_COLUMNS
from oestra.history.therapies import Practice, practice
from oestra.trial.admissible import check_criterion
from oestra.trial.conflict import conflicts
from oestra.trial.criterion import names_in
from oestra.trial.decision_columns import DECISION_COLUMNS

__all__ = ["TODAY", "Profile", "read_profile"]

TODAY = 2023.0
"""Year of a profile that names none: the last that practice is known of."""
_ABOUT = 4.0 / 3.0


def _yes(column: str, positive: str, negative: str) -> dict[str, str]:
    return {positive: column, negative: f"not {column}"}


_MARKERS: Mapping[str, Mapping[str, str]] = {
    "ESR1": {
        "mutant": "esr1_mutant",
        "wild type": "not esr1_mutant",
        **{
            allele: f"esr1_mutant and esr1_allele == '{allele}'"
            for allele in ALLELE_COLUMNS.values()
        },
    },
    "PIK3CA": {
        "mutant": "pik3ca != 'wild type'",
        "wild type": "pik3ca == 'wild type'",
        **{allele: f"pik3ca == '{allele}'" for allele in ("H1047R", "E545K", "E542K")},
    },
    "AKT1": _yes("akt1_mutant", "mutant", "wild type"),
    "PTEN": _yes("pten_loss", "loss", "wild type"),
    "HER2": _yes("her2_positive", "positive", "negative"),
    "ER": _yes("er_positive", "positive", "negative"),
    "PR": _yes("pgr_positive", "positive", "negative"),
    "CYP2D6": {name: f"cyp2d6 == '{name}'" for name in ("PM", "IM", "NM", "UM")},
    "subtype": _yes("luminal_a", "luminal A", "luminal B"),
}
"""What each marker can be, and the criterion that asks for it."""
_THERAPIES: Mapping[str, str] = {
    "tamoxifen": "tamoxifen",
    "ai": "nonsteroidal_ai",
    "nonsteroidal ai": "nonsteroidal_ai",
    "nonsteroidal_ai": "nonsteroidal_ai",
    "aromatase inhibitor": "nonsteroidal_ai",
    "anastrozole": "nonsteroidal_ai",
    "letrozole": "nonsteroidal_ai",
    "exemestane": "exemestane",
    "fulvestrant": "fulvestrant",
    "chemotherapy": "chemotherapy",
}
_ALLELES = {name.lower(): column for column, name in ALLELE_COLUMNS.items()}
_MARKER = re.compile(r"(\w+)\s*=\s*([^=<>!].*)")
_PRIOR = re.compile(
    r"(?P<no>no\s+)?prior\s+(?P<what>.+?)(?:\s+(?P<months>[\d.]+)\s*months?)?$", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who a patient is.

    Parameters
    ----------
    text : str
        What was written.
    criteria : tuple of str
        What it asks of a patient, as criteria of a trial.
    assumed : tuple of str
        What was not written and is asked for all the same.
    year : float
        Calendar year: what patients were given until then is practice of its time.
    """

    text: str
    criteria: tuple[str, ...]
    assumed: tuple[str, ...]
    year: float = TODAY

    @property
    def her2_positive(self) -> bool:
        """Whether it is a patient with HER2-positive disease."""
        return "her2_positive" in self.criteria


def _marker(name: str, value: str) -> str:
    known = {key.upper(): key for key in _MARKERS} | {"ERBB2": "HER2", "PGR": "PR"}
    if name.upper() not in known:
        raise unknown_name("marker", name, list(_MARKERS))
    marker = known[name.upper()]
    values = {one.lower(): text for one, text in _MARKERS[marker].items()}
    if marker == "ESR1" and "+" in value:
        return _two_alleles(_split(value))
    if value.lower() not in values:
        raise unknown_name("value", value, list(_MARKERS[marker]), where=marker)
    return values[value.lower()]


def _split(value: str) -> list[str]:
    return [one.strip() for one in value.split("+")]


def _two_alleles(written: list[str]) -> str:
    """Return the criterion that asks for a clone with each of two alleles."""
    for one in written:
        if one.lower() not in _ALLELES:
            raise unknown_name("allele", one, ALLELE_COLUMNS.values(), where="ESR1")
    columns = list(dict.fromkeys(_ALLELES[one.lower()] for one in written))
    given = "+".join(written)
    names = [ALLELE_COLUMNS[column] for column in columns]
    if len(columns) < len(written):
        raise InputError(
            f"ESR1={given} names an allele twice; write ESR1={'+'.join(names)}."
        )
    if len(columns) > 2:
        raise InputError(
            f"A tumor has two alleles of ESR1 at most, got {given!r}; write "
            f"ESR1={names[0]}+{names[1]}."
        )
    return " and ".join(columns)


def _joined(items: Sequence[str]) -> Iterator[str]:
    """Yield items, those of different ESR1 alleles as one in the place of the first."""
    named: dict[int, list[str]] = {}
    for number, item in enumerate(items):
        found = _MARKER.fullmatch(item)
        parts = _split(found[2]) if found and found[1].upper() == "ESR1" else [""]
        if all(one.lower() in _ALLELES for one in parts):
            named[number] = parts
    every: list[str] = []
    for parts in named.values():
        known = [one.lower() for one in every]
        every += [one for one in parts if one.lower() not in known]
    several = len(named) > 1 and len(every) > 1
    for number, item in enumerate(items):
        if not several or number not in named:
            yield item
        elif number == min(named):
            yield f"ESR1={'+'.join(every)}"


def _classes(given: Practice) -> dict[str, str]:
    """Return the classes of practice by plain name, those of its drugs too."""
    drugs = {plain_name(name): kind for name, kind in given.class_of_drug.items()}
    return {**drugs, **{plain_name(one): one for one in given.every_class}}


def _ever(therapy: str, given: Practice) -> str:
    """Return the criterion that asks for a therapy at any time."""
    if therapy == "chemotherapy":
        return "prior_chemotherapy_lines > 0"
    if f"prior_{therapy}" in DECISION_COLUMNS:
        return f"prior_{therapy}"
    # Classes that only a library of one's own knows are told of the last therapy.
    return f"{_last(therapy, given)} == '{therapy}'"


def _last(therapy: str, given: Practice) -> str:
    return "last_partner" if therapy in given.partners else "last_therapy"


def _months(text: str) -> float:
    try:
        months = float(text)
    except ValueError:
        months = 0.0
    if months <= 0:
        raise InputError(
            f"Months of a therapy are a number above 0, such as 'prior AI 14 months', "
            f"got {shown(text)}."
        )
    return months


def _prior(found: re.Match[str], library: Library) -> str:
    said = " ".join(found["what"].split())
    given = practice(library)
    classes = _classes(given)
    plain = plain_name(said.replace("/", ""))
    therapy = _THERAPIES.get(said.lower()) or classes.get(plain)
    if therapy is None:
        known = sorted({*_THERAPIES, *classes.values(), *given.class_of_drug})
        raise InputError(
            f"No simulated history holds {said!r}: outside trials patients are given "
            f"{', '.join(sorted({*classes.values(), 'chemotherapy'}))}. Nearest is "
            f"{nearest(said.lower(), known) or known[0]!r}; a library of one's own can "
            "add therapies ('practice')."
        )
    if found["months"] is not None:
        if found["no"] or therapy == "chemotherapy":
            raise InputError(f"Months cannot be given in {found[0]!r}.")
        months = _months(found["months"])
        return (
            f"{_last(therapy, given)} == '{therapy}' "
            f"and last_therapy_months >= {months / _ABOUT:.4g} "
            f"and last_therapy_months <= {months * _ABOUT:.4g}"
        )
    ever = _ever(therapy, given)
    return f"not ({ever})" if found["no"] else ever


def _criterion(item: str) -> str:
    where = "the profile"
    try:
        names = names_in(item, where=where)
    except InputError:
        names = frozenset()
    if not names & set(DECISION_COLUMNS):
        raise InputError(
            f"{item!r} is no part of a profile: write a marker, such as ESR1=Y537S, "
            "what was given before, such as prior AI 14 months, or a criterion of "
            "eligibility, such as age_years >= 60."
        )
    return item


def read_profile(
    text: str, library: Library = SHIPPED, year: float | None = None
) -> Profile:
    """Read a profile.

    Parameters
    ----------
    text : str
        In the grammar above.
    library : Library
        Whose practice tells what may have been given.
    year : float, optional
        Calendar year in which they choose, `TODAY` by default.

    Returns
    -------
    Profile
        Its criteria.

    Raises
    ------
    InputError
        If an item is not of the grammar, or speaks of what no history holds.
    """
    items = [item.strip() for item in text.split(",")]
    if not text.strip() or not all(items):
        raise InputError(
            f"The profile {text!r} has an empty part; such as "
            "'ESR1=Y537S, prior AI 14 months'."
        )
    criteria: list[str] = []
    for item in _joined(items):
        if found := _PRIOR.fullmatch(item):
            criteria.append(_prior(found, library))
        elif found := _MARKER.fullmatch(item):
            criteria.append(_marker(found[1], found[2].strip()))
        else:
            criteria.append(_criterion(item))
    for one in criteria:
        check_criterion(one, (), where="the profile", library=library)
    for _, told in conflicts(criteria, {}):
        raise InputError(f"In the profile {told}.")
    named = {name for one in criteria for name in names_in(one)}
    assumed = [
        rule
        for column, rule in (
            ("setting", "setting != 'primary'"),
            ("her2_positive", "not her2_positive"),
        )
        if column not in named
    ]
    return Profile(
        text=text,
        criteria=tuple(criteria),
        assumed=tuple(assumed),
        year=TODAY if year is None else year,
    )
