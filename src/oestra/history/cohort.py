"""The pool every trial enrolls from: patients whenever a therapy is chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.ordered_sum import ordered_sum
from oestra.core.packed import rounded
from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.terms import Site
from oestra.course.assemble import (
    ESR1_ALLELES,
    Lanes,
    assemble,
    esr1_alleles,
    esr1_shares,
    receptor_lost,
    with_second_allele,
)
from oestra.course.pace import TURNOVER, paced
from oestra.history.lines import Decisions, simulate_histories
from oestra.history.observation import Observation, unwatched
from oestra.history.therapies import practice
from oestra.network.cell import cell
from oestra.patients.population import sample_population
from oestra.tumor.burden import lesion_log_volume, log_total
from oestra.tumor.clone import Clone
from oestra.tumor.presentation import (
    MAX_LESIONS,
    Presentation,
    sample_presentation,
    with_primary,
)
from oestra.work.each import Workers, in_order

__all__ = [
    "SECOND_ALLELE",
    "Cohort",
    "decision_table",
    "simulate_cohort",
    "simulate_lives",
]

SECOND_ALLELE = "esr1_second_allele"
"""Column of decisions in a population with clones of a second ESR1 allele."""
_CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Enrollment opportunities of virtual patients.

    Parameters
    ----------
    parameters : ParameterSet
        What the histories were simulated with.
    seed : int
        Seed of the histories.
    covariates : DataFrame
        Traits, indexed by patient number.
    decisions : DataFrame, m rows
        One row an opportunity: history, disease and biomarkers at that time. With a
        column `SECOND_ALLELE` the arrays below have the clone `SECOND_ESR1` too.
    y : ndarray of float32, shape (m, clones, states)
        States of the clones, rounded to twelve bits, at these times.
    log_cells : ndarray, shape (m, clones)
        Log cell numbers.
    """

    sent_apart: ClassVar[bool] = True
    parameters: ParameterSet
    seed: int
    covariates: pd.DataFrame
    decisions: pd.DataFrame
    y: NDArray[np.float32]
    log_cells: NDArray[np.float64]

    @property
    def streams(self) -> Streams:
        """Chance of the patients' own lives."""
        return Streams(self.seed, ("patients",))

    def patients(self, rows: NDArray[np.int64]) -> pd.DataFrame:
        """Return the traits of the patients of some decisions, one row a decision."""
        return self.covariates.loc[self.decisions["patient"].to_numpy()[rows]]

    def lanes(self, rows: NDArray[np.int64], log_growth_effect: float = 0.0) -> Lanes:
        """Return the clones of the patients of some decisions, untreated.

        The effect is the log of a factor on the pace of all of them.
        """
        found = assemble(
            cell(self.parameters.library),
            self.parameters,
            self.patients(rows),
            self.streams,
        )
        second = self.second_alleles(rows)
        if second is not None:
            found = with_second_allele(found, second, self.parameters.library)
        for name in TURNOVER:
            found.p[:, :, found.cell.column(name)] *= np.exp(log_growth_effect)
        return found

    def second_alleles(self, rows: NDArray[np.int64]) -> NDArray[np.str_] | None:
        """Return the second ESR1 allele at some decisions, None where nobody has one.

        Those without one have ``wild type``.
        """
        if SECOND_ALLELE not in self.decisions:
            return None
        return self.decisions[SECOND_ALLELE].to_numpy(dtype=str)[rows]

    def second_shares(self, rows: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """Return the share of ESR1 mutations that make the second allele.

        It is 0 for patients without one, and None where nobody has one.
        """
        second = self.second_alleles(rows)
        if second is None:
            return None
        found = np.zeros(len(rows))
        shares = esr1_shares(self.parameters)
        for name, share in zip(ESR1_ALLELES, shares, strict=True):
            found[second == name] = share
        return found

    def presentation(self, rows: NDArray[np.int64]) -> Presentation:
        """Return the lesions of the patients of some decisions."""
        here = self.decisions.iloc[rows]
        ids = here["patient"].to_numpy()
        found = sample_presentation(ids, self.parameters, self.streams, len(Clone))
        if SECOND_ALLELE in here:
            own = self.streams.spawn(Stream.SECOND_ALLELE)
            z = own.normal(Stream.LESION_MIXES, ids, MAX_LESIONS)
            mix = self.parameters["lesion_mix_sd"] * z[:, :, None]
            found = replace(found, mix=np.concatenate([found.mix, mix], axis=2))
        before = (here["setting"] == "primary").to_numpy()
        return with_primary(found, before, self.parameters["breast_pace"])


def _shares(log_cells: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(log_cells - log_total(log_cells)[:, None])


def _disease(
    ids: NDArray[np.int64],
    primary: NDArray[np.bool_],
    log_cells: NDArray[np.float64],
    p: ParameterSet,
    streams: Streams,
) -> pd.DataFrame:
    """Describe lesions as a radiologist would."""
    lesions = with_primary(
        sample_presentation(ids, p, streams, len(Clone)), primary, p["breast_pace"]
    )
    still = np.zeros((len(ids), 1, len(Clone)))
    volume = lesion_log_volume(log_cells, still, lesions, p["cells_per_mm3"])
    # Histories go on past burdens that kill; whoever carries one is too ill to enroll.
    with np.errstate(over="ignore"):
        diameter = (6.0 / np.pi * np.exp(volume[:, :, 0])) ** (1.0 / 3.0)
    measurable = (diameter >= p["measurable_diameter_mm"]) & lesions.distinct
    symptoms = streams.uniform(Stream.SYMPTOMS_AT_ENTRY, ids)[:, 0]
    kinds = [
        ((lesions.site == code).any(axis=1)).astype(int) for code in range(len(Site))
    ]
    return pd.DataFrame(
        {
            "visceral": lesions.has(Site.LUNG, Site.LIVER),
            "liver": lesions.has(Site.LIVER),
            "lung": lesions.has(Site.LUNG),
            "bone": lesions.has(Site.BONE),
            "bone_only": lesions.bone_only,
            "measurable": measurable.any(axis=1),
            "sites": np.sum(kinds, axis=0),
            "symptomatic": symptoms < p["symptomatic_share"],
        }
    )


def decision_table(
    decisions: Decisions, c: pd.DataFrame, p: ParameterSet, streams: Streams
) -> pd.DataFrame:
    """Return what is known of patients when a line is chosen.

    Parameters
    ----------
    decisions : Decisions
        The moments.
    c : DataFrame
        Traits of the patients.
    p : ParameterSet
        What they were simulated with.
    streams : Streams
        Chance of their lives.

    Returns
    -------
    DataFrame
        One row a moment.
    """
    model = cell(p.library)
    who = c.iloc[decisions.rows]
    ids = who.index.to_numpy()
    facts = pd.DataFrame(decisions.facts)
    share = _shares(decisions.log_cells)
    ki67 = 100.0 * ordered_sum(share * decisions.y[:, :, model.states["ki67"]], axis=1)
    names = esr1_alleles(ids, p, streams)
    mutant = share[:, Clone.ESR1_MUTANT] > p["esr1_detectable_share"]
    lost, without = receptor_lost(ids, p, streams), share[:, Clone.AUTONOMOUS]
    lines = facts["prior_lines"].to_numpy()
    chemotherapy = streams.uniform(Stream.PRIOR_CHEMOTHERAPY, ids)[:, 0]
    own = pd.DataFrame(
        {
            "patient": ids,
            "weight": who["weight"].to_numpy(),
            "age_years": who["age_years"].to_numpy(),
            "er_h_score": who["er_h_score"].to_numpy(),
            "er_positive": ~(lost & (without >= p["receptor_negative_share"])),
            "pgr_positive": who["pgr_positive"].to_numpy(),
            "her2_positive": who["her2_positive"].to_numpy(),
            "pik3ca": who["pik3ca"].to_numpy(),
            "pten_loss": who["pten_loss"].to_numpy(),
            "akt1_mutant": who["akt1_mutant"].to_numpy(),
            "luminal_a": who["luminal_a"].to_numpy(),
            "cyp2d6": who["cyp2d6"].to_numpy(),
            "esr1_mutant": mutant,
            "esr1_mutant_share": share[:, Clone.ESR1_MUTANT],
            "esr1_allele": np.where(mutant, names, "wild type"),
            "ki67_percent": ki67,
            "de_novo_stage_iv": who["de_novo_stage_iv"].to_numpy(),
            "prior_chemotherapy_lines": (
                (lines > 0) & (chemotherapy < p["prior_chemotherapy"])
            ).astype(int),
        }
    )
    known = practice(p.library)
    classes = np.array(known.classes)
    partners = np.array([name or "none" for name in known.partners])
    facts["adjuvant_therapy"] = classes[facts.pop("adjuvant_code").to_numpy()]
    facts["last_therapy"] = classes[facts.pop("last_code").to_numpy()]
    facts["last_partner"] = partners[facts.pop("last_partner_code").to_numpy()]
    primary = (facts["setting"] == "primary").to_numpy()
    disease = _disease(ids, primary, decisions.log_cells, p, streams)
    return pd.concat([own, facts, disease], axis=1)


def _chunk(
    first: int,
    count: int,
    p: ParameterSet,
    seed: int,
    enriched: bool,  # noqa: FBT001 - tasks take arguments by place
) -> tuple[pd.DataFrame, pd.DataFrame, NDArray[np.float32], NDArray[np.float64]]:
    streams = Streams(seed, ("patients",))
    c, found = simulate_lives(first, count, p, streams, enriched=enriched)
    return c, decision_table(found, c, p, streams), found.y, found.log_cells


def simulate_lives(
    first: int,
    count: int,
    p: ParameterSet,
    streams: Streams,
    *,
    enriched: bool = False,
    watch: Callable[[Observation], None] = unwatched,
) -> tuple[pd.DataFrame, Decisions]:
    """Simulate patients from diagnosis to cure or their last line.

    Parameters
    ----------
    first, count : int
        Number of the first of them in the population, and how many.
    p : ParameterSet
        The model's parameters, which know their library.
    streams : Streams
        Chance of patients' lives.
    enriched : bool
        Draw rare patients more often.
    watch : callable, optional
        Takes what is seen at the end of each period.

    Returns
    -------
    tuple of DataFrame and Decisions
        Their traits, and the moments at which a line was chosen.
    """
    drawn = sample_population(count, p, streams, first=first, enriched=enriched)
    model = cell(p.library)
    c = paced(drawn.covariates, p, model, streams)
    lanes = assemble(model, p, c, streams)
    return c, simulate_histories(lanes, c, p, streams, watch=watch)


def _parts(first: int, n: int) -> Sequence[tuple[int, int]]:
    return [(first + start, min(_CHUNK, n - start)) for start in range(0, n, _CHUNK)]


def simulate_cohort(
    n: int,
    parameters: ParameterSet,
    *,
    seed: int = 20_141,
    workers: Workers = 2,
    enriched: bool = False,
    first: int = 0,
) -> Cohort:
    """Simulate the histories of patients.

    Parameters
    ----------
    n : int
        How many patients are at risk of metastatic disease, de novo stage IV included.
    parameters : ParameterSet
        The model's parameters.
    seed : int
        Seed of the patients' lives; trials have seeds of their own.
    workers : int or Executor
        Threads, or who does the work; no result depends on it.
    enriched : bool
        Draw rare patients more often, with weights that undo it.
    first : int
        Number of the first of them in the population.

    Returns
    -------
    Cohort
        Every moment at which one of them chose a metastatic therapy.
    """
    calls = ((*part, parameters, seed, enriched) for part in _parts(first, n))
    with in_order(workers, _chunk, calls) as results:
        parts = list(results)
    return Cohort(
        parameters=parameters,
        seed=seed,
        covariates=pd.concat([part[0] for part in parts]),
        decisions=pd.concat([part[1] for part in parts], ignore_index=True),
        # What is kept on disk is rounded; a pool simulated anew is the same.
        y=rounded(np.concatenate([part[2] for part in parts])),
        log_cells=np.concatenate([part[3] for part in parts]),
    )
