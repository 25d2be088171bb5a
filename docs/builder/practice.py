"""The therapies that patients are given outside trials, how often and from when."""

from collections.abc import Iterator

from builder.markdown import anchored, cited, code, heading, plain, slug, table
from oestra.drugs.regimen import Regimen
from oestra.evidence.published import sources
from oestra.history.by_year import ByYear
from oestra.history.therapies import Odds, Therapy, practice

__all__ = ["practice_pages"]

_SETTINGS = ("adjuvant", "first line", "later lines")


def _by_year(odds: Odds) -> str:
    if not isinstance(odds, ByYear):
        return f"{odds.value:g}"
    return ", ".join(f"{year}: {value:g}" for year, value in sorted(odds.years.items()))


def _range(odds: Odds) -> str:
    if isinstance(odds, ByYear):
        low, high = odds.factor
        return f"times {low:g} to {high:g}"
    low, high = odds.interval
    return f"{low:g} to {high:g}"


def _odds(setting: str, odds: Odds) -> tuple[str, ...]:
    source = cited(odds.source, sources()) if odds.source else ""
    told = ". ".join(filter(None, (source, plain(odds.reason))))
    return setting, _by_year(odds), _range(odds), str(odds.origin), told


def _section(one: Therapy, regimen: Regimen) -> Iterator[str]:
    yield anchored(f"practice-{slug(one.name)}", heading(one.name, 2))
    drugs = [f"[{plain(drug)}](drugs/{slug(drug)}.md)" for drug in regimen.drugs]
    told = [f"{code(one.regimen)}."] if drugs else ["Nothing is given."]
    if drugs:
        told.append(f"Drugs: {', '.join(drugs)}.")
        told.append(f"In criteria: {', '.join(map(code, one.classes))}.")
    if one.only:
        told.append(f"Only for {', '.join(map(code, one.only))}.")
    yield " ".join(told)
    given = zip(_SETTINGS, one.odds, strict=True)
    rows = [_odds(setting, odds) for setting, odds in given if odds is not None]
    if rows:
        heads = ("given as", "odds by year", "plausible", "origin", "source or reason")
        yield table(heads, rows)


def practice_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of the page on practice."""
    known = practice()
    rows = [
        (
            f"[{plain(one.name)}](#practice-{slug(one.name)})",
            plain(", ".join(one.classes)),
            plain(one.regimen),
        )
        for one in known.therapies
    ]
    parts = [
        heading("Therapies of practice"),
        "What virtual patients are given outside trials, by year; what they had "
        "before a trial follows from it. Odds are against the other therapies that a "
        "patient may have and has not failed; between two years they go straight, and "
        "beyond the last they stay. *Plausible* is the range of a common factor on all "
        "years. `oestra population --practice` shows what comes of it, and "
        "[An era of practice](../how-to/add.md#an-era-of-practice) how to add some.",
        table(("therapy", "class", "what is given"), rows),
    ]
    for one, regimen in zip(known.therapies, known.regimens, strict=True):
        parts += _section(one, regimen)
    parts += [
        anchored("practice-chemotherapy", heading("Chemotherapy", 2)),
        "Stands for every chemotherapy: it comes when endocrine therapy is no option "
        "any more, and never fails as a class does.",
        "\n".join(f"- {code(regimen)}" for regimen in known.chemotherapy),
    ]
    yield "reference/practice.md", "\n\n".join(parts) + "\n"
