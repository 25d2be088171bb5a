"""What trials say of one drug beside its class."""

import pytest

from oestra.drugs.load import drugs
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.regimen_load import drug_loads
from oestra.model.parameters import prior_parameters

OWN = [name for name in prior_parameters() if name.startswith("exposure_")]
SUBJECT = PkSubjects.typical()


def load(regimen, **changes):
    found = drug_loads(
        Regimen.parse(regimen), SUBJECT, prior_parameters().replace(**changes)
    )
    return {name: float(value[0]) for name, value in found.items()}


@pytest.mark.parametrize("name", OWN)
def test_each_is_of_a_drug_that_there_is(name):
    assert name.removeprefix("exposure_") in drugs()


def test_it_counts_as_more_of_the_drug_in_the_tumor():
    daily = "palbociclib 125 mg daily"
    doubled = load(daily, exposure_palbociclib=2.0)
    assert doubled == load(daily, accumulation_cdk46=2.0)
    assert doubled["load_cdk46"] > 1.8 * load(daily)["load_cdk46"]


def test_it_leaves_other_drugs_alone():
    other = "abemaciclib 150 mg twice daily + letrozole 2.5 mg daily"
    assert load(other, exposure_palbociclib=2.0) == load(other)
