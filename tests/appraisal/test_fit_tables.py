"""The record of a fit as tables: misses first, nothing lost."""

import numpy as np
import pytest

from oestra.appraisal.fit_tables import (
    endpoint_label,
    inside_counts,
    parameter_rows,
    residual_table,
)
from oestra.calibration.fact import cell_facts
from oestra.calibration.free import free_parameters
from oestra.core.errors import InputError
from oestra.evidence.published import targets

ROWS = [row.id for row in targets() if row.kind == "hazard_ratio"][:3]
FACTS = [fact.id for fact in cell_facts()][:2]
RECORD = {
    "losses": [10.0, 4.0],
    "best": {},
    "settings": {},
    "fitted": [
        {
            "name": item.name,
            "prior": [item.value(-1.96), item.value(0.0), item.value(1.96)],
            "standardized": 0.5,
            "contraction": share,
        }
        for item, share in zip(free_parameters()[:3], (0.1, 0.8, 0.0), strict=True)
    ],
    "residuals": [
        {"id": name, "residual": z, "value": 1.0}
        for name, z in zip(ROWS + FACTS, (0.1, -9.0, 1.0, 2.5, -0.2), strict=True)
    ],
    "profiles": [
        {
            "name": "x",
            "standardized": [-1.0, 0.0, 1.0],
            "excess": [0.5, 0.0, 0.6],
            "facts_alone": [0.0, 0.0, 0.1],
        }
    ],
    "pairs": [{"one": "a", "other": "b", "correlation": -0.9}],
}


def test_misses_come_first_and_none_is_lost():
    table = residual_table(RECORD)
    assert table["id"].tolist()[:2] == [ROWS[1], FACTS[0]]
    assert sorted(table["id"]) == sorted(ROWS + FACTS)
    assert table["inside"].tolist() == [False, False, True, True, True]
    counts = inside_counts(table).set_index("kind")
    assert counts.loc["hazard ratio"].tolist() == [2, 3]
    assert counts.loc["cells"].tolist() == [1, 2]


def test_what_the_evidence_no_longer_holds_is_refused():
    edited = {**RECORD, "residuals": [{"id": "gone", "residual": 0.0, "value": 1.0}]}
    with pytest.raises(InputError, match="'gone'"):
        residual_table(edited)
    edited = {**RECORD, "fitted": [{**RECORD["fitted"][0], "name": "gone"}]}
    with pytest.raises(InputError, match="'gone'"):
        parameter_rows(edited)


def test_posteriors_are_narrower_by_the_contraction():
    table = parameter_rows(RECORD)
    assert table["contraction"].tolist() == [0.8, 0.1, 0.0]
    first = next(i for i in free_parameters() if i.name == table.loc[0, "name"])
    width = first.standardized(table.loc[0, "high"]) - first.standardized(
        table.loc[0, "low"]
    )
    assert width == pytest.approx(2 * 1.96 * np.sqrt(0.2), rel=1e-6)


def test_labels_say_no_more_than_they_must():
    assert endpoint_label("BOLERO-2/ITT/hazard_ratio/EXE+EVE") == "BOLERO-2, EXE+EVE"
    assert endpoint_label("X/HER2+/orr_percent/LET") == "X, HER2+, LET, ORR"
    assert endpoint_label("cell/hypersensitivity") == "hypersensitivity"
    names = [row.id for row in targets() if row.kind == "hazard_ratio"]
    assert len({endpoint_label(name) for name in names}) == len(names)
