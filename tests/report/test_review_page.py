"""The review page: everything on it, self-contained, misses first."""

import re
import xml.etree.ElementTree as ET
from html import escape

import pytest

from oestra.appraisal.claim_check import check_all
from oestra.appraisal.map_numbers import map_file, map_numbers
from oestra.appraisal.review import Review, Scored
from oestra.appraisal.verdict import ClaimResult, Verdict
from oestra.claims.claim_library import find_claim
from oestra.claims.laboratory import Laboratory
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Endpoint, Use
from oestra.model.parameters import best_parameters
from oestra.report.claim_figure import draw_claim
from oestra.report.review_forest import FAMILIES, draw_forest
from oestra.report.review_map import draw_pathways
from oestra.report.review_page import review_page
from oestra.trial.result import Estimate

TREATMENT = "exemestane 25 mg daily + everolimus 10 mg daily"


@pytest.fixture(scope="module")
def tried() -> list[ClaimResult]:
    laboratory = Laboratory()
    chosen = [find_claim(name) for name in ("C012", "C042", "C063")]
    sets = (best_parameters(),) * 2
    return list(check_all(chosen, laboratory, lambda *_: None, sets))


@pytest.fixture(scope="module")
def scored() -> list[Scored]:
    found = []
    for index, row in enumerate(targets()):
        away = row.estimate * (1.0 if index % 2 else 9.0)
        simulated = Estimate(estimate=away, low=away / 1.2, high=away * 1.2)
        found.append(Scored(row=row, simulated=simulated))
    return found


@pytest.fixture(scope="module")
def page(tried: list[ClaimResult], scored: list[Scored]) -> str:
    review = Review(
        claims=tuple(tried),
        endpoints=tuple(scored),
        numbers=map_numbers(TREATMENT, best_parameters()),
        replicates=2,
        seed=1,
    )
    return review_page(review)


def test_nodes_of_the_map_do_not_overlap():
    nodes = list(map_file("figure_2")["nodes"].values())
    for i, one in enumerate(nodes):
        for other in nodes[i + 1 :]:
            wide = (one.get("w", 98) + other.get("w", 98)) / 2
            apart = abs(one["x"] - other["x"]) >= wide
            assert apart or abs(one["y"] - other["y"]) >= 40


def test_drawings_are_well_formed(tried: list[ClaimResult], scored: list[Scored]):
    ET.fromstring(draw_pathways(map_numbers(TREATMENT, best_parameters())))  # noqa: S314
    for one in tried:
        ET.fromstring(draw_claim(one))  # noqa: S314
    rows = [one for one in scored if one.row.endpoint is Endpoint.HAZARD_RATIO]
    ET.fromstring(draw_forest(rows, FAMILIES[0]))  # noqa: S314


def test_the_page_needs_nothing_from_outside(page: str):
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "url(http" not in page
    assert "@import" not in page


def test_the_page_is_closed_and_says_what_it_is_not_for(page: str):
    for tag in ("div", "article", "figure", "table", "svg", "g", "p", "ul", "li", "b"):
        opened = len(re.findall(rf"<{tag}[ >]", page))
        assert opened == page.count(f"</{tag}>"), tag
    assert "not for clinical decisions" in page


def test_every_claim_and_what_is_open_is_on_the_page(page: str):
    assert all(name in page for name in ("C012", "C042", "C063"))
    assert "IMPACT found no rise of apoptosis" in page
    assert re.search(r"holds in [02] of 2 sets", page)


def test_misses_stand_before_hits(scored: list[Scored]):
    rows = [
        one
        for one in scored
        if one.row.endpoint is Endpoint.HAZARD_RATIO and one.row.use is Use.FIT
    ]
    drawn = draw_forest(rows, FAMILIES[0])
    missed = [drawn.index(escape(one.row.id)) for one in rows if one.inside is False]
    hit = [drawn.index(escape(one.row.id)) for one in rows if one.inside]
    assert missed
    assert hit
    assert max(missed) < min(hit)


def test_the_mark_of_a_claim_has_the_color_of_its_verdict(tried: list[ClaimResult]):
    for one in tried:
        drawn = draw_claim(one)
        if {row.verdict for row in one.checks} == {Verdict.HOLDS}:
            assert "#B83A00" not in drawn


def test_a_claim_shows_its_runs_over_time_and_over_doses(tried: list[ClaimResult]):
    courses, doses = draw_claim(tried[1]), draw_claim(tried[2])
    assert courses.count("<polyline") >= 4
    assert "days" in courses
    assert "plateau" in doses
