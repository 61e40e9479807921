"""The clinical picture: what is known of one person's bones and falls on one day, typed and with units.

`None` always means *not known*; it never means no, none or normal. Guideline packs, drug rules, letters and
the audit row all read this one value, so that a question is asked once and means the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openfls.record.findings import Kind
from openfls.record.people import Sex
from openfls.record.sites import Site


@dataclass(frozen=True, slots=True)
class PastFracture:
    """A fracture of this person. ``fragility`` is None until a person has judged it; ``on`` None: date not
    known.

    ``levels`` are the vertebrae of a spinal fracture, for example ``("T12", "L1")``; empty counts as one
    vertebra.
    """

    site: Site
    on: date | None = None
    fragility: bool | None = None
    kind: Kind = Kind.TRAUMATIC
    levels: tuple[str, ...] = ()


class Smoking(StrEnum):
    """Smoking, in the five groups that the QFracture equations use."""

    NEVER = "never"
    FORMER = "former"
    LIGHT = "light"  # fewer than 10 a day
    MODERATE = "moderate"  # 10 to 19 a day
    HEAVY = "heavy"  # 20 a day or more


class EthnicGroup(StrEnum):
    """Ethnic group, in the nine groups that the QFracture equations use, in their order."""

    WHITE_OR_NOT_RECORDED = "white or not recorded"
    INDIAN = "Indian"
    PAKISTANI = "Pakistani"
    BANGLADESHI = "Bangladeshi"
    OTHER_ASIAN = "other Asian"
    BLACK_CARIBBEAN = "Black Caribbean"
    BLACK_AFRICAN = "Black African"
    CHINESE = "Chinese"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FraxResult:
    """A FRAX result that somebody computed elsewhere; this system never computes FRAX. Percent over ten
    years."""

    major_osteoporotic_pct: float
    hip_pct: float
    on: date
    country_model: str
    with_bmd: bool


@dataclass(frozen=True, slots=True)
class QFractureResult:
    """A QFracture result, percent over ``years``; ``version`` names the equations, for example
    ``QFracture-2012``."""

    major_osteoporotic_pct: float
    hip_pct: float
    on: date
    years: int = 10
    version: str = "QFracture-2012"


@dataclass(frozen=True, slots=True)
class BoneDensity:
    """One DXA report, complete as it stands: a site without a value was not reported.

    T- and Z-scores in standard deviations. Without the number of evaluable vertebrae a spine's T-score is in doubt.
    """

    on: date
    lumbar_spine_t: float | None = None
    lumbar_spine_vertebrae: int | None = None
    total_hip_t: float | None = None
    femoral_neck_t: float | None = None
    forearm_t: float | None = None
    lowest_z: float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that a rule may ask about one person on the day ``on``.

    Units: height cm, weight kg, alcohol units a week, prednisolone-equivalent mg a day, creatinine µmol/L,
    adjusted calcium mmol/L, 25-hydroxyvitamin D nmol/L, eGFR mL/min/1.73 m². CrCl is derived, never stored
    as eGFR.
    """

    on: date
    sex: Sex = Sex.UNKNOWN
    age: int | None = None
    postmenopausal: bool | None = None
    fractures: tuple[PastFracture, ...] = ()
    # True: somebody has asked for every earlier fracture, so that a fracture not listed did not happen.
    fracture_history_taken: bool | None = None
    # body
    height_cm: float | None = None
    weight_kg: float | None = None
    height_loss_cm: float | None = None
    # risk factors
    ethnic_group: EthnicGroup | None = None
    parent_hip_fracture: bool | None = None
    parent_osteoporosis: bool | None = None
    first_degree_hip_fracture: bool | None = None  # a parent, brother, sister or child
    smoking: Smoking | None = None
    alcohol_units_week: float | None = None
    glucocorticoids_now: bool | None = None
    prednisolone_mg_day: float | None = None
    glucocorticoid_months: float | None = None
    glucocorticoids_frequent_courses: bool | None = None
    adrenal_replacement_only: bool | None = None
    rheumatoid_arthritis: bool | None = None
    lupus: bool | None = None  # systemic lupus erythematosus
    early_menopause: bool | None = None
    hrt: bool | None = None
    aromatase_inhibitor: bool | None = None
    androgen_deprivation: bool | None = None
    anticonvulsants: bool | None = None
    antidepressants: bool | None = None  # of any class
    ssri: bool | None = None
    proton_pump_inhibitor: bool | None = None
    type_1_diabetes: bool | None = None
    type_2_diabetes: bool | None = None
    hyperthyroidism: bool | None = None
    hyperparathyroidism: bool | None = None
    cushings: bool | None = None
    malabsorption: bool | None = None
    chronic_liver_disease: bool | None = None
    chronic_kidney_disease: bool | None = None  # stage 4 or 5
    asthma_or_copd: bool | None = None
    copd: bool | None = None
    cancer: bool | None = None
    myeloma: bool | None = None
    cardiovascular_disease: bool | None = None
    myocardial_infarction_or_stroke: bool | None = None
    dementia: bool | None = None
    parkinsons: bool | None = None
    immobility: bool | None = None
    care_home: bool | None = None
    other_bone_condition: bool | None = None  # another condition of the guideline's list of risk factors
    other_bone_medicine: bool | None = None  # another medicine of the guideline's list of risk factors
    rare_bone_disease: bool | None = None
    # falls
    falls_last_year: int | None = None
    fear_of_falling: bool | None = None
    lost_consciousness: bool | None = None
    unable_to_get_up: bool | None = None
    injured_by_fall: bool | None = None  # injury that needed medical or surgical treatment
    unsteady: bool | None = None
    inpatient: bool | None = None
    falls_service_now: bool | None = None
    frail: bool | None = None
    gait_speed_m_s: float | None = None
    timed_up_and_go_s: float | None = None
    # results
    frax: FraxResult | None = None
    qfracture: QFractureResult | None = None
    bone_density: BoneDensity | None = None
    bmd_falling: bool | None = None  # over serial scans, by more than the least significant change
    vfa_positive: bool | None = None
    creatinine_umol_l: float | None = None
    egfr: float | None = None
    adjusted_calcium_mmol_l: float | None = None
    vitamin_d_nmol_l: float | None = None
    # scanning
    dxa_planned: bool | None = None
    dxa_possible: bool | None = None  # can be tolerated and arranged
    dxa_needed: bool | None = None  # False: a clinician judged that it would change nothing
    dxa_delayed: bool | None = None  # a significant delay is expected
    vertebral_symptoms: bool | None = None  # unexplained back or rib pain, more kyphosis, suspicion on a scan
    spinal_imaging_last_3_months: bool | None = None
    scoliosis: bool | None = None  # enough to spoil the reading
    above_scanner_limit: bool | None = None
    # drugs
    starting_bone_drug: bool | None = None
    anabolic_likely: bool | None = None
    treatment_declined: bool | None = None  # or put off
    bone_drug_now: str | None = None  # "" is none, after asking
    bone_drug_ever: bool | None = None
    dental_problem: bool | None = None
    oesophageal_disease: bool | None = None
    # before a bone drug is chosen
    upright_30_min: bool | None = None  # can sit or stand upright that long after a tablet
    upright_60_min: bool | None = None
    upper_gi_disease: bool | None = None  # active ulcer, reflux disease or Barrett's
    oral_not_tolerated: bool | None = None  # a bone tablet was tried and given up
    dialysis: bool | None = None
    jaw_osteonecrosis: bool | None = None
    atypical_femur_fracture: bool | None = None
    venous_thrombosis: bool | None = None
    hormone_sensitive_cancer: bool | None = None
    undiagnosed_bleeding: bool | None = None  # from the womb
    could_be_pregnant: bool | None = None  # pregnant, breast-feeding, or could become pregnant
    uncontrolled_hypertension: bool | None = None
    metabolic_bone_disease: bool | None = None  # Paget's or another
    skeletal_radiotherapy: bool | None = None
    bone_malignancy: bool | None = None
    raised_alp_unexplained: bool | None = None
    bone_drug_months: float | None = None  # how long the drug of `bone_drug_now` had been taken
    bone_drug_taken_as_meant: bool | None = None
    # what must not be missed
    thigh_or_groin_pain: bool | None = None
    cord_signs: bool | None = None  # limb weakness, sphincter change, saddle numbness
    weight_loss_or_night_pain: bool | None = None
    haemoglobin_low: bool | None = None
    inflammation_raised: bool | None = None  # ESR, CRP or globulin
    paraprotein: bool | None = None
    safeguarding_concern: bool | None = None

    @property
    def bmi(self) -> float | None:
        """Body-mass index in kg/m²."""
        if self.height_cm is None or self.weight_kg is None:
            return None
        return self.weight_kg / (self.height_cm / 100) ** 2
