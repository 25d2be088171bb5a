"""The reference leaves nothing out and says what it is given."""

import re
import shlex

import pytest

import oestra
from builder.cell_lines import cell_line_pages
from builder.claims import claim_pages
from builder.commands import command_pages, described
from builder.drug_targets import drug_target_pages
from builder.drugs import drug_pages
from builder.markdown import cited, code, plain, prose, slug
from builder.parameters import parameter_pages
from builder.practice import practice_pages
from builder.python_names import python_pages, records
from builder.readouts import readout_pages
from builder.sources import source_pages
from builder.trial_schema import schema_pages
from oestra.appraisal.parameter_sheet import parameter_rows
from oestra.claims.claim_library import claims
from oestra.cli.app import COMMANDS
from oestra.culture.readout import readouts
from oestra.drugs.listing import list_drugs
from oestra.drugs.target import levers
from oestra.evidence.cell_measurement import cell_measurements
from oestra.evidence.published import sources
from oestra.history.therapies import practice
from oestra.network.cell_line import cell_lines
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
    for ids in (
        [d.id for d in list_drugs()],
        [t.id for t in list_trials()],
        list(cell_lines()),
    ):
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


def part_of(page, anchor):
    """Return what a page says below an anchor."""
    return page.partition(f"({anchor})=")[2].partition("\n(")[0]


def test_every_readout_has_a_place_with_what_makes_and_what_reads_it():
    ((_, page),) = readout_pages()
    for name in readouts():
        assert f"(readout-{name})=" in page
    akt = part_of(page, "readout-p_akt")
    assert "`akt_amount * akt_s473`" in akt
    ki67 = part_of(page, "readout-ki67")
    assert "`100 * ki67`" in ki67
    assert "(#claim-c012)" in ki67
    er = part_of(page, "readout-her2")
    assert "(https://identifiers.org/uniprot/P04626)" in er


def test_every_target_names_its_drugs_and_parameters():
    ((_, page),) = drug_target_pages()
    known = {row["name"] for row in parameter_rows()}
    links = set(re.findall(r"\(#parameter-(\S+?)\)", page))
    assert links <= known
    mtorc1 = part_of(page, "target-mtorc1-allosteric")
    assert "(drugs/everolimus.md)" in mtorc1
    assert "(#parameter-rapalog_s6k_max)" in mtorc1
    assert len(set(re.findall(r"^\((target-\S+)\)=$", page, re.MULTILINE))) == len(
        levers()
    )


def test_drugs_lead_to_their_targets():
    ((_, page),) = drug_target_pages()
    anchors = set(re.findall(r"^\((target-\S+)\)=$", page, re.MULTILINE))
    pages = "".join(text for _, text in drug_pages())
    linked = set(re.findall(r"\(#(target-\S+?)\)", pages))
    assert len(linked) > 15
    assert linked <= anchors


def test_every_therapy_of_practice_has_its_odds_and_their_source():
    ((_, page),) = practice_pages()
    for one in practice().therapies:
        assert f"(practice-{slug(one.name)})=" in page
    everolimus = part_of(page, "practice-exemestane-with-everolimus")
    assert "2011: 0, 2013: 1, 2017: 0.7, 2023: 0.5" in everolimus
    assert "`her2_negative`" in everolimus
    first = part_of(page, "practice-letrozole-with-palbociclib")
    assert "(#source-goldschmidt2018)" in first
    assert "trastuzumab" in part_of(page, "practice-chemotherapy")


@pytest.fixture(scope="module")
def line_pages():
    """Return the pages of cell lines by the name of their file."""
    root = "reference/cell-lines/"
    return {path.removeprefix(root): text for path, text in cell_line_pages()}


def test_every_line_has_a_page_in_the_navigation(line_pages):
    tree = line_pages["index.md"].partition("{toctree}")[2].split()
    for line in cell_lines():
        assert f"{slug(line)}.md" in line_pages
        assert slug(line) in tree


def test_a_line_tells_every_number_it_has(line_pages):
    for line in cell_lines().values():
        page = line_pages[f"{slug(line.id)}.md"]
        numbers = [*line.traits.values(), *line.medium.values()]
        numbers += [line.doubling_time, line.apoptosis_rate, line.ki67]
        for one in filter(None, numbers):
            assert f"| {one.value:.4g} |" in page
            assert (cited(one.source, sources()) if one.source else one.reason) in page
        for step in line.pretreatment:
            assert f"`{step}`" in page


def test_what_a_line_has_from_another_says_so(line_pages):
    page = line_pages["mcf-7-y537s.md"]
    (own,) = re.findall(r"^\| `ESR1=Y537S` .*esr1_constitutive.*", page, re.MULTILINE)
    (old,) = re.findall(r"^\| `PIK3CA=E545K` .*pik3ca_gain.*", page, re.MULTILINE)
    assert own.endswith("| MCF-7 Y537S |")
    assert old.endswith("| MCF-7 |")
    assert "Keeps the pace of [MCF-7](mcf-7.md)" in page
    assert "stands in" not in line_pages["mcf-7.md"]


def test_links_of_lines_lead_to_parameters_and_claims(line_pages):
    text = "".join(line_pages.values())
    known = {row["name"] for row in parameter_rows()}
    assert set(re.findall(r"\(#parameter-(\S+?)\)", text)) <= known
    cited_claims = set(re.findall(r"\(#claim-(\S+?)\)", text))
    assert cited_claims <= {claim.lower() for claim in claims()}
    assert "(#claim-c030)" in line_pages["mcf-7-aro.md"]
    assert "(#claim-c030)" not in line_pages["mcf-7.md"]
    assert "(#source-lincs_ligand)" in line_pages["cama-1.md"]


def test_measurements_of_a_line_are_counted_with_those_that_the_fit_repeats(line_pages):
    mine = [one for one in cell_measurements() if one.line == "CAMA-1"]
    levels = sum(one.kind == "basal_levels" for one in mine)
    page = line_pages["cama-1.md"]
    assert f"| basal levels | {levels} | 0 |" in page
    assert (
        f"| ligand timecourse | {len(mine) - levels} | {len(mine) - levels} |" in page
    )
    # A row about two lines is repeated in the one that the fit has it in.
    assert "(#source-miller2010)" in line_pages["zr-75-1.md"]
    assert "no measurement" in line_pages["mcf-7-lted.md"]


def test_the_command_of_a_line_is_understood(line_pages):
    for line in cell_lines():
        (command,) = re.findall(
            r"^oestra (cell .*)$", line_pages[f"{slug(line)}.md"], re.M
        )
        name, *words = shlex.split(command)
        assert described(name).make_context(name, words).params["line"] == line
