"""A patient's tumor has the same bytes alone and among others."""

import numpy as np

from oestra.core.streams import Streams
from oestra.tumor.burden import lesion_log_volume, log_total
from oestra.tumor.clone import Clone
from oestra.tumor.mutation import arising, pre_existing
from oestra.tumor.presentation import sample_presentation, with_primary
from oestra.tumor.spread import new_lesion_risk
from oestra.tumor.tumor_table import tumor_table

COUNT, CLONES, TIMES = 60, len(Clone), 9
NUMBERS = {name: quantity.value for name, quantity in tumor_table().items()}
NUMBERS["detection_log10_cells"] = 10.0
STREAMS = Streams(7)


def cells_of(rows):
    start = 20.0 + 3.0 * STREAMS.normal("cells", rows, CLONES)
    absent = STREAMS.uniform("absent", rows, CLONES) < 0.3
    absent[:, 0] = False
    growth = STREAMS.normal("growth", rows, TIMES * CLONES)
    return np.where(absent, -np.inf, start), growth.reshape(-1, TIMES, CLONES)


def test_burden(same_rows):
    lag = np.linspace(0.0, 4.0, TIMES)

    def of(rows):
        start, growth = cells_of(rows)
        lesions = sample_presentation(rows, NUMBERS, STREAMS, CLONES)
        lesions = with_primary(lesions, rows % 3 == 0, NUMBERS["breast_pace"])
        volume = lesion_log_volume(start, growth, lesions, 1e6, lag)
        # Clones along another axis in memory, as some callers have them.
        turned = np.ascontiguousarray(growth.transpose(0, 2, 1)).transpose(0, 2, 1)
        return {
            "total": log_total(start),
            "over time": log_total(start[:, None] + growth),
            "turned": log_total(start[:, None] + turned),
            "volume": volume,
            "share": lesions.share,
            "mix": lesions.mix,
            "stroma": lesions.stroma,
        }

    same_rows(of, COUNT)


def test_the_layout_of_an_array_does_not_matter():
    _, growth = cells_of(np.arange(COUNT))
    turned = np.ascontiguousarray(growth.transpose(2, 1, 0)).transpose(2, 1, 0)
    assert not turned.flags.c_contiguous
    one, other = log_total(growth), log_total(turned)
    assert np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes()


def test_new_lesions_and_mutants(same_rows):
    def of(rows):
        start, growth = cells_of(rows)
        before = log_total(start)
        after = before + growth[:, 0, 0]
        cells = np.exp(before)
        survival = STREAMS.uniform("survival", rows, 2)
        rates = np.array([1e-9, 1e-8])
        return {
            "risk": new_lesion_risk(before, after, 28.0, NUMBERS),
            "before": pre_existing(cells, 1e-9, "x", rows, STREAMS),
            "arising": arising(cells, rates, survival, 3, rows, STREAMS),
        }

    same_rows(of, COUNT)
