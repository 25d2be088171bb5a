"""The words of the evidence: how sure, which endpoint, which case-mix measure."""

from enum import StrEnum

__all__ = [
    "BaselineMeasure",
    "Certainty",
    "Confidence",
    "DesignMeasure",
    "Endpoint",
    "EndpointKind",
    "IntervalKind",
    "Use",
]


class Confidence(StrEnum):
    """How far a fact was checked."""

    VERIFIED = "verified"
    """Read in the publication, its abstract, a label or a registry record."""
    STATED = "stated"
    """Stated by the review, not checked elsewhere."""
    RECALLED = "recalled"
    """From knowledge of the field, not verified."""
    DERIVED = "derived"
    """Arithmetic on other facts, spelled out in the note."""


class Certainty(StrEnum):
    """How sure a recalled or inferred fact is held to be."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class EndpointKind(StrEnum):
    """Family of endpoints, as the list of targets counts them."""

    HAZARD_RATIO = "hazard_ratio"
    ODDS_RATIO = "odds_ratio"
    MEDIAN = "median"
    RESPONSE = "orr_cbr"
    LANDMARK = "landmark"
    KI67 = "ki67"
    UPTAKE = "uptake"
    COURSE = "course"
    """What happened to patients besides the tumor's course."""


class Endpoint(StrEnum):
    """What a trial reported, each with its kind; the name says the unit.

    What the model makes of each stands in `oestra.trial.endpoints`.
    """

    kind: EndpointKind

    def __new__(cls, name: str, kind: EndpointKind) -> "Endpoint":
        """Make a word of its name and kind."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.kind = kind
        return member

    HAZARD_RATIO = "hazard_ratio", EndpointKind.HAZARD_RATIO
    ODDS_RATIO = "odds_ratio", EndpointKind.ODDS_RATIO
    PFS_MEDIAN = "pfs_median_months", EndpointKind.MEDIAN
    TTP_MEDIAN = "ttp_median_months", EndpointKind.MEDIAN
    OS_MEDIAN = "os_median_months", EndpointKind.MEDIAN
    PFS2_MEDIAN = "pfs2_median_months", EndpointKind.MEDIAN
    RESPONSE_DURATION_MEDIAN = "response_duration_median_months", EndpointKind.MEDIAN
    TREATMENT_DURATION_MEDIAN = "treatment_duration_median_months", EndpointKind.MEDIAN
    ORR = "orr_percent", EndpointKind.RESPONSE
    CBR = "cbr_percent", EndpointKind.RESPONSE
    DISEASE_CONTROL = "disease_control_percent", EndpointKind.RESPONSE
    STABLE_DISEASE = "stable_disease_percent", EndpointKind.RESPONSE
    LANDMARK = "landmark_percent", EndpointKind.LANDMARK
    KI67_CHANGE = "ki67_change_percent", EndpointKind.KI67
    KI67_RESPONSE = "ki67_response_percent", EndpointKind.KI67
    METABOLIC_RESPONSE = "metabolic_response_percent", EndpointKind.UPTAKE
    ADVERSE_EVENT = "adverse_event_percent", EndpointKind.COURSE
    DISCONTINUATION = "discontinuation_percent", EndpointKind.COURSE
    DOSE_REDUCTION = "dose_reduction_percent", EndpointKind.COURSE
    DEATHS = "deaths_percent", EndpointKind.COURSE
    CROSSOVER = "crossover_percent", EndpointKind.COURSE

    @property
    def unit(self) -> str:
        """Unit of the endpoint: ``month``, ``percent`` or ``1``."""
        last = self.value.rsplit("_", 1)[-1]
        return {"months": "month", "percent": "percent"}.get(last, "1")

    @property
    def is_contrast(self) -> bool:
        """Whether the endpoint compares an arm with a control."""
        return self in (Endpoint.HAZARD_RATIO, Endpoint.ODDS_RATIO)

    @property
    def is_change(self) -> bool:
        """Whether the endpoint is a change, negative where something fell."""
        return self.value.endswith("_change_percent")


class Use(StrEnum):
    """What a published quantity may do to the model."""

    FIT = "fit"
    """Independent, investigator-assessed, final: enters the score."""
    CHECK = "check"
    """Shown beside the model, never scored."""
    EXCLUDE = "exclude"
    """Duplicate of a fit row."""


class IntervalKind(StrEnum):
    """Where the interval of a fit target comes from."""

    PUBLISHED = "published"
    """95 % interval as printed."""
    EXACT = "exact"
    """Clopper-Pearson interval of the count over n."""
    FROM_P = "from_p"
    """ln HR +/- 1.96 |ln HR| / z(p)."""
    KM_MEDIAN = "km_median"
    """Large-sample error of a Kaplan-Meier median."""
    NONE = "none"
    """No interval can be given."""


class DesignMeasure(StrEnum):
    """One fact about how a trial was run."""

    BLINDING = "blinding"
    LINE = "line"
    CRITERIA = "criteria"
    ASSESSOR = "assessor"
    VISIT_INTERVAL = "visit_interval"
    VISIT_INTERVAL_LATER = "visit_interval_later"
    LESIONS_ALLOWED = "lesions_allowed"
    CONFIRMATION = "confirmation"
    ORR_DENOMINATOR = "orr_denominator"
    CBR_DEFINITION = "cbr_definition"
    CBR_DENOMINATOR = "cbr_denominator"
    ELIGIBILITY = "eligibility"
    STRATIFICATION = "stratification"
    CROSSOVER = "crossover"
    ACCRUAL = "accrual"
    DATA_CUT = "data_cut"
    FOLLOW_UP_MEDIAN = "follow_up_median"
    EVENTS = "events"
    RANDOMIZED = "randomized"
    PRIMARY_ENDPOINT = "primary_endpoint"
    SECONDARY_ENDPOINTS = "secondary_endpoints"
    SENSITIVITY = "sensitivity"


class BaselineMeasure(StrEnum):
    """One line of a trial's baseline table."""

    AGE_MEDIAN = "age_median"
    DE_NOVO_STAGE_IV = "de_novo_stage_iv"
    DISEASE_FREE_INTERVAL = "disease_free_interval"
    VISCERAL = "visceral"
    LIVER = "liver"
    LUNG = "lung"
    BONE_ANY = "bone_any"
    BONE_ONLY = "bone_only"
    MEASURABLE = "measurable"
    PRIOR_LINES = "prior_lines"
    ADJUVANT_TAMOXIFEN = "adjuvant_tamoxifen"
    ADJUVANT_AI = "adjuvant_ai"
    NO_ADJUVANT_ENDOCRINE = "no_adjuvant_endocrine"
    PRIOR_METASTATIC_THERAPY = "prior_metastatic_therapy"
    PRIOR_CHEMOTHERAPY = "prior_chemotherapy"
    ENDOCRINE_SENSITIVE = "endocrine_sensitive"
    ER_POSITIVE = "er_positive"
    PGR_POSITIVE = "pgr_positive"
    HER2_POSITIVE = "her2_positive"
    OTHER = "other"
