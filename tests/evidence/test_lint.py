"""The evidence is clean, and a seeded fault is caught where it is."""

import shutil

import pytest

from oestra.evidence.lint import lint
from oestra.evidence.published import FOLDER, TARGET_FILES


def test_the_evidence_is_clean():
    assert [str(fault) for fault in lint()] == []


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Copy the evidence, so that a fault can be sown."""
    folder = tmp_path_factory.mktemp("evidence")
    for name in (*TARGET_FILES, "epidemiology.yaml", "cell_facts.yaml"):
        shutil.copy(FOLDER / name, folder)
    shutil.copytree(FOLDER / "trials", folder / "trials")
    shutil.copytree(FOLDER / "sources", folder / "sources")
    return folder


BOLERO = "trials/BOLERO-2.yaml"
FAULTS = [
    (BOLERO, "source: eviq_bolero2", "source: eviq_bolero", "no source 'eviq_bolero'"),
    (BOLERO, "estimate: 0.45,", "estimate: 0.65,", "outside its interval 0.38-0.54"),
    (BOLERO, "estimate: 12.6", "estimate: 126", "126 is no orr_percent"),
    (BOLERO, "count: 249", "count: 349", "349/485 is 72.0 %, not 51.3 %"),
    (BOLERO, "n: 239, count: 63", "n: 23, count: 63", "counts 63 of 23"),
    (BOLERO, "unit: month", "unit: percent", "is given in percent, not month"),
    (BOLERO, "p: {value: 0.001", "p: {value: 1.001", "is no probability"),
    (BOLERO, "control: EXE, look", "control: EXX, look", "no arm 'EXX'; nearest is"),
    (BOLERO, "control: EXE, look", "control: EXE+EVE, look", "is its own control"),
    (BOLERO, "id: BOLERO-2", "id: BOLERO-2b", "declares the trial 'BOLERO-2b'"),
    (BOLERO, "id: BOLERO-2", "aliases: [FACT]\nid: BOLERO-2", "'FACT' already names"),
    (BOLERO, "value: 62, unit: year", "value: 62", "a number without a unit"),
    (
        BOLERO,
        "value: 62, unit: year",
        "value: 62, unit: yaer",
        "unit 'yaer' is not known",
    ),
    (
        BOLERO,
        "value: 62, unit: year",
        "unit: year",
        "one of value, low with high, text",
    ),
    (BOLERO, "value: 76, unit: percent", "value: 176, unit: percent", "176 % lies"),
    (
        BOLERO,
        "not_found: [de_novo",
        "not_found: [liver, de_novo",
        "liver is given, yet",
    ),
    (
        BOLERO,
        "look: final, reader: central",
        "look: interim, reader: central",
        "repeats",
    ),
    (BOLERO, "measure: liver", "measure: livre", "line"),
    (BOLERO, "estimate: 7.8", "estimat: 7.8", "line"),
    (BOLERO, "arms:", "arms: [", "line"),
    (
        "trials/CHOW_TEM.yaml",
        "same_trial_as: HORIZON",
        "same_trial_as: X",
        "no trial 'X'",
    ),
    ("targets.yaml", "estimate: 7.8, low: 6.9", "estimate: 7.7, low: 6.9", "gives 7.7"),
    ("targets.yaml", "low: 6.9, high: 8.5", "low: 6.8, high: 8.5", "interval 6.8-8.5"),
    ("targets.yaml", "total: 177", "total: 178", "says 178, counted 177"),
    ("targets.yaml", "fit: 88", "fit: 87", "meta.counts.by_use"),
    ("targets.yaml", "median: 28", "median: 27", "meta.counts.by_use_and_kind"),
    ("targets.yaml", "trial: FACT", "trial: FCT", "no trial 'FCT'"),
    ("targets.yaml", "id: FACT/ITT/h", "id: FACT/itt/h", "id does not begin with"),
    ("epidemiology.yaml", "value: 75, unit: percent", "value: 75", "without a unit"),
    (
        "epidemiology.yaml",
        "stated, source: milani2014, note: review reference 4}",
        "stated, note: review reference 4}",
        "names no source",
    ),
    (
        "cell_facts.yaml",
        "source: larson2010",
        "source: larsen2010",
        "nearest is 'larson2010'",
    ),
    (
        "sources/trials.bib",
        "@article{wolff2013,",
        "@article{wolff2012,",
        "no source 'wolff2013'",
    ),
    (
        "sources/trials.bib",
        "@article{wolff2013,",
        "@article{chow2006,",
        "declared twice",
    ),
    ("sources/trials.bib", "year = {2013},", "year = {2013,", "trials.bib, line"),
    (
        "sources/trials.bib",
        "pmid = {23233719},",
        "pmid = 23233719,",
        "trials.bib, line",
    ),
]


@pytest.mark.parametrize(("file", "sound", "seeded", "problem"), FAULTS)
def test_a_seeded_fault_is_caught(small, file, sound, seeded, problem):
    path = small / file
    before = path.read_text(encoding="utf-8")
    assert sound in before
    path.write_text(before.replace(sound, seeded, 1), encoding="utf-8")
    try:
        found = [str(fault) for fault in lint(small)]
    finally:
        path.write_text(before, encoding="utf-8")
    assert any(problem in fault for fault in found), found


def test_all_faults_are_reported_at_once(small):
    path = small / BOLERO
    before = path.read_text(encoding="utf-8")
    seeded = before.replace("n: 239, count: 63", "n: 23, count: 63", 1)
    seeded = seeded.replace("source: eviq_bolero2", "source: nobody1999", 1)
    path.write_text(seeded, encoding="utf-8")
    try:
        found = "\n".join(str(fault) for fault in lint(small))
    finally:
        path.write_text(before, encoding="utf-8")
    assert "trials/BOLERO-2.yaml, line 26: results[9]: counts 63 of 23." in found
    assert "no source 'nobody1999'" in found


def test_a_missing_file_is_a_fault(small):
    path = small / "cell_facts.yaml"
    before = path.read_text(encoding="utf-8")
    path.unlink()
    try:
        found = [str(fault) for fault in lint(small)]
    finally:
        path.write_text(before, encoding="utf-8")
    assert found == ["cell_facts.yaml: file: is missing."]
