"""A table of hard cases: what the reader saw, and the rule each answer turns on."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.core.terms import Criteria
from oestra.trial.criteria import rules_of
from oestra.trial.recist import (
    Code,
    Reading,
    best_response,
    confirmed,
    first_progression,
    overall_response,
)

V11, V10, WHO = Criteria.RECIST_1_1, Criteria.RECIST_1_0, Criteria.WHO
NE, PD, SD, NON, PR, CR = Code
MISSED = None


def reading(
    baseline, sums, *, cleared=(), nontarget=(), worse=(), new=(), weeks=6
) -> Reading:
    """One patient; marks are visit numbers counted from 0, missed sums are None."""
    visits = len(sums)

    def mark(which):
        return np.isin(np.arange(visits), list(which))[None, :]

    target = np.array([[0.0 if s is None else s for s in sums]])
    return Reading(
        day=7.0 * weeks * np.arange(1, visits + 1)[None, :],
        assessed=np.array([[s is not None for s in sums]]),
        baseline=np.array([float(baseline)]),
        target=target,
        target_cleared=mark(cleared) | ((target == 0) & (baseline > 0)),
        nontarget_cleared=mark(range(visits) if nontarget == "none" else nontarget),
        nontarget_worse=mark(worse),
        new_lesion=mark(new),
    )


VISITS = [
    # rule, criteria, what was seen, response at each visit
    ("30 % below baseline is PR", V11, {"sums": [70]}, [PR]),
    ("29 % below baseline is SD", V11, {"sums": [71]}, [SD]),
    ("20 % above nadir is PD", V11, {"sums": [60, 72]}, [PR, PD]),
    ("20 % counts from nadir, not baseline", V11, {"sums": [50, 61]}, [PR, PD]),
    (
        "19 % above nadir is not PD, though back to SD",
        V11,
        {"sums": [60, 71]},
        [PR, SD],
    ),
    ("20 % but under 5 mm is not PD in 1.1", V11, {"sums": [20, 24]}, [PR, PR]),
    ("20 % under 5 mm is PD in 1.0", V10, {"sums": [20, 24]}, [PR, PD]),
    ("20 % and exactly 5 mm is PD in 1.1", V11, {"sums": [25, 30]}, [PR, PD]),
    (
        "baseline is the nadir of a tumor that only grows",
        V11,
        {"sums": [119, 120]},
        [SD, PD],
    ),
    (
        "slow growth is measured against the nadir, never the last visit",
        V10,
        {"sums": [110, 119, 121]},
        [SD, SD, PD],
    ),
    ("half the product is PR in WHO", WHO, {"sums": [50]}, [PR]),
    ("49 % less product is SD in WHO", WHO, {"sums": [51]}, [SD]),
    ("a quarter more product is PD in WHO", WHO, {"sums": [80, 100]}, [SD, PD]),
    ("24 % more product is not", WHO, {"sums": [80, 99]}, [SD, SD]),
    (
        "a new lesion is PD though targets respond",
        V11,
        {"sums": [60], "new": [0]},
        [PD],
    ),
    (
        "a new lesion is PD though targets vanish",
        V11,
        {"sums": [0], "nontarget": "none", "new": [0]},
        [PD],
    ),
    (
        "worse non-targets are PD though targets are stable",
        V10,
        {"sums": [100], "worse": [0]},
        [PD],
    ),
    ("targets gone, non-targets gone: CR", V11, {"sums": [0], "nontarget": [0]}, [CR]),
    ("targets gone, non-targets persist: PR", V11, {"sums": [0]}, [PR]),
    (
        "normal nodes still have a sum, and yet it is CR",
        V11,
        {"sums": [18], "cleared": [0], "nontarget": "none"},
        [CR],
    ),
    (
        "a lesion back after CR is PD",
        V10,
        {"sums": [0, 12], "nontarget": "none"},
        [CR, PD],
    ),
    ("a missed visit is NE", V11, {"sums": [80, MISSED, 60]}, [SD, NE, PR]),
    (
        "a missed visit does not lower the nadir",
        V11,
        {"sums": [90, MISSED, 95]},
        [SD, NE, SD],
    ),
    (
        "a new lesion at a missed visit is not seen",
        V11,
        {"sums": [90, MISSED], "new": [1]},
        [SD, NE],
    ),
]


@pytest.mark.parametrize(
    ("criteria", "seen", "want"),
    [case[1:] for case in VISITS],
    ids=[case[0] for case in VISITS],
)
def test_response_at_visits(criteria, seen, want):
    got = overall_response(reading(100, **seen), rules_of(criteria))
    assert [Code(c) for c in got[0]] == want


BONE_ONLY = [
    ("bone lesions that persist are neither CR nor PD", {"sums": [0]}, None),
    ("bone lesions that vanish are CR", {"sums": [0], "nontarget": [0]}, CR),
    ("bone lesions unequivocally worse are PD", {"sums": [0], "worse": [0]}, PD),
    ("a new bone lesion is PD", {"sums": [0], "new": [0]}, PD),
]


@pytest.mark.parametrize(
    ("seen", "want"), [c[1:] for c in BONE_ONLY], ids=[c[0] for c in BONE_ONLY]
)
@pytest.mark.parametrize(("criteria", "word"), [(V11, NON), (V10, SD), (WHO, SD)])
def test_without_measurable_disease(criteria, word, seen, want):
    got = overall_response(reading(0, **seen), rules_of(criteria))
    assert [Code(c) for c in got[0]] == [word if want is None else want]


def seen(**changes):
    """Return one patient with a target of 30 mm and a visit on day 42."""
    return replace(reading(30, [20.0]), **changes)


NOT_ALL_SEEN = [
    # rule, changes of what was seen, response
    ("a target not evaluable", {"target_evaluable": [[False]]}, NE),
    ("growth that a missing lesion cannot undo",
     {"target": [[36.0]], "target_evaluable": [[False]]}, PD),
    ("others not evaluable", {"nontarget_evaluable": [[False]]}, PR),
    ("targets gone, others not evaluable",
     {"target": [[0.0]], "target_cleared": [[True]], "nontarget_cleared": [[True]],
      "nontarget_evaluable": [[False]]}, PR),
    ("a new lesion at a visit that cannot be evaluated",
     {"target_evaluable": [[False]], "nontarget_evaluable": [[False]],
      "new_lesion": [[True]]}, PD),
    ("others worse while targets are not evaluable",
     {"target_evaluable": [[False]], "nontarget_worse": [[True]]}, PD),
    ("one lesion alone has grown", {"target_worse": [[True]]}, PD),
    ("the sum has grown, though no lesion enough by itself",
     {"target": [[36.0]], "target_worse": [[False]]}, PD),
    ("no disease before treatment", {"diseased": [False]}, NE),
    ("disease before treatment, and a target not evaluable",
     {"diseased": [True], "target_evaluable": [[False]]}, NE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "want"), [c[1:] for c in NOT_ALL_SEEN], ids=[c[0] for c in NOT_ALL_SEEN]
)
def test_what_was_not_all_seen(changes, want):
    one = seen(**{name: np.array(value) for name, value in changes.items()})
    assert overall_response(one, rules_of(V11)).tolist() == [[want]]


BEST = [
    # rule, visits every 6 weeks, weeks of confirmation, best response
    ("PR seen twice is confirmed", [PR, PR], 4, PR),
    ("PR seen once is SD", [PR, SD], 4, SD),
    ("PR seen once counts where nobody asks twice", [PR, SD], None, PR),
    ("PR then PD is SD", [PR, PD], 4, SD),
    ("PR, not evaluable, PR is confirmed", [PR, NE, PR], 4, PR),
    ("PR, not evaluable twice, PR is not", [PR, NE, NE, PR], 4, SD),
    ("PR, SD, PR is not confirmed", [PR, SD, PR], 4, SD),
    ("PR, SD, PR, PR is confirmed by the later pair", [PR, SD, PR, PR], 4, PR),
    ("CR then PR is progression, and stable until then", [CR, PR], 4, SD),
    ("CR then CR is CR", [CR, CR], 4, CR),
    ("PR then CR once is PR", [PR, CR], 4, PR),
    ("PR at the last visit is not confirmed", [SD, PR], 4, SD),
    ("PD at the first visit", [PD, PR], 4, PD),
    ("what comes after PD does not count", [SD, PD, PR, PR], 4, SD),
    ("nothing evaluable", [NE, NE], 4, NE),
    ("not evaluable, then PD, is PD", [NE, PD], 4, PD),
    ("non-CR/non-PD is its own best", [NON, NON], 4, NON),
    ("stable targets say more than the word for none", [NON, SD, NON], 4, SD),
    ("six weeks apart do not confirm after eight", [PR, PR], 8, SD),
]


@pytest.mark.parametrize(
    ("visits", "weeks", "want"), [c[1:] for c in BEST], ids=[c[0] for c in BEST]
)
def test_best_response(visits, weeks, want):
    response = np.array([visits], dtype=np.int8)
    day = 42.0 * np.arange(1, len(visits) + 1)[None, :]
    best = best_response(response, day, confirmation_weeks=weeks)
    assert Code(best.code[0]) == want
    assert np.isfinite(best.start[0]) == (want >= PR)


def test_stable_disease_before_six_weeks_is_not_evaluable():
    response = np.array([[SD, NE]], dtype=np.int8)
    day = np.array([[28.0, 56.0]])
    best = best_response(response, day, confirmation_weeks=4)
    assert Code(best.code[0]) == NE


def test_progression_day_and_unchanged_input():
    response = np.array([[SD, PD, PD], [SD, SD, NE]], dtype=np.int8)
    day = np.array([[42.0, 84.0, 126.0]] * 2)
    assert list(first_progression(response, day)) == [84.0, np.inf]
    confirmed(response, day, 4)
    assert response[0, 1] == PD
