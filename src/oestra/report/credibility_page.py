"""The credibility report as one self-contained page that also prints well."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.metadata import version
from typing import Any

import pandas as pd

from oestra.appraisal.credibility import Context, Credibility
from oestra.appraisal.credibility_factor import Factor, Judgement, plan
from oestra.core.disclaimer import DISCLAIMER
from oestra.report.canvas import inline_svg, svg_element
from oestra.report.page import html_table, page, tile
from oestra.report.validation_page import draw_validation

__all__ = ["credibility_page"]

_LEAD = """\
What can be believed of the model, for which use, on which evidence, in the manner of
ASME V&V 40 and ICH M15. Goals were set before; every number is computed from the model,
the fit and the evidence as they are now. What is missed comes first."""
_CLASSES = {
    Judgement.MISSED: "fails",
    Judgement.UNKNOWN: "open",
    Judgement.PARTLY: "open",
    Judgement.MET: "holds",
}
_MOST = 12
"""Parameters shown of each kind."""


def credibility_page(found: Credibility) -> str:
    """Write the report.

    Parameters
    ----------
    found : Credibility
        What was judged.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    shown = found.to_json_dict()
    body = "".join(
        (
            _tiles(found),
            _use(found.contexts, shown),
            _factors(found.factors),
            _verification(shown["verification"]),
            _calibration(shown["calibration"]),
            _validation(found, shown["validation"]),
            _uncertainty(shown["uncertainty"]),
            _sensitivity(shown["sensitivity"], found.evidence.heat_map),
            _applicability(shown["applicability"]),
            f"<footer>Oestra {version('oestra')}, model "
            f"{escape(found.evidence.model[:12])}, evidence "
            f"{escape(found.evidence.evidence[:12])}. {DISCLAIMER}</footer>",
        )
    )
    whole = f'<main class="flow">{body}</main>'
    return page("How far to believe the model", _LEAD, whole, warning=shown["stale"])


def _tiles(found: Credibility) -> str:
    total = len(found.factors)
    parts = []
    for judgement in Judgement:
        count = found.count(judgement)
        bar = [(_CLASSES[judgement], count)]
        parts.append(tile(count, total, f"factors {judgement.value}", bar))
    four = "grid-template-columns:repeat(4,1fr)"
    return f'<div class="tiles" style="{four}">{"".join(parts)}</div>'


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """Return a table of words; cells are HTML already."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<table class="words"><thead><tr>{head}</tr></thead>{body}</table>'


def _badge(judgement: Judgement) -> str:
    name = _CLASSES[judgement]
    return f'<span class="badge {name}">{judgement.value}</span>'


def _list(items: Sequence[str]) -> str:
    shown = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<ul class="plain">{shown}</ul>'


def _use(contexts: Sequence[Context], shown: Mapping[str, Any]) -> str:
    heads = ("use", "influence of the model", "consequence", "risk", "what follows")
    rows = (
        (
            escape(one.use),
            f"<b>{one.influence}</b>: {escape(one.influence_why)}",
            f"<b>{one.consequence}</b>: {escape(one.consequence_why)}",
            f"<b>{one.risk}</b>",
            f"<b>{escape(one.conclusion)}</b>",
        )
        for one in contexts
    )
    excluded = shown["excluded"]
    return (
        "<h2>Question and context of use</h2>"
        f"<p><b>Question of interest.</b> {escape(shown['question'])}</p>"
        "<p><b>Quantities of interest.</b> "
        f"{escape('; '.join(shown['quantities']))}.</p>"
        f"<p><b>Population.</b> {escape(shown['population'])}</p>"
        f"{_table(heads, iter(rows))}"
        "<p>A use is supported only where no factor that it needs is missed or not "
        f"shown. <b>Outside every use.</b> {escape(excluded['use'])}: "
        f"{escape(excluded['why'])}.</p>"
    )


def _factors(factors: Sequence[Factor]) -> str:
    heads = ("", "factor", "evidence", "number", "goal")
    rows = (
        (
            _badge(one.judgement),
            f"<b>{escape(one.name)}</b><br><small>{one.group}</small>",
            escape(one.evidence),
            f"<b>{escape(one.number)}</b>",
            escape(one.goal),
        )
        for one in factors
    )
    return f"<h2>Credibility factors, misses first</h2>{_table(heads, iter(rows))}"


def _verification(shown: Mapping[str, Any]) -> str:
    cell = pd.DataFrame(
        {
            "treatment of the cell": list(shown["cell"]),
            "largest relative error": [f"{x:.1e}" for x in shown["cell"].values()],
        }
    )
    documented = (
        (
            escape(one["what"]),
            escape(one["how"]),
            f"<code>{escape(one['where'])}</code>",
        )
        for one in shown["documented"]
    )
    return (
        "<h2>Verification</h2><h3>Run for this report</h3>"
        f"{html_table(cell)}{html_table(_as_printed(shown['statistics']))}"
        "<h3>Shown by tests of the project, not run for this report</h3>"
        f"{_table(('what', 'how', 'where'), documented)}"
    )


def _as_printed(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return statistics with one digit more than R prints."""
    digits = [len(str(row["R"]).partition(".")[2]) + 1 for row in rows]
    here = [f"{row['here']:.{n}f}" for row, n in zip(rows, digits, strict=True)]
    return pd.DataFrame(rows).assign(here=here)


def _reason(shown: Mapping[str, Any]) -> str:
    return f"<p><b>Not shown.</b> {escape(shown['reason'])}</p>"


def _calibration(shown: Mapping[str, Any]) -> str:
    parts = ["<h2>Calibration</h2>"]
    if "reason" in shown:
        return parts[0] + _reason(shown)
    settings, missed = shown["settings"], shown["missed"]
    size = sum(row["all"] for row in shown["inside"])
    parts.append(
        f"<p>{shown['parameters']} parameters were fitted together to {size} published "
        f"numbers on {settings['cohorts']} populations of {settings['patients']} "
        f"virtual patients, at most {settings['most']} a trial. The loss, half the "
        f"sum of squares of softened residuals and prior deviations, went from "
        f"{shown['loss'][0]:.1f} to {shown['loss'][1]:.1f}. No parameter belongs to "
        f"one trial.</p>"
        f"{html_table(pd.DataFrame(shown['inside']))}"
        f"<h3>What it misses: {len(missed)} of {size}</h3>"
    )
    if missed:
        parts.append(html_table(pd.DataFrame(missed)))
    return "".join(parts)


def _validation(found: Credibility, shown: Mapping[str, Any]) -> str:
    parts = ["<h2>Validation: each trial predicted from all others</h2>"]
    if "reason" in shown:
        return parts[0] + _reason(shown)
    endpoints = pd.DataFrame(shown["endpoints"])
    drawn = inline_svg(draw_validation(found.evidence.left_out))
    missed = endpoints.loc[~endpoints["inside_90"]]
    parts.append(
        "<p>A trial is left out, the parameters move to where the others put them, and "
        "the trial is simulated. Gray: published, 95 % interval. Color: predicted, "
        "central 90 %.</p>"
        f'<div class="wide">{drawn}</div>'
        f"<h3>Outside the 90 % interval: {len(missed)} of {len(endpoints)}</h3>"
    )
    if len(missed):
        parts.append(html_table(missed))
    return "".join(parts)


def _uncertainty(shown: Mapping[str, Any]) -> str:
    items = list(shown["contraction"].items())
    parts = [
        "<h2>Uncertainty</h2><p>The posterior is the normal approximation at the best "
        f"set; {shown['ensemble']} sets drawn from it ship as the ensemble. Trials run "
        "with it take sets, populations and their own chance in turn, and 'oestra "
        "trial' says how much of the spread each makes.</p>"
    ]
    if items:
        none = [name for name, narrowed in items if narrowed < 0.05]
        parts.append("<h3>What the evidence determined best</h3>")
        parts.append(_contraction(items[:_MOST]))
        parts.append(
            f"<h3>What it says nothing of ({len(none)} of {len(items)})</h3>"
            "<p>Less than 5 % of the variance of the prior removed: "
            f"{escape(', '.join(none)) or 'none'}.</p>"
        )
    if shown["pairs"]:
        parts.append("<h3>Parameters that stand for each other</h3>")
        parts.append(html_table(pd.DataFrame(shown["pairs"])))
    return "".join(parts)


def _contraction(items: Sequence[tuple[str, float]]) -> str:
    names = [name for name, _ in items]
    removed = [f"{100 * narrowed:.0f}" for _, narrowed in items]
    return html_table(
        pd.DataFrame({"parameter": names, "variance removed, %": removed})
    )


def _sensitivity(shown: Mapping[str, Any], heat_map: str) -> str:
    title = "<h2>What depends on which parameter</h2>"
    if "reason" in shown:
        return title + _reason(shown)
    value = "index" if "sets" in shown else "slope"
    words = (
        f"PAWN over {shown['sets']} parameter sets spread within one prior standard "
        f"deviation of the best; {shown['skipped']} more could not be simulated."
        if "sets" in shown
        else "Near the best set only, from the Jacobian of the fit: standard errors by "
        "which an endpoint moves when a parameter moves by one prior standard "
        "deviation. 'oestra validate --sensitivity' looks further."
    )
    rows = (
        (
            escape(one["id"]),
            escape(
                ", ".join(f"{x['parameter']} {x[value]:.2f}" for x in one["strongest"])
            ),
        )
        for one in shown["endpoints"]
    )
    top = pd.DataFrame(shown["parameters"][:_MOST])
    return (
        f"{title}<p>{words}</p>{svg_element(heat_map) if heat_map else ''}"
        f"<h3>The most influential parameters</h3>{html_table(top)}"
        "<h3>What each endpoint depends on most</h3>"
        f"{_table(('endpoint', 'parameters'), rows)}"
    )


def _applicability(shown: Mapping[str, Any]) -> str:
    fitted = set(shown["classes_fitted"])
    rows = (
        (escape(name), "yes" if name in fitted else "<b>no</b>")
        for name in shown["classes_to_predict"]
    )
    heads = ("class of drug added in trials to be predicted", "in a fitted trial")
    return (
        "<h2>Applicability and limits</h2>"
        f"{_table(heads, rows)}"
        "<p>Classes in fitted trials: "
        f"{escape(', '.join(shown['classes_fitted']))}.</p>"
        f"<h3>What the model leaves out</h3>{_list(shown['limits'])}"
        f"<p>{escape(_goal_note())}</p>"
    )


def _goal_note() -> str:
    return (
        "Question, uses, risk and goals stand in oestra/appraisal/credibility.yaml "
        f"({len(plan()['goals'])} goals); all else is computed."
    )
