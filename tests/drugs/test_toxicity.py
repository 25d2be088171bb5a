import numpy as np
import pytest

from oestra.drugs.load import drugs, find
from oestra.drugs.toxicity import attributable_share, harm_probability

HARMS = [harm for drug in drugs().values() for harm in drug.toxicities]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.event)
def test_the_standard_dose_gives_the_published_rate(harm):
    found = harm_probability(harm, [0.0, 0.5, 1.0, 2.0])
    assert found[0] == 0
    assert found[2] == pytest.approx(harm.rate.value / 100)
    assert np.all(np.diff(found[1:]) >= 0)


def test_everolimus_stops_one_in_five():
    stop = find("everolimus").discontinuation
    assert stop is not None
    assert harm_probability(stop, 1.0) == pytest.approx(0.19)
    assert attributable_share(stop) == pytest.approx(0.15)
