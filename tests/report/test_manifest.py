"""The manifest of a folder of results."""

import json

from oestra.report.manifest import Run, write_manifest


def test_the_manifest_lists_what_ran_and_what_it_wrote(tmp_path):
    (tmp_path / "table.csv").write_text("abc")
    run = Run(command=["oestra", "trial", "X"], seed=7, hashes={"model": "ff"})
    content = json.loads(write_manifest(tmp_path, run).read_text(encoding="utf-8"))
    assert content["seed"] == 7
    assert content["hashes"] == {"model": "ff"}
    assert content["versions"]["oestra"]
    assert list(content["files"]) == ["table.csv"]
    assert content["files"]["table.csv"].startswith("ba7816bf8f01cfea")
    assert "not for clinical decisions" in content["about"]
