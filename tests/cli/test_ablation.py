"""``oestra validate --ablation``."""

import numpy as np
import pytest

from oestra.calibration.ablation import Ablations
from oestra.cli import ablation


@pytest.fixture
def quick(monkeypatch, crossed):
    """Leave out what takes minutes."""

    def cross(_objective, _best, _exchanges, *, workers):
        return crossed([0.5] * 6)

    def ablate(objective, _best, mechanisms, *, workers, progress):
        value = np.array([row.estimate for row in objective.rows])
        shape = (len(mechanisms), len(value))
        return Ablations(
            rows=objective.rows,
            mechanisms=mechanisms,
            value=value,
            residual=np.zeros(len(value)),
            without=np.tile(2.0 * value, (len(mechanisms), 1)),
            residual_without=np.ones(shape),
            failed=(),
        )

    monkeypatch.setattr(ablation, "cross_trials", cross)
    monkeypatch.setattr(ablation, "ablate", ablate)


def test_a_whole_folder_is_left_and_summed_up(quick, succeed, tmp_path):
    folder = tmp_path / "ablation"
    out = succeed("validate", "--ablation", "--quiet", "--out", folder)
    assert "Schedule or line" in out
    assert "Killing by antibody" in out
    assert (folder / "index.html").is_file()


def test_json_is_the_same_and_writes_nothing(
    quick, succeed_json, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    record = succeed_json("validate", "--ablation")
    assert record["inside"] == record["endpoints"]
    assert all(one["leaving"] for one in record["mechanisms"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ablation", "--sensitivity"], "cannot be given together"),
        (["--ablation", "--checkpoint", "none.npz"], "No fit at"),
    ],
)
def test_bad_input_is_explained(words, said, fail):
    assert said in fail("validate", *words)
