"""The reference leaves nothing out and says what it is given."""

import re

import oestra
from builder.claims import claim_pages
from builder.commands import command_pages
from builder.markdown import cited, code, plain, prose, slug
from builder.parameters import parameter_pages
from builder.python_names import python_pages, records
from builder.sources import source_pages
from builder.trial_schema import schema_pages
from oestra.appraisal.parameter_sheet import parameter_rows
from oestra.claims.claim_library import claims
from oestra.cli.app import COMMANDS
from oestra.drugs.listing import list_drugs
from oestra.evidence.published import sources
from oestra.trial.listing import list_trials


def test_signs_of_markdown_lose_their_meaning():
    assert plain("a|b <c>\n*d* [e]") == r"a\|b \<c\> \*d\* \[e\]"
    assert code("a | b") == r"`a \| b`"


def test_what_a_docstring_quotes_is_code():
    assert prose("has ``n`` and `a|b`, <c>") == r"has `n` and `a\|b`, \<c\>"


def test_a_source_is_a_link_where_it_is_known():
    known = next(iter(sources()))
    assert cited(known, sources()).endswith(f"](#source-{known})")
    assert cited("a guess", sources()) == "a guess"


def test_every_source_can_be_linked_to():
    ((_, page),) = source_pages()
    assert set(re.findall(r"^\(source-(\S+)\)=$", page, re.MULTILINE)) == set(sources())


def test_names_of_pages_are_told_apart():
    for ids in ([d.id for d in list_drugs()], [t.id for t in list_trials()]):
        assert len({slug(one) for one in ids}) == len(ids)


def test_every_command_has_a_page_with_its_options():
    pages = dict(command_pages())
    for name in COMMANDS:
        assert f"reference/commands/{name}.md" in pages
    page = pages["reference/commands/trial.md"]
    assert "`--replicates <int range>`" in page
    assert "`-h, --help`" in page


def test_hidden_options_are_not_shown():
    assert "`--seed" not in dict(command_pages())["reference/commands/trials.md"]


def test_every_public_name_has_a_page_and_its_records():
    pages = dict(python_pages())
    for name in oestra.__all__:
        assert f"oestra.{name}\n" in pages[f"reference/python/{name}.md"]
    assert "Estimate" in {one.__name__ for one in records()["TrialResult"]}


def test_every_claim_has_a_place():
    pages = "".join(text for _, text in claim_pages())
    for claim in claims():
        assert f"(claim-{claim.lower()})=" in pages


def test_every_parameter_has_a_place():
    pages = "".join(text for _, text in parameter_pages())
    for row in parameter_rows():
        assert f"(parameter-{row['name']})=" in pages


def test_links_of_the_schema_lead_to_its_tables():
    ((_, page),) = schema_pages()
    links = set(re.findall(r"\]\(#(schema-\S+?)\)", page))
    assert links
    assert links <= set(re.findall(r"^\((schema-\S+)\)=$", page, re.MULTILINE))
