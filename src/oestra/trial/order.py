"""The order of events: every step from onset to analysis, with the code that does it.

It is told here alone. Documentation shows this list, and a test follows a population
and a trial and compares the calls with it.
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ORDER", "Phase", "Repeat", "Step", "order_table"]


class Phase(StrEnum):
    """A part of the way, simulated in one go."""

    HISTORY = "before the trial"
    TRIAL = "on trial"


class Repeat(StrEnum):
    """How often a step comes."""

    ONCE = "once"
    PERIOD = "each period"
    PROGRESSION = "at relapse and progression"
    REPLICATE = "each replicate"
    ARM = "each arm"
    ARM_PERIOD = "each arm, each period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Parameters
    ----------
    phase : Phase
        Where it belongs.
    repeat : Repeat
        How often it comes; steps that follow each other with the same word repeat
        together.
    name : str
        What happens.
    does : str
        The function that does it, as module and name.
    observed : str
        What does it where everybody is enrolled, weighted, under every arm; the same
        function by default, nothing if empty.
    """

    phase: Phase
    repeat: Repeat
    name: str
    does: str
    observed: str


def _step(
    phase: Phase, repeat: Repeat, name: str, does: str, observed: str | None = None
) -> Step:
    return Step(
        phase=phase,
        repeat=repeat,
        name=name,
        does=f"oestra.{does}",
        observed=f"oestra.{does}" if observed is None else observed,
    )


_BEFORE, _ON = Phase.HISTORY, Phase.TRIAL
_ONCE, _PERIOD, _REPLICATE, _ARM = (
    Repeat.ONCE,
    Repeat.PERIOD,
    Repeat.REPLICATE,
    Repeat.ARM,
)
_WEIGHTED = "oestra.trial.weighted_enrollment.enroll_weighted"

ORDER: tuple[Step, ...] = (
    _step(_BEFORE, _ONCE, "draw traits", "patients.population.sample_population"),
    _step(_BEFORE, _ONCE, "give each tumor its pace", "course.pace.paced"),
    _step(_BEFORE, _ONCE, "assemble clones", "course.assemble.assemble"),
    _step(_BEFORE, _ONCE, "settle parental cells", "course.tumors.settle"),
    _step(_BEFORE, _ONCE, "begin the disease", "history.onset.begin"),
    _step(_BEFORE, _ONCE, "draw mutants at onset", "tumor.mutation.pre_existing"),
    _step(_BEFORE, _ONCE, "settle untreated cells", "course.tumors.settle"),
    _step(
        _BEFORE, _ONCE, "choose adjuvant therapy", "history.practice.adjuvant_choice"
    ),
    _step(_BEFORE, _ONCE, "record primary tumors", "history.record.record_primaries"),
    _step(
        _BEFORE,
        _ONCE,
        "dose all therapies of practice",
        "engagement.load_table.load_table",
    ),
    _step(_BEFORE, _PERIOD, "integrate", "course.tumors.Tumors.grow"),
    _step(_BEFORE, _PERIOD, "mutate", "course.tumors.Tumors.mutate"),
    _step(_BEFORE, _PERIOD, "look for progression", "history.follow_up.decide"),
    _step(
        _BEFORE,
        Repeat.PROGRESSION,
        "draw the year of metastatic disease",
        "history.era.begin_era",
    ),
    _step(
        _BEFORE,
        Repeat.PROGRESSION,
        "record the enrollment opportunity",
        "history.record.record",
    ),
    _step(
        _BEFORE,
        Repeat.PROGRESSION,
        "choose the next line",
        "history.practice.line_choice",
    ),
    _step(_ON, _ONCE, "see how well each is", "trial.candidates.candidates"),
    _step(_ON, _ONCE, "see how fast each tumor grows", "course.tumors.Tumors.grow"),
    _step(_ON, _ONCE, "screen", "trial.eligibility.screen"),
    _step(_ON, _ONCE, "weight to the case mix", "trial.case_mix.weigh"),
    _step(_ON, _REPLICATE, "enroll", "trial.enroll.enroll", _WEIGHTED),
    _step(_ON, _REPLICATE, "randomize", "trial.randomize.permuted_blocks", ""),
    _step(_ON, _REPLICATE, "draw the scan interval", "trial.visit.draw_interval", ""),
    _step(_ON, _ARM, "draw harm and withdrawal", "trial.discontinue.draw_leaving"),
    _step(_ON, _ARM, "expose", "engagement.regimen_load.drug_loads"),
    _step(_ON, _ARM, "grow from baseline scan to entry", "course.tumors.Tumors.grow"),
    _step(_ON, Repeat.ARM_PERIOD, "dose", "course.integrate.Doses.during"),
    _step(_ON, Repeat.ARM_PERIOD, "integrate", "course.tumors.Tumors.grow"),
    _step(_ON, Repeat.ARM_PERIOD, "mutate", "course.tumors.Tumors.mutate"),
    _step(_ON, _ARM, "measure lesions", "tumor.burden.lesion_log_volume"),
    _step(
        _ON, _ARM, "draw new lesions, symptoms, death", "course.events.Course.realize"
    ),
    _step(_ON, _ARM, "draw visits", "trial.visit.schedule"),
    _step(_ON, _ARM, "read scans", "trial.assess.read_scans"),
    _step(_ON, _ARM, "judge responses", "trial.assess.assess"),
    _step(_ON, _ARM, "derive outcomes", "trial.outcomes.derive_outcome"),
    _step(_ON, _ARM, "live on through later lines", "follow.later.live_on", ""),
    _step(_ON, _REPLICATE, "estimate each arm", "trial.analyze.analyze_arm", ""),
    _step(_ON, _REPLICATE, "compare arms", "trial.analyze.compare_arms", ""),
    _step(_ON, _REPLICATE, "decide at looks", "trial.looks.decide", ""),
    _step(_ON, _ONCE, "sum replicates up", "trial.summary.stratum_result", ""),
)
"""Later lines are lived only where overall survival is an endpoint of the trial."""


def order_table() -> str:
    """Return the order as a table in Markdown."""
    rows = [
        f"| {step.phase} | {step.repeat} | {step.name} | `{step.does}` |"
        for step in ORDER
    ]
    head = ["| where | how often | step | function |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])
