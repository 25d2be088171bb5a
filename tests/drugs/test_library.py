"""One contract for every drug in the library."""

import dataclasses
import re
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.core.library import Library
from oestra.core.quantity import Origin, Quantity
from oestra.core.units import is_unit
from oestra.drugs.describe import describe
from oestra.drugs.drug import DrugClass
from oestra.drugs.load import drugs, find, read_drug
from oestra.drugs.pharmacokinetics import exposure
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.drugs.target import Maximum, find_lever
from oestra.evidence.bibliography import read_bibliography

DRUGS = drugs()
OF_THE_REVIEW = {
    "tamoxifen",
    "fulvestrant",
    "letrozole",
    "anastrozole",
    "exemestane",
    "trastuzumab",
    "lapatinib",
    "gefitinib",
    "everolimus",
    "temsirolimus",
    "buparlisib",
    "alpelisib",
    "taselisib",
    "pictilisib",
    "apitolisib",
    "dactolisib",
    "pilaralisib",
    "voxtalisib",
    "PF-04691502",
    "paclitaxel",
}
CHECKS = [(n, i) for n, drug in DRUGS.items() for i in range(len(drug.exposures))]


def quantities(record):
    """Yield every quantity inside a record, however deep."""
    if isinstance(record, Quantity):
        yield record
    elif dataclasses.is_dataclass(record):
        for field in dataclasses.fields(record):
            yield from quantities(getattr(record, field.name))
    elif isinstance(record, dict):
        yield from (q for value in record.values() for q in quantities(value))
    elif isinstance(record, tuple):
        yield from (q for value in record for q in quantities(value))


@pytest.fixture(scope="module")
def sources():
    with resources.as_file(resources.files("oestra.evidence") / "sources") as folder:
        return read_bibliography(Path(folder))


def test_the_library_holds_every_drug_of_the_review():
    assert set(DRUGS) >= OF_THE_REVIEW


def test_no_two_drugs_share_a_name():
    names = [n.casefold() for d in DRUGS.values() for n in (d.id, *d.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", DRUGS)
def test_every_number_has_a_unit_and_a_source_that_resolves(name, sources):
    found = list(quantities(DRUGS[name]))
    assert found
    for quantity in found:
        assert is_unit(quantity.unit)
        if quantity.origin in (Origin.MEASURED, Origin.DERIVED):
            assert quantity.source in sources
        else:
            assert quantity.reason


@pytest.mark.parametrize("name", DRUGS)
def test_units_are_those_the_field_means(name):
    drug = DRUGS[name]
    assert drug.molar_mass.unit == "g/mol"
    assert drug.fraction_unbound.unit == "1"
    assert drug.washout.unit == "day"
    assert all(a.potency.unit == "nM" for a in (*drug.targets, *drug.assays))
    assert all(t.rate.unit == "percent" for t in drug.toxicities)
    for action in drug.targets:
        of_drug = find_lever(action.target).maximum is Maximum.DRUG
        assert (action.max_effect is not None) == of_drug
        assert action.max_effect is None or 0 < action.max_effect.value <= 1
    for metabolite in drug.metabolites:
        assert DRUGS[metabolite.drug].kinetics is None


@pytest.mark.parametrize("name", [n for n, d in DRUGS.items() if d.kinetics])
def test_standard_regimens_give_positive_exposure(name):
    assert DRUGS[name].standard_regimens
    for text in DRUGS[name].standard_regimens:
        regimen = Regimen.parse(text)
        found = exposure(regimen, np.array([0.0, 28.0, 84.0]), PkSubjects.typical(3))
        assert set(found) == {name, *(m.drug for m in DRUGS[name].metabolites)}
        for average in found.values():
            assert average.shape == (3, 2)
            assert np.all(np.isfinite(average))
            assert np.all(average > 0)


@pytest.mark.parametrize(("name", "index"), CHECKS)
def test_exposure_lies_in_the_published_interval(name, index):
    check = describe(name).checks[index]
    low, high = check.published.value.interval
    assert low <= check.simulated <= high


@pytest.mark.parametrize("name", DRUGS)
def test_whoever_reads_a_file_sees_how_sure_it_is(name):
    text = (resources.files("oestra.drugs") / "library" / f"{name}.yaml").read_text(
        encoding="utf-8"
    )
    for sourced in re.findall(r"source: \w+.*", text):
        assert re.match(r"source: \w+, confidence: \w+", sourced)


def test_recalled_numbers_stay_marked():
    drug = find("capivasertib")
    assert {q.confidence for q in quantities(drug) if hasattr(q, "confidence")} == {
        "recalled"
    }


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("RAD001", "everolimus"),
        ("rad-001", "everolimus"),
        ("ICI 182780", "fulvestrant"),
        ("pf 4691502", "PF-04691502"),
        ("4OHT", "4-hydroxytamoxifen"),
        ("EVEROLIMUS", "everolimus"),
    ],
)
def test_a_drug_is_found_by_any_name(name, found):
    assert find(name).id == found


def test_an_unknown_drug_names_the_nearest():
    with pytest.raises(InputError, match="No drug 'letrozol'; nearest is 'letrozole'"):
        find("letrozol")


def spoiled(tmp_path, old, new, name="letrozole"):
    """Write a library file with one text replaced."""
    original = resources.files("oestra.drugs") / "library" / f"{name}.yaml"
    text = original.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / f"{name}.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "needle"),
    [
        ("class: nonst", "klass: nonst", "the key 'class' is missing (line 1)"),
        ("class: nonst", "klass: nonst", "no such key; nearest is 'class' (line 3)"),
        ("mechanism:", "mechanisme:", "mechanisme"),
        ("id: letrozole", "id: letrozol", "name it letrozol.yaml"),
        ("model: oral", "model: orally", "nearest is 'oral'"),
        ("    volume:", "    volumes:", "nearest is 'volume'"),
        ("unit: L/hour", "unit: L/hours/kg", "letrozole.yaml"),
        ("interval: [0.8, 1.3]", "interval: [2, 3]", "outside its interval"),
        ("source: tanii2011, ", "", "needs a source"),
        ("id: letrozole", "id: [", "not valid YAML"),
    ],
)
def test_a_spoiled_file_is_named_with_its_fault(tmp_path, old, new, needle):
    with pytest.raises(InputError) as error:
        read_drug(spoiled(tmp_path, old, new))
    assert needle in str(error.value)
    assert "letrozole.yaml" in str(error.value)


def added(tmp_path, old, new, name="letrozole"):
    """Return a library with a copy of a drug, under another name, one text replaced."""
    folder = tmp_path / "drugs"
    folder.mkdir()
    text = spoiled(folder, old, new, name).read_text(encoding="utf-8")
    folder.joinpath(f"{name}.yaml").unlink()
    text = re.sub(r"^id: .*", "id: mine", text, flags=re.MULTILINE)
    text = re.sub(r"^aliases: .*\n", "", text, flags=re.MULTILINE)
    folder.joinpath("mine.yaml").write_text(text, encoding="utf-8")
    return Library((tmp_path,))


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            "letrozole",
            "CYP19A1:inhibitor",
            "CYP19A1:inhibitors",
            r"mine\.yaml.*nearest is 'CYP19A1:inhibitor'",
        ),
        ("letrozole", "max_effect", "# max_effect", r"mine\.yaml: CYP.*needs a max"),
        (
            "everolimus",
            "    assay: S6K1",
            "    max_effect: {value: 0.9, unit: '1', interval: [0.8, 1], "
            "origin: assumed, reason: a guess}\n    assay: S6K1",
            r"mine\.yaml.*MTORC1:allosteric would not act.*rapalog_s6k_max",
        ),
    ],
)
def test_a_target_that_cannot_act_is_refused(tmp_path, name, old, new, says):
    with pytest.raises(InputError, match=says):
        drugs(added(tmp_path, old, new, name))


def test_a_new_drug_is_a_new_file(tmp_path):
    path = spoiled(tmp_path, "class: nonsteroidal", "class: nonsteroidal")
    assert read_drug(path) == find("letrozole")


@pytest.mark.parametrize(
    "drug_class", [one for one in DrugClass if one is not DrugClass.OTHER]
)
def test_every_class_has_a_drug(drug_class):
    assert any(drug.drug_class is drug_class for drug in DRUGS.values())


def test_one_depot_model_is_within_14_percent_of_both_doses():
    checks = describe("fulvestrant").checks
    ratios = [check.simulated / check.published.value.value for check in checks]
    assert len(ratios) == 9
    assert np.abs(np.log(ratios)).max() < np.log(1.14)
