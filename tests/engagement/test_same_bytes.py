"""A patient's drug levels have the same bytes alone and among others."""

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.drugs.cycle_occupancy import mean_occupancy
from oestra.drugs.pharmacokinetics import concentration, exposure
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects, deviate_names
from oestra.engagement.target_load import schedule_factor, target_load

COUNT = 70
REGIMENS = (
    "everolimus 10 mg daily",
    "tamoxifen 20 mg daily",
    "fulvestrant 500 mg on days 1, 15, 29 then every 28 days",
    "palbociclib 125 mg daily for 21 of 28 days",
    "trastuzumab 6 mg/kg every 21 days",
    "capivasertib 400 mg twice daily for 4 of 7 days",
)


def subjects_of(regimen, rows):
    streams = Streams(11)
    names = sorted({n for c in regimen.components for n in deviate_names(c.drug)})
    body = streams.normal("body", rows, 2)
    return PkSubjects(
        weight=70.0 + 9.0 * body[:, 0],
        surface=1.8 + 0.1 * body[:, 1],
        adherence=streams.uniform("adherence", rows)[:, 0],
        cyp2d6=np.array(["PM", "IM", "NM", "UM"])[rows % 4],
        deviates={name: streams.normal(name, rows)[:, 0] for name in names},
    )


@pytest.mark.parametrize("text", REGIMENS)
def test_levels_and_loads(same_rows, text):
    regimen = Regimen.parse(text)
    component = regimen.components[0]
    times = np.linspace(0.0, 60.0, 37)
    edges = np.array([0.0, 7.0, 28.0, 91.0])

    def of(rows):
        who = subjects_of(regimen, rows)
        found = {f"at {k}": v for k, v in concentration(component, times, who).items()}
        found |= {f"over {k}": v for k, v in exposure(regimen, edges, who).items()}
        return found | dict(target_load(regimen, edges, who).items())

    same_rows(of, COUNT)


@pytest.mark.parametrize("text", REGIMENS)
def test_shares_held(same_rows, text):
    regimen = Regimen.parse(text)
    component = regimen.components[0]
    targets = sorted({a.target for m in component.drug.moieties for a in m.targets})
    assert targets

    def of(rows):
        who = subjects_of(regimen, rows)
        held = {("held", t): mean_occupancy(component, t, who) for t in targets}
        kept = {("kept", t): schedule_factor(component, t, who) for t in targets}
        return held | kept

    same_rows(of, COUNT)
