"""Pools and fits become stale exactly when a result could change."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import oestra
from oestra.calibration.fact import cell_facts, facts
from oestra.calibration.free import free_parameters
from oestra.core.library import SHIPPED
from oestra.core.source_code import _tree
from oestra.course.assemble import alterations_of_patients
from oestra.drugs.load import drugs, find
from oestra.drugs.regimen import Regimen
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use
from oestra.history.therapies import practice
from oestra.history.version import HISTORIES
from oestra.model.cell_fit import shipped_cell_fit
from oestra.model.fit import shipped_fit
from oestra.model.parameters import prior_parameters
from oestra.network.alteration import alterations
from oestra.network.cell_line import find_line
from oestra.network.reference import REFERENCE
from oestra.trial.designs import find_design

ROOT = Path(oestra.__file__).parent
DRIVER = Path(__file__).with_name("key_driver.py")
DATA = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*")
    if path.suffix in {".ant", ".yaml", ".bib"}
)
CODE = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))
COMMENT = {".ant": "// {}\n", ".yaml": "# {}\n", ".bib": "% {}\n"}
VALUE = re.compile(
    r"value: (?P<value>[^,}]+), .*?"
    r"interval: \[(?P<low>[^,]+), (?P<high>[^\]]+)\]"
)


@cache
def read(file):
    return (ROOT / file).read_text(encoding="utf-8")


def moved(match):
    """Move a value within its interval."""
    value, low, high = (float(match[name]) for name in ("value", "low", "high"))
    other = (
        value + 0.01 * (high - value) if high > value else value - 0.01 * (value - low)
    )
    return match[0].replace(f"value: {match['value']}", f"value: {other!r}", 1)


def revalued(file, name=""):
    """Return a file with its first value, or that of an entry, changed."""
    text = read(file)
    begin = (
        re.search(rf"^{re.escape(name)}:", text, re.MULTILINE).start() if name else 0
    )
    found = text[:begin] + VALUE.sub(moved, text[begin:], count=1)
    assert found != text, file
    return found


def replaced(file, old, new):
    assert old in read(file), (file, old)
    return read(file).replace(old, new, 1)


def under(*folders):
    return [file for file in DATA if file.startswith(folders)]


def in_regimens(texts):
    """Return the ids of all that regimens bring into the blood."""
    given = {drug for text in texts for drug in Regimen.parse(text).drugs}
    return {one.id for name in given for one in find(name).moieties}


FIT_ROWS = [row for row in targets() if row.use is Use.FIT]
FITTED_TRIALS = {row.trial for row in FIT_ROWS}
OF_PATIENTS = in_regimens(map(str, practice().regimens))
IN_CULTURES = {
    name
    for fact in cell_facts()
    for name in drugs()
    if name in str(fact.how.get("drug", "")) or name in str(fact.how.get("series", ""))
}
OF_FIT = (
    OF_PATIENTS
    | in_regimens(map(str, practice().chemotherapy))
    | in_regimens(
        str(arm.regimen) for name in FITTED_TRIALS for arm in find_design(name).arms
    )
    | in_regimens(str(fact.how["regimen"]) for fact in facts() if "regimen" in fact.how)
    | IN_CULTURES
)
LINES_OF_FIT = set()
for fact in cell_facts():
    line = find_line(fact.how["line"]) if "line" in fact.how else None
    while line is not None:
        LINES_OF_FIT.add(line.id)
        line = line.parent
READ = set(HISTORIES.known().parameters)
BEST = set(shipped_fit().best)
CELLS = set(shipped_cell_fit().values)
RECEPTOR = "network/parameters/estrogen_receptor.yaml"
READOUTS = "culture/readouts/readouts.yaml"
FREE = {one.name for one in free_parameters()}


def words():
    """Edit what is written for people, in every file."""
    pattern = re.compile(
        r"\b(reason|note|text|mechanism|description|assay): (\"?)([A-Za-z])"
    )
    edited = {file: pattern.sub(r"\1: \2Edited \3", read(file)) for file in DATA}
    return {file: text for file, text in edited.items() if text != read(file)}


def sources():
    # Times on a drug stand by the sources of the rates that they belong to.
    key = re.compile(r"(?m)^  (\w+)(?=: \{value: [\d.]+, unit: month\b)")
    edited = {
        file: re.sub(
            r"\b(source: \w+)", r"\1_again", key.sub(r"  \1_again", read(file))
        )
        for file in under("drugs/library", "network/parameters", "patients", "tumor")
    }
    return {file: text for file, text in edited.items() if text != read(file)}


def extra(files):
    return {file: read(file) + "\nextra: 1\n" for file in files}


def unread(folder, used, name_of):
    """Change every file of a folder that nothing of the fit uses."""
    spared = [file for file in under(folder) if name_of(file) not in used]
    assert spared
    return {file: revalued(file) for file in spared if VALUE.search(read(file))}


def apart(file, pattern):
    """Cut a file after the first match of a pattern."""
    at = re.search(pattern, read(file), re.MULTILINE).end()
    return read(file)[:at], read(file)[at:]


def row_edit(row, field="estimate", value="0.5123"):
    """Change a field of a row of the evidence."""
    file = "evidence/targets.yaml"
    head, tail = apart(file, rf"\bid: [\"']?{re.escape(row.id)}[\"']?,")
    found = re.sub(rf"\b{field}: [^,\n}}]+", f"{field}: {value}", tail, count=1)
    return {file: head + found}


def doubted(file, name):
    """Widen the interval of a number."""
    head, tail = apart(file, rf"^{name}:")
    found = VALUE.sub(
        lambda m: m[0].replace(f", {m['high']}]", f", {float(m['high']) * 1.5!r}]"),
        tail,
        count=1,
    )
    return {file: head + found}


def names_in(file):
    return re.findall(r"^(\w+):", read(file), re.MULTILINE)


def line_id(file):
    return re.search(r"^id: (.*)$", read(file), re.MULTILINE)[1].strip("\"'")


SAME = {
    "comments in data": lambda: {
        file: read(file).rstrip("\n")
        + "\n"
        + COMMENT[Path(file).suffix].format("everolimus letrozole capivasertib 1")
        for file in DATA
    },
    "words for people": words,
    "sources": sources,
    "comments and docstrings in code": lambda: {
        file: re.sub(r'^"""', '"""Edited. ', read(file))
        + '\n# Edited.\n"""Edited."""\n'
        for file in CODE
    },
    "code of what is only shown": lambda: {
        file: read(file) + "\nEDITED = 1\n"
        for file in CODE
        if file.startswith(("report/", "cli/", "claims/"))
    },
    "claims": lambda: extra(under("claims/")),
    "words of pages": lambda: extra(under("report/", "network/annotations")),
    "publications": lambda: extra(
        under("evidence/trials", "evidence/cell_facts", "evidence/epidemiology")
    ),
    "bibliography": lambda: {
        file: read(file) + "\n@misc{extra, title={Extra}}\n"
        for file in under("evidence/s")
    },
    "ablations": lambda: extra(["calibration/ablations.yaml"]),
    "a row that is only checked": lambda: row_edit(
        next(row for row in targets() if row.use is Use.CHECK)
    ),
    "drugs that nobody of the fit takes": lambda: unread(
        "drugs/library", OF_FIT, lambda file: Path(file).stem
    ),
    "lines that no fact of the fit is about": lambda: unread(
        "network/cell_lines", LINES_OF_FIT, line_id
    ),
    "a readout that no fact reads": lambda: {
        READOUTS: read(READOUTS)
        + "own_pakt: {label: Own, symbols: [akt_t308], unit: '1', text: own}\n"
    },
    "designs that are not fitted": lambda: {
        file: re.sub(
            r"regimen: (\w)", r"regimen: letrozole 2 mg daily + \1", read(file)
        )
        for file in under("trial/library")
        if Path(file).stem not in FITTED_TRIALS
    },
    "an interval of a number that is not fitted": lambda: doubted(
        RECEPTOR, next(name for name in names_in(RECEPTOR) if name not in FREE)
    ),
}
"""Edits that change nothing."""


def parameters():
    """Edit a number that a fit writes over and one that none does, in each file."""
    for file in under("network/parameters", "patients/param", "tumor/param"):
        names = names_in(file)
        for chosen in (
            [n for n in names if n in BEST],
            [n for n in names if n not in BEST],
        ):
            for name in chosen[:1]:
                stale = name in READ and name not in BEST | CELLS
                yield (
                    f"{file}: {name}",
                    {file: revalued(file, name)},
                    stale,
                    name not in REFERENCE,
                )


def carried():
    """Edit each alteration; the fit sees those of lines too."""
    file = "network/alterations/alterations.yaml"
    of_patients = {(one.gene, one.name) for one in alterations_of_patients(SHIPPED)}
    for gene, name in alterations():
        pattern = rf"gene: {gene}\n  name: \"?{re.escape(name)}\"?\n"
        head, tail = apart(file, pattern)
        text = head + re.sub(r"(\w: )(\d[\d.e-]*)", r"\g<1>0.4321", tail, count=1)
        pool = (gene, name) in of_patients
        yield f"{gene} {name}", {file: text}, pool, True if pool else None


def pathways():
    for file in under("network/pathways"):
        text = re.sub(r"(:?=) (\w)", r"\1 2 * \2", read(file), count=1)
        if text == read(file):
            text = re.sub(r"; (\w)", r"; 2 * \1", read(file), count=1)
        yield file, {file: text}, True, True


def drug_files():
    for file in under("drugs/library"):
        name = Path(file).stem
        if name in OF_FIT:
            yield file, {file: revalued(file)}, name in OF_PATIENTS, True


def designs():
    for file in under("trial/library"):
        if Path(file).stem in FITTED_TRIALS:
            text = re.sub(
                r"regimen: (\w)", r"regimen: letrozole 2 mg daily + \1", read(file)
            )
            yield file, {file: text}, False, True


def targets_and_practice():
    goal = "drugs/targets/targets.yaml"
    for name, hit in (("cyp19a1", True), ("hsp90", False)):
        spot = f"accumulation: accumulation_{name}"
        text = replaced(goal, spot, "accumulation: accumulation_serm")
        yield f"target {name}", {goal: text}, hit, hit
    file = "history/practices/practice.yaml"
    for old, new, pool in (
        ("2001: 0.569", "2001: 0.469", True),
        ("only: [her2_negative]", "only: [her2_positive]", True),
        ("partner: mtor_inhibitor", "partner: inhibitor", True),
        ("exemestane 25 mg daily", "exemestane 50 mg daily", True),
        ("class: nonsteroidal_ai", "class: inhibitor", True),
        # Chemotherapy comes after trials.
        ("paclitaxel 80 mg/m2 weekly for", "paclitaxel 70 mg/m2 weekly for", False),
    ):
        yield f"practice: {old}", {file: replaced(file, old, new)}, pool, True


def evidence():
    for field, value in {
        "estimate": "0.5123",
        "n": "4321",
        "denominator": "measurable",
        "of": "ttp",
    }.items():
        row = next(
            one
            for one in FIT_ROWS
            if getattr(one, field) is not None and str(getattr(one, field)) != value
        )
        yield f"{field} of a fitted row", row_edit(row, field, value), False, True
    for file in under("calibration/facts"):
        text = re.sub(r"estimate: [^,\n]+", "estimate: 0.4321", read(file), count=1)
        yield file, {file: text}, False, True
    file = "calibration/free.yaml"
    yield file, {file: replaced(file, "- leak_er\n", "")}, False, True
    file = "network/parameters/transcription.yaml"
    name = next(name for name in names_in(file) if name in FREE)
    yield f"what is believed of {name}", doubted(file, name), False, True


def conduct():
    file = "trial/assumptions.yaml"
    yield file, {file: replaced(file, "value: 0.04", "value: 0.05")}, False, True
    file = "follow/assumptions/later.yaml"
    yield file, {file: revalued(file)}, False, True


def cultures():
    for file in under("network/cell_lines"):
        if line_id(file) in LINES_OF_FIT and VALUE.search(read(file)):
            yield file, {file: revalued(file)}, False, True
    yield READOUTS, {READOUTS: replaced(READOUTS, "[s6k_p]", "[erk_p]")}, False, True
    file = "culture/substances/substances.yaml"
    yield file, {file: replaced(file, "e2_medium", "e2_plasma")}, False, True


def fitted():
    record = json.loads(read("model/fit.json"))
    name = next(name for name in record["best"] if name in READ)
    record["best"][name] *= 1.001
    yield "a fitted value", {"model/fit.json": json.dumps(record)}, True, False


def code():
    for file, both in {
        "solve/controller.py": True,
        "solve/tableau.py": True,
        "engagement/occupancy.py": True,
        "history/follow_up.py": True,
        "trial/recist.py": False,
        "calibration/objective.py": False,
    }.items():
        tree = ast.parse(read(file))
        number = next(
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and type(node.value) in {int, float}
        )
        lines = read(file).splitlines(keepends=True)
        at = number.lineno - 1
        line = lines[at].encode()
        lines[at] = (
            line[: number.col_offset] + b"7.25" + line[number.end_col_offset :]
        ).decode()
        yield f"a number of {file}", {file: "".join(lines)}, both, True


EDITS = {
    name: (texts, pool, fit)
    for made in (
        *(parameters(), carried(), pathways(), drug_files(), designs()),
        *(targets_and_practice(), evidence(), conduct(), cultures(), fitted(), code()),
    )
    for name, texts, pool, fit in made
}
"""Edits, and whether pool and fit become stale; None where the fit may be either."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return the keys of pool and fit after each edit of a copy of the package."""
    place = tmp_path_factory.mktemp("copy")
    skip = shutil.ignore_patterns("__pycache__", "pools", "cohort*.npz")
    shutil.copytree(ROOT, place / "oestra", ignore=skip)
    edits = {name: make() for name, make in SAME.items()}
    edits |= {name: texts for name, (texts, _, _) in EDITS.items()}
    environment = {
        **os.environ,
        "PYTHONPATH": str(place),
        "OESTRA_CACHE": str(place / "cache"),
    }
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(DRIVER)],
        input=json.dumps(edits),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def stale(found, name):
    """Tell whether the pool is stale after an edit, and which parts of the fit."""
    was, now = found[""], found[name]
    parts = [part for part in was["fit"] if was["fit"][part] != now["fit"][part]]
    return was["pool"] != now["pool"], parts


@pytest.mark.parametrize("name", SAME)
def test_what_changes_no_result_keeps_pool_and_fit(found, name):
    assert stale(found, name) == (False, [])


@pytest.mark.parametrize("name", EDITS)
def test_what_changes_results_makes_stale_what_it_changes(found, name):
    texts, pool, fit = EDITS[name]
    assert all(text != read(file) for file, text in texts.items())
    was_pool, parts = stale(found, name)
    assert was_pool == pool
    assert fit is None or bool(parts) == fit, parts


def test_every_parameter_that_histories_name_is_keyed():
    known = set(prior_parameters())
    named = {
        node.value
        for module in HISTORIES.known().modules
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Constant) and node.value in known
    }
    assert len(named) > 50
    assert named <= READ
