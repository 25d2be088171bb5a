"""Earlier lines, simulated: adjuvant therapy, relapse, metastatic lines, progression.

A trial's eligibility is a filter on the moments that come out of this; nothing here
knows of any trial.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.course.assemble import Lanes
from oestra.course.instant import Instant, unwatched
from oestra.course.load_table import load_table
from oestra.course.practice import (
    NAMES,
    PROGRESSION,
    REGIMENS,
    adjuvant_choice,
    line_choice,
    sees_progression,
)
from oestra.course.tumors import Tumors, settle
from oestra.tumor.burden import log_total
from oestra.tumor.clone import MUTATION_RATES, Clone
from oestra.tumor.mutation import pre_existing

__all__ = ["MOMENT_LINES", "Snapshot", "simulate_histories"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
STRETCH_DAYS = 56.0
YEARS_FOLLOWED = 20
MOMENT_LINES = 3
_LINE_YEARS = 8
_PRIMARY_EVERY = 4
"""One patient in so many is also kept as she was before surgery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Patients at a moment when a line of therapy is to be chosen.

    Parameters
    ----------
    rows : ndarray of int, shape (k,)
        Positions of the patients among those simulated.
    facts : dict of str to ndarray, shape (k,)
        History up to here.
    y : ndarray of float32, shape (k, clones, states)
        States of the clones.
    log_cells : ndarray, shape (k, clones)
        Log cell numbers.
    """

    rows: Rows
    facts: dict[str, NDArray[Any]]
    y: NDArray[np.float32]
    log_cells: Array


@dataclass(slots=True)
class _Lives:
    """What is known of n patients while they are simulated."""

    c: pd.DataFrame
    day: Array
    therapy: Rows
    adjuvant: Rows
    adjuvant_end: Array
    line: Rows
    line_start: Array
    relapse_day: Array
    detect: Array
    nadir: Array
    new_lesion: Array
    mistaken: Array
    had: NDArray[np.bool_]
    last_days: Array
    active: NDArray[np.bool_]
    snapshots: list[Snapshot] = field(default_factory=list)


def _begin(
    lanes: Lanes, c: pd.DataFrame, p: ParameterSet, streams: Streams
) -> tuple[Tumors, _Lives]:
    ids = c.index.to_numpy()
    n = len(c)
    z = streams.normal("burden", ids, 2)
    de_novo = c["de_novo_stage_iv"].to_numpy(dtype=bool)
    detect = p["detection_log10_cells"] + p["detection_log10_sd"] * z[:, 0]
    micro = p["micrometastasis_log10_cells"] + p["micrometastasis_log10_sd"] * z[:, 1]
    cells = 10.0 ** np.where(de_novo, detect, np.clip(micro, 0.5, detect - 1.0))
    grown = np.where(de_novo, cells, 10.0 ** p["primary_log10_cells"])
    number = np.zeros((n, len(Clone)))
    number[:, Clone.PARENTAL] = cells
    for clone, name in MUTATION_RATES.items():
        mutants = pre_existing(grown, p[name], clone.name, ids, streams)
        # Cells that seed metastases are a sample of the primary tumor.
        seeded = streams.poisson(f"seeding {clone.name}", ids, mutants * cells / grown)
        number[:, clone] = np.where(de_novo, mutants, np.minimum(seeded, cells))
    with np.errstate(divide="ignore"):
        log_cells = np.log(number)
    tumors = Tumors(cell=lanes.cell, ids=ids, y=settle(lanes), log_cells=log_cells)
    u = streams.uniform("dormancy", ids, 2)
    asleep = np.where(
        u[:, 0] < p["dormant_share"], -np.log(u[:, 1]) * p["dormancy_years"], 0.0
    )
    day = np.where(de_novo, 0.0, 365.25 * asleep)
    lives = _Lives(
        c=c,
        day=day,
        therapy=np.zeros(n, dtype=np.int64),
        adjuvant=adjuvant_choice(c, p, streams),
        adjuvant_end=365.25 * c["adjuvant_years"].to_numpy(),
        line=np.zeros(n, dtype=np.int64),
        line_start=np.zeros(n),
        relapse_day=np.full(n, np.nan),
        detect=np.log(10.0) * detect,
        nadir=np.log(10.0) * detect,
        new_lesion=streams.exponential("history new lesion", ids, MOMENT_LINES + 2),
        mistaken=streams.exponential("mistaken progression", ids, MOMENT_LINES + 2),
        had=np.zeros((n, len(NAMES)), dtype=bool),
        last_days=np.zeros(n),
        active=day < 365.25 * YEARS_FOLLOWED,
    )
    return tumors, lives


def _facts(lives: _Lives, rows: Rows) -> dict[str, NDArray[Any]]:
    """Write down the history of patients at a moment."""
    end, relapse = lives.adjuvant_end[rows], lives.relapse_day[rows]
    adjuvant = lives.adjuvant[rows]
    line = lives.line[rows]
    de_novo = lives.c["de_novo_stage_iv"].to_numpy(dtype=bool)[rows]
    none = adjuvant == 0
    with np.errstate(invalid="ignore"):
        since = np.where(none, np.nan, np.maximum(relapse - end, 0.0))
    first = np.where(none, "none", "adjuvant")
    last = np.where(line > 0, lives.therapy[rows], adjuvant)
    return {
        "setting": np.where(
            line > 0, "progression", np.where(de_novo, "de_novo", "relapse")
        ),
        "disease_free_months": np.where(de_novo, 0.0, relapse) / 30.4375,
        "adjuvant_code": adjuvant,
        "adjuvant_months": np.minimum(end, np.nan_to_num(relapse)) / 30.4375,
        "months_since_adjuvant": since / 30.4375,
        "prior_lines": line,
        "last_code": last,
        "last_therapy_setting": np.where(line > 0, "metastatic", first),
        "last_therapy_months": np.where(
            line > 0, lives.last_days[rows], np.minimum(end, np.nan_to_num(relapse))
        )
        / 30.4375,
        "months_since_last_therapy": np.where(line > 0, 0.0, since / 30.4375),
        "last_therapy_benefit": (line > 0) & (lives.last_days[rows] >= 168.0),
        "prior_tamoxifen": lives.had[rows, NAMES.index("tamoxifen")]
        | (adjuvant == NAMES.index("tamoxifen")),
        "prior_nonsteroidal_ai": lives.had[rows][
            :, [NAMES.index("letrozole"), NAMES.index("anastrozole")]
        ].any(axis=1)
        | np.isin(adjuvant, [NAMES.index("letrozole"), NAMES.index("anastrozole")]),
        "prior_fulvestrant": lives.had[rows, NAMES.index("fulvestrant")],
    }


def _record(tumors: Tumors, lives: _Lives, rows: Rows) -> None:
    lives.snapshots.append(
        Snapshot(
            rows=rows,
            facts=_facts(lives, rows),
            y=tumors.y[rows].astype(np.float32),
            log_cells=tumors.log_cells[rows].copy(),
        )
    )


def _record_primaries(
    tumors: Tumors, lives: _Lives, p: ParameterSet, streams: Streams
) -> None:
    """Record untreated primary tumors of some patients, for trials before surgery."""
    rows = np.flatnonzero(
        (tumors.ids % _PRIMARY_EVERY == 0)
        & ~lives.c["de_novo_stage_iv"].to_numpy(dtype=bool)
    )
    ids = tumors.ids[rows]
    spread = streams.normal("primary size", ids)[:, 0]
    log10 = p["primary_log10_cells"] + p["primary_log10_sd"] * spread
    cells = np.zeros((len(rows), len(Clone)))
    cells[:, Clone.PARENTAL] = 10.0**log10
    for clone, name in MUTATION_RATES.items():
        cells[:, clone] = pre_existing(
            10.0**log10, p[name], f"primary {clone.name}", ids, streams
        )
    facts = _facts(lives, rows)
    nothing = {
        "setting": "primary",
        "disease_free_months": 0.0,
        "adjuvant_code": 0,
        "adjuvant_months": 0.0,
        "months_since_adjuvant": np.nan,
        "last_code": 0,
        "last_therapy_setting": "none",
        "last_therapy_months": 0.0,
        "months_since_last_therapy": np.nan,
        "prior_tamoxifen": False,
        "prior_nonsteroidal_ai": False,
    }
    with np.errstate(divide="ignore"):
        log_cells = np.log(cells)
    lives.snapshots.append(
        Snapshot(
            rows=rows,
            facts=facts
            | {name: np.full(len(rows), value) for name, value in nothing.items()},
            y=tumors.y[rows].astype(np.float32),
            log_cells=log_cells,
        )
    )


def _start_line(
    tumors: Tumors, lives: _Lives, rows: Rows, p: ParameterSet, streams: Streams
) -> None:
    """Record the moment, choose the next line, and give it."""
    if not len(rows):
        return
    _record(tumors, lives, rows)
    stop = lives.line[rows] >= MOMENT_LINES
    lives.active[rows[stop]] = False
    rows = rows[~stop]
    done = lives.line[rows]
    for line in range(1, MOMENT_LINES + 1):
        here = rows[done == line - 1]
        if not len(here):
            continue
        failed = lives.had[here].copy()
        recent = lives.relapse_day[here] - lives.adjuvant_end[here] < 365.25
        relapsed_on = np.flatnonzero(recent & (lives.adjuvant[here] > 0))
        failed[relapsed_on, lives.adjuvant[here][relapsed_on]] = True
        lives.therapy[here] = line_choice(lives.c.iloc[here], failed, line, p, streams)
        lives.had[here, lives.therapy[here]] = True
        lives.line[here] = line
        lives.line_start[here] = lives.day[here]
        lives.nadir[here] = tumors.total(here)


def _progressed(
    tumors: Tumors, lives: _Lives, rows: Rows, before: Array, p: ParameterSet
) -> tuple[NDArray[np.bool_], Array]:
    """Tell who progressed in the last stretch, and after what share of it.

    Practice also calls progression what is none: flare, markers, other symptoms.
    """
    line = lives.line[rows]
    total = tumors.total(rows)
    nadir, luck = lives.nadir[rows], lives.new_lesion[rows, line]
    found = sees_progression(before, total, nadir, luck, p, STRETCH_DAYS)
    mistaken = lives.mistaken[rows, line] - p["mistaken_progression"] * STRETCH_DAYS
    share = np.minimum(
        _crossing(before, total, nadir + PROGRESSION),
        np.minimum(
            _crossing(-lives.new_lesion[rows, line], -luck, 0.0),
            _crossing(-lives.mistaken[rows, line], -mistaken, 0.0),
        ),
    )
    lives.nadir[rows], lives.new_lesion[rows, line] = nadir, luck
    lives.mistaken[rows, line] = mistaken
    return found | (mistaken < 0), share


def _crossing(before: Array, after: Array, level: Array | float) -> Array:
    """Return the share of a stretch after which a level was passed, 1 for never."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (level - before) / (after - before)
    return np.where((after > level) & (share > 0.0), np.minimum(share, 1.0), 1.0)


def _rewind(
    tumors: Tumors, lives: _Lives, rows: Rows, share: Array, began: tuple[Array, Array]
) -> None:
    """Take patients back to the moment of their event within the last stretch.

    Between the ends of a stretch, states and log cell numbers are taken as linear.
    """
    y, log_cells = began
    part = share[:, None]
    tumors.y[rows] = y + part[:, :, None] * (tumors.y[rows] - y)
    now = tumors.log_cells[rows]
    known = np.isfinite(now) & np.isfinite(log_cells)
    with np.errstate(invalid="ignore"):
        between = log_cells + part * (now - log_cells)
    tumors.log_cells[rows] = np.where(known, between, now)
    lives.day[rows] -= (1.0 - share) * STRETCH_DAYS


def _merge(found: list[Snapshot]) -> Snapshot:
    """Join snapshots, in the order of patients and of their moments."""
    rows = np.concatenate([item.rows for item in found])
    order = np.argsort(rows, kind="stable")
    return Snapshot(
        rows=rows[order],
        facts={
            name: np.concatenate([item.facts[name] for item in found])[order]
            for name in found[0].facts
        },
        y=np.concatenate([item.y for item in found])[order],
        log_cells=np.concatenate([item.log_cells for item in found])[order],
    )


def simulate_histories(
    lanes: Lanes,
    c: pd.DataFrame,
    p: ParameterSet,
    streams: Streams,
    *,
    watch: Callable[[Instant], None] = unwatched,
) -> Snapshot:
    """Simulate patients from surgery, or from stage IV diagnosis, through their lines.

    Parameters
    ----------
    lanes : Lanes
        Clones of n patients.
    c : DataFrame, n rows
        Traits, indexed by patient number.
    p : ParameterSet
        The model's parameters.
    streams : Streams
        Source of chance.
    watch : callable, optional
        Called with the patients still followed at the end of each stretch.

    Returns
    -------
    Snapshot
        Every moment at which a line was to be chosen, patient by patient: the primary
        tumor of some, first metastatic therapy, each progression up to the third.
    """
    tumors, lives = _begin(lanes, c, p, streams)
    nobody = np.zeros(len(c), dtype=np.int64)
    watch(
        Instant(
            rows=np.arange(len(c)),
            day=lives.day.copy(),
            line=nobody,
            given=nobody,
            log_cells=tumors.log_cells.copy(),
        )
    )
    _record_primaries(tumors, lives, p, streams)
    therapies = tuple(REGIMENS.values())
    # Adjuvant therapy is taken as healthy people take it, later therapy in full.
    names, adjuvant = load_table(therapies, c, p, streams, adherent=False)
    loads = np.stack([adjuvant, load_table(therapies, c, p, streams, adherent=True)[1]])
    columns = [lanes.cell.column(name) for name in names]
    de_novo = np.flatnonzero(c["de_novo_stage_iv"].to_numpy(dtype=bool))
    lives.relapse_day[de_novo] = 0.0
    _start_line(tumors, lives, de_novo, p, streams)
    at = np.array([STRETCH_DAYS])
    for stretch in range(
        int(365.25 * (YEARS_FOLLOWED + 3 * _LINE_YEARS) / STRETCH_DAYS)
    ):
        rows = np.flatnonzero(lives.active)
        if not len(rows):
            break
        early = lives.line[rows] == 0
        on_adjuvant = early & (lives.day[rows] < lives.adjuvant_end[rows])
        given = np.where(on_adjuvant, lives.adjuvant[rows], lives.therapy[rows])
        given = np.where(early & ~on_adjuvant, 0, given)
        parameters = lanes.p[rows]
        parameters[:, :, columns] = loads[(~early).astype(int), given, rows][:, None, :]
        began = tumors.y[rows], tumors.log_cells[rows]
        tumors.grow(parameters, rows, at)
        tumors.mutate(rows, stretch, p, streams)
        lives.day[rows] += STRETCH_DAYS
        line = lives.line[rows]
        _decide(tumors, lives, rows, began, p, streams)
        watch(
            Instant(
                rows=rows,
                day=lives.day[rows],
                line=line,
                given=given,
                log_cells=tumors.log_cells[rows],
            )
        )
    return _merge(lives.snapshots)


def _decide(
    tumors: Tumors, lives: _Lives, rows: Rows, began: tuple[Array, Array],
    p: ParameterSet, streams: Streams,
) -> None:  # fmt: skip
    """Find relapse, progression, cure and the end of follow-up."""
    early = lives.line[rows] == 0
    before, total = log_total(began[1]), tumors.total(rows)
    lives.active[rows[~np.isfinite(total)]] = False
    turned = early & (total >= lives.detect[rows])
    share = np.where(early, _crossing(before, total, lives.detect[rows]), 1.0)
    old = (
        early
        & (lives.day[rows] > 365.25 * YEARS_FOLLOWED)
        & (total < lives.detect[rows])
    )
    lives.active[rows[old]] = False
    late = np.flatnonzero(~early)
    turned[late], share[late] = _progressed(tumors, lives, rows[late], before[late], p)
    which = np.flatnonzero(turned)
    parts = began[0][which], began[1][which]
    _rewind(tumors, lives, rows[which], share[which], parts)
    relapsed = rows[early & turned]
    lives.relapse_day[relapsed] = lives.day[relapsed]
    lives.last_days[rows[late]] = lives.day[rows[late]] - lives.line_start[rows[late]]
    endless = rows[late][lives.last_days[rows[late]] > 365.25 * _LINE_YEARS]
    lives.active[endless] = False
    turn = rows[which]
    _start_line(tumors, lives, turn[lives.active[turn]], p, streams)
