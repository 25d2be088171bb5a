"""Numbers of a drug's file that can mean nothing are refused, all at once."""

from dataclasses import replace

import pytest

from oestra.drugs.drug_numbers import number_faults
from oestra.drugs.load import drugs, find


def told(drug):
    return {
        ".".join(map(str, place)): str(error) for place, error in number_faults(drug)
    }


@pytest.mark.parametrize("name", drugs())
def test_what_ships_lies_within(name):
    assert told(find(name)) == {}


def other(number, value, **changes):
    low, high = sorted((value, value + 1.0))
    return replace(number, value=value, interval=(low, high), **changes)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("fraction_unbound", 1.5, "above 0 and at most 1, got 1.5"),
        ("fraction_unbound", 0.0, "above 0 and at most 1, got 0"),
        ("molar_mass", 0.0, "above 0, got 0"),
    ],
)
def test_a_number_outside_its_range_is_told(key, value, words):
    drug = find("ribociclib")
    changed = replace(drug, **{key: other(getattr(drug, key), value)})
    assert told(changed) == {key: f"{key} must be {words}."}


def test_all_faults_are_told_at_once():
    drug = find("ribociclib")
    (action,) = drug.targets
    clearance = drug.kinetics.parameters["clearance"]
    changed = replace(
        drug,
        tumor_to_plasma=other(drug.tumor_to_plasma, 0.0),
        targets=(
            replace(
                action,
                potency=other(action.potency, 0.0),
                hill=0.0,
                max_effect=other(action.max_effect, 2.0),
            ),
        ),
        toxicities=(
            replace(drug.toxicities[0], rate=other(drug.toxicities[0].rate, 120.0)),
        ),
        kinetics=replace(
            drug.kinetics,
            parameters={
                **drug.kinetics.parameters,
                "clearance": replace(clearance, between_patient_cv=-0.5),
            },
        ),
    )
    assert set(told(changed)) == {
        "tumor_to_plasma",
        "targets.0.potency",
        "targets.0.hill",
        "targets.0.max_effect",
        "toxicities.0.rate",
        "kinetics.parameters.clearance.between_patient_cv",
    }
