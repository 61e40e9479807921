"""Conditions that several rules of NICE NG259 share."""

from __future__ import annotations

from openfls.investigation.conditions import (
    AGE,
    EGFR,
    glucocorticoids,
)
from openfls.investigation.fractures import (
    HIP_OR_VERTEBRAL,
    RECENT_MAJOR,
    TWO_FRAGILITY,
)
from openfls.investigation.logic import Any_, Flag, Named

STEROIDS = Named(
    ~Flag("adrenal_replacement_only")
    & (glucocorticoids(5, 3, more_than=True) | Flag("glucocorticoids_frequent_courses")),
    "systemic glucocorticoids (5 mg or more a day for more than 3 months, or frequent courses; "
    "not adrenal replacement)",
)

TABLE_1_FIELDS = (
    "early_menopause",
    "aromatase_inhibitor",
    "androgen_deprivation",
    "hyperthyroidism",
    "hyperparathyroidism",
    "cushings",
    "type_1_diabetes",
    "type_2_diabetes",
    "malabsorption",
    "chronic_liver_disease",
    "myeloma",
    "parkinsons",
    "immobility",
    "copd",
    "rheumatoid_arthritis",
    "lupus",
    "chronic_kidney_disease",
    "anticonvulsants",
    "ssri",
    "proton_pump_inhibitor",
    "other_bone_condition",
    "other_bone_medicine",
)
TABLE_1 = Named(
    Any_((*(Flag(field) for field in TABLE_1_FIELDS), EGFR.below(30))),
    "a risk factor of the guideline's table 1",
)
RELATIVE_HIP = Named(
    Flag("parent_hip_fracture") | Flag("first_degree_hip_fracture"), "hip fracture in a first-degree relative"
)
ACCELERATED_LOSS = Named(
    Flag("aromatase_inhibitor") | Flag("androgen_deprivation") | Flag("hyperparathyroidism"),
    "a medicine or condition with fast bone loss (aromatase inhibitor, androgen deprivation, "
    "primary hyperparathyroidism)",
)
DXA_OFFERED = Named(
    AGE.at_least(30) & (HIP_OR_VERTEBRAL | RECENT_MAJOR | TWO_FRAGILITY),
    "DXA is offered for fractures (1.4.1)",
)
