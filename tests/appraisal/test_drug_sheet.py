"""Every number that a drug sheet prints acts in the model."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from oestra.appraisal.drug_sheet import drug_quantities
from oestra.core.quantity import Quantity
from oestra.culture.medium import parse_level
from oestra.drugs.describe import simulate_exposure
from oestra.drugs.kinetics import Cyp2d6
from oestra.drugs.load import drugs
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement import medium_load
from oestra.engagement.ovary import ovarian_left
from oestra.engagement.regimen_load import drug_loads
from oestra.model.parameters import prior_parameters
from oestra.trial.assumption import assumptions
from oestra.trial.discontinue import harm_rates

DRUGS = drugs()
EACH = replace(PkSubjects.typical(4), cyp2d6=np.array([str(one) for one in Cyp2d6]))


def scaled(quantity):
    """Return a quantity of another value; a share stays a share."""
    value = quantity.value * 0.8 if quantity.value else 0.1
    return replace(quantity, value=value, interval=(value, value))


def parts(value):
    """Return what a record is made of, each with how to put another in its place."""
    if isinstance(value, Mapping):
        return [(item, lambda new, k=k: {**value, k: new}) for k, item in value.items()]
    if isinstance(value, tuple):
        return [
            (item, lambda new, i=i: (*value[:i], new, *value[i + 1 :]))
            for i, item in enumerate(value)
        ]
    if is_dataclass(value):
        # What a drug becomes has a sheet of its own.
        names = [one.name for one in fields(value) if one.name != "formed"]
        return [
            (getattr(value, name), lambda new, name=name: replace(value, **{name: new}))
            for name in names
        ]
    return []


def changed(value):
    """Yield copies of a record, each with one quantity inside it scaled."""
    if isinstance(value, Quantity):
        yield scaled(value)
        return
    for part, rebuilt in parts(value):
        for other in changed(part):
            yield rebuilt(other)


def with_moiety(drug, moiety):
    """Return a drug one of whose moieties is another."""
    if drug.id == moiety.id:
        return replace(moiety, formed=drug.formed)
    formed = tuple(moiety if one.id == moiety.id else one for one in drug.formed)
    return replace(drug, formed=formed)


def in_patients(drug):
    """Return loads, levels and harm that a drug's first regimen brings."""
    regimen = Regimen.parse(drug.standard_regimens[0])
    (component,) = regimen.components
    given = Regimen((replace(component, drug=drug),))
    rates = harm_rates(given, assumptions())
    found = drug_loads(given, EACH, prior_parameters())
    found |= {"stop": rates.stop, "reduce": rates.reduce}
    for harm in rates.drugs:
        for kind in harm.kinds:
            found |= {f"{kind.event} mild": kind.mild, kind.event: kind.severe}
    left = ovarian_left(given, EACH, np.array([0.0, 28.0, 56.0]))
    if left is not None:
        found["ovarian estradiol"] = left
    for index, check in enumerate(drug.exposures):
        found[f"exposure {index}"] = simulate_exposure(drug, check, EACH)
    return {name: np.asarray(value) for name, value in found.items()}


def in_culture(drug, monkeypatch):
    """Return what a drug sets in a culture, and what a mass of it is."""
    monkeypatch.setattr(medium_load, "find", lambda _name, _library: drug)
    p = prior_parameters()
    level = drug.targets[0].potency.value if drug.targets else 1.0
    found = medium_load.medium_loads({drug.id: level}, p)
    found["1 ng/mL"] = parse_level(1.0, "ng/mL", drug, "a medium")
    return {name: np.asarray(value) for name, value in found.items()}


def same(one, other):
    return one.keys() == other.keys() and all(
        np.array_equal(value, other[name]) for name, value in one.items()
    )


@pytest.mark.parametrize("name", DRUGS)
def test_every_printed_number_acts(name, monkeypatch):
    drug = DRUGS[name]
    sheet = drug_quantities(drug)
    parents = [one for one in DRUGS.values() if name in [m.id for m in one.moieties]]
    given = [one for one in parents if one.kinetics]
    assert given
    culture = in_culture(drug, monkeypatch)
    patients = [in_patients(one) for one in given]
    printed = 0
    for other in changed(drug):
        moved = drug_quantities(other)["value"] != sheet["value"]
        if not moved.any():
            continue
        printed += moved.sum()
        acts = not same(in_culture(other, monkeypatch), culture) or any(
            not same(in_patients(with_moiety(one, other)), before)
            for one, before in zip(given, patients, strict=True)
        )
        assert acts, sheet.loc[moved, "quantity"].item()
    assert printed == len(sheet)
