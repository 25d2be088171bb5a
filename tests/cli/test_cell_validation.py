"""``oestra validate --cells``."""

import json

import pandas as pd

from oestra.calibration.cells.repeat import readings
from oestra.cli.app import main


def test_cells_are_compared_with_their_measurements(tmp_path, capsys):
    folder = tmp_path / "cells"
    assert main(["validate", "--cells", "--json", "--out", str(folder)]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["readings"] == len(readings())
    kinds = {one["kind"]: one for one in record["skill"]["shipped"]}
    assert kinds["kinase"]["no_effect"] > 0
    assert len(pd.read_csv(folder / "cells.csv")) == record["readings"]
    assert (folder / "cells.png").is_file()
    assert (folder / "manifest.json").is_file()


def test_cells_take_no_options_of_a_fit(capsys):
    assert main(["validate", "--cells", "--ablation"]) == 2
    assert "--cells" in capsys.readouterr().err
