"""A thing is found by any of its names, and a wrong one is told the nearest."""

import pytest

from oestra.core.errors import InputError
from oestra.core.named import find_named

KNOWN = {"BOLERO-2": 1, "NCT00863655": 1, "PALOMA-3": 2}


@pytest.mark.parametrize("given", ["BOLERO-2", "bolero 2", "Bolero_2", "nct00863655"])
def test_case_spaces_and_hyphens_do_not_matter(given):
    assert find_named("trial", given, KNOWN) == 1


def test_a_wrong_name_is_told_the_nearest():
    with pytest.raises(InputError, match="No trial 'BOLRO-2'; nearest is 'BOLERO-2'"):
        find_named("trial", "BOLRO-2", KNOWN)
