"""The review as one self-contained page that also prints well."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.metadata import version

from oestra.appraisal.review import Review, Scored
from oestra.appraisal.verdict import ClaimResult, Verdict, count
from oestra.core.disclaimer import DISCLAIMER
from oestra.evidence.vocabulary import Use
from oestra.report.claim_figure import draw_claim
from oestra.report.page import document, tile
from oestra.report.review_forest import FAMILIES, draw_forest
from oestra.report.review_map import draw_biology, draw_pathways
from oestra.trial.endpoint_kinds import KINDS, SCORED_KINDS

__all__ = ["review_page"]

_TITLE = "The review, as the model sees it"
_LEAD = """A review of resistance to endocrine therapy in breast cancer makes a hundred
statements that a model can be held to. Here each is an experiment on one model with one
parameter set: what it measures, what the review makes us expect, and the verdict. What
fails is shown first and nothing is left out."""
_ORIGINS = {
    "input": "a published number was put in",
    "fitted": "a fit aims at it",
    "emergent": "neither put in nor fitted",
}


def review_page(review: Review) -> str:
    """Write the report.

    Parameters
    ----------
    review : Review
        Everything it shows.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    body = "".join(
        (
            _head(review),
            _figures(review),
            _scoreboard(review),
            _failing(review.claims),
            _open(review.claims),
            _claims(review.claims),
            _foot(review),
        )
    )
    return document(_TITLE, body)


def _head(review: Review) -> str:
    tiles = "".join(_claim_tiles(review.claims)) + "".join(_score_tiles(review))
    return (
        f"<header><h1>{_TITLE}</h1>"
        f'<p class="lead">{_LEAD}</p><p><strong>{DISCLAIMER}</strong></p>'
        '<nav><a href="#figures">Figures 1 and 2</a>'
        '<a href="#scoreboard">Scoreboard</a><a href="#fails">What fails</a>'
        '<a href="#open">What is open</a><a href="#claims">All claims</a></nav>'
        f'</header><div class="tiles">{tiles}</div>{_origin_table(review.claims)}'
    )


def _claim_tiles(claims: Sequence[ClaimResult]) -> Iterator[str]:
    emergent = [one for one in claims if one.claim.origin == "emergent"]
    hard = [one for one in claims if one.claim.hard]
    for what, chosen in (
        ("claims hold", claims),
        ("emergent claims hold", emergent),
        ("of the most telling claims hold", hard),
    ):
        verdicts = [one.verdict for one in chosen]
        parts = [(v.value, verdicts.count(v)) for v in Verdict]
        yield tile(parts[0][1], len(chosen), what, parts)


def _score_tiles(review: Review) -> Iterator[str]:
    where = " inside the published interval"
    for kind in SCORED_KINDS:
        what, where = f"{KINDS[kind].plural}{where}", " inside"
        rows = review.fitted(kind)
        hits = sum(one.inside is True for one in rows)
        parts = [("holds", hits), ("fails", len(rows) - hits)]
        yield tile(hits, len(rows), what, parts)


def _origin_table(claims: Sequence[ClaimResult]) -> str:
    rows = "".join(
        f"<tr><td><b>{origin}</b>: {_ORIGINS[origin]}</td>"
        + "".join(f"<td>{verdicts[verdict]}</td>" for verdict in Verdict)
        + "</tr>"
        for origin, verdicts in count(claims)
    )
    names = "".join(f"<th>{verdict.value}</th>" for verdict in Verdict)
    return f"<table><tr><th>claims by origin</th>{names}</tr>{rows}</table>"


def _figures(review: Review) -> str:
    treatment = escape(review.numbers.treatment)
    return (
        '<h2 id="figures" class="first">Figures 1 and 2, with live numbers</h2>'
        "<p>The maps of the review, drawn from the model. All numbers are of its "
        "median tumor in a typical patient, after four weeks where nothing else is "
        "said.</p>"
        "<h3>Figure 1. The biology of the estrogen receptor</h3>"
        f'<div class="panels">{draw_biology(review.numbers)}</div>'
        '<section class="keep"><h3>Figure 2. The pathways, untreated → treated</h3>'
        f'<p class="legend">Treatment: <b>{treatment}</b>.'
        '<span class="key" style="background:#8fbddc"></span>less'
        '<span class="key" style="background:#f4f4f1"></span>unchanged'
        '<span class="key" style="background:#e6ac80"></span>more; a color is full at '
        "four times. Arrows activate, red bars inhibit.</p>"
        f'<div class="wide">{draw_pathways(review.numbers)}</div></section>'
    )


def _scoreboard(review: Review) -> str:
    parts = [
        '<h2 id="scoreboard">Scoreboard</h2>'
        "<p>Every published endpoint that a fit may use or that stands beside it. "
        "Gray: published, with its 95 % interval. Color: the model, median of "
        f"{review.replicates} virtual trials of the published size and 95 % prediction "
        "interval; filled and green where the median lies in the published interval, "
        "open and red where it does not. Misses come first.</p>"
    ]
    for use, words in (
        (Use.FIT, "scored: a fit aims at these"),
        (Use.CHECK, "checked: never fitted"),
    ):
        parts.append(f"<h3>{use.value.capitalize()} rows, {words}</h3>")
        for family in FAMILIES:
            rows = [
                one
                for one in review.endpoints
                if one.row.use is use and family.holds(one.row)
            ]
            if rows:
                told = f"{escape(family.title)}: {_hits(rows)}"
                parts.append(
                    f'<section class="keep"><p class="legend"><b>{told}</b></p>'
                    f'<div class="wide">{draw_forest(rows, family)}</div></section>'
                )
    return "".join(parts)


def _hits(rows: Sequence[Scored]) -> str:
    judged = [one.inside for one in rows if one.inside is not None]
    return f"{sum(judged)} of {len(judged)} inside"


def _failing(claims: Sequence[ClaimResult]) -> str:
    failed = [one for one in claims if one.verdict is Verdict.FAILS]
    parts = [f'<h2 id="fails">What fails ({len(failed)})</h2>']
    if not failed:
        return parts[0] + "<p>Every claim that can be decided holds.</p>"
    parts.append('<div class="cards">')
    parts += [_card(one) for one in failed]
    return "".join(parts) + "</div>"


def _open(claims: Sequence[ClaimResult]) -> str:
    items = "".join(
        f"<li><b>{one.claim.id}</b> {escape(row.measure)}: {escape(row.reason)}.</li>"
        for one in claims
        for row in one.checks
        if row.verdict is Verdict.OPEN
    )
    return (
        '<h2 id="open">What is open, and why</h2>'
        "<p>The evidence conflicts here, so that these numbers are shown and decide "
        "nothing.</p>"
        f'<ul class="plain">{items}</ul>'
    )


def _claims(claims: Sequence[ClaimResult]) -> str:
    parts = ['<h2 id="claims">All claims, in the order of the review</h2>']
    sets = max(len(one.sets) for one in claims)
    if sets:
        parts.append(
            f"<p>Claims about cells were also tried in {sets} parameter sets that the "
            "fit leaves open, the best one among them. One that holds in few of them "
            "is compatible with the trials but does not follow from them.</p>"
        )
    for section in dict.fromkeys(one.claim.section for one in claims):
        mine = [one for one in claims if one.claim.section == section]
        parts.append(f'<h3>{escape(section)}</h3><div class="cards">')
        parts += [_card(one) for one in mine]
        parts.append("</div>")
    return "".join(parts)


def _card(one: ClaimResult) -> str:
    claim, verdict = one.claim, one.verdict.value
    cited = ", ".join(claim.references)
    meta = [
        f"<b>{claim.id}</b>",
        f'<span class="badge {verdict}">{verdict}</span>',
        f"<span>{claim.level.value}</span>",
        f"<span>{claim.origin.value}</span>",
        f"<span>evidence {claim.evidence}</span>",
        f"<span>reference {escape(cited)}</span>" if cited else "",
        '<span class="hard">telling</span>' if claim.hard else "",
        f"<span>holds in {one.held_in} of {len(one.sets)} sets</span>"
        if one.sets
        else "",
    ]
    conflicts = "".join(
        f'<p class="conflict">Conflict: {escape(text)}</p>' for text in claim.conflicts
    )
    return (
        f'<article class="claim {verdict}"><div class="meta">{"".join(meta)}</div>'
        f"<p>{escape(claim.statement)}</p>{draw_claim(one)}{conflicts}</article>"
    )


def _foot(review: Review) -> str:
    return (
        f"<footer>Oestra {version('oestra')}, {review.replicates} replicates a trial, "
        f"seed {review.seed}. {DISCLAIMER}</footer>"
    )
