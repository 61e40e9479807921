"""Fictional people and services that the letter tests write about."""

from __future__ import annotations

from datetime import date

from openfls.information.context import (
    AdviceLine,
    Appointment,
    BrokenBone,
    FollowUp,
    LetterContext,
    Organisation,
    PersonDetails,
    Plan,
    Referral,
    RiskResult,
    ServiceDetails,
    SignOff,
)
from openfls.record.advice import Confidence

SERVICE = ServiceDetails(
    name="Fracture Liaison Service",
    address=("Bone Clinic, Level 2", "Marram General Hospital", "Marram", "MR1 2AB"),
    phone="01632 960 123",
    email="fls@marram.example",
    hours="Monday to Friday, 9am to 4pm",
    letterhead=("Marram Hospitals Trust",),
)
PERSON = PersonDetails(
    name="Mrs Edith O’Marsh",
    salutation="Mrs O’Marsh",
    address=("14 Tern Close", "Marram", "MR4 7QX"),
    birth_date=date(1951, 4, 9),
    nhs_number="9990000018",
    phone="01632 960 456",
)
DISCLAIMER = "Disclaimer of the tool, as its terms ask."


def full_context() -> LetterContext:
    """Everything is known."""
    return LetterContext(
        on=date(2026, 3, 3),
        service=SERVICE,
        person=PERSON,
        gp=Organisation("Dune Surgery", "Dr P. Sandpiper", ("2 Shore Road", "Marram", "MR4 1AA")),
        sign_off=SignOff("Nurse Robin Plover", "Fracture Liaison Nurse Specialist"),
        fractures=(BrokenBone("left wrist", date(2026, 1, 12)),),
        findings=(
            ("DXA, lowest T-score", "-2.7 (left femoral neck), 17 February 2026"),
            ("Vitamin D (25OHD)", "62 nmol/L, 10 February 2026"),
            ("Adjusted calcium", "2.38 mmol/L, 10 February 2026"),
            ("Creatinine clearance", "58 mL/min"),
            ("Falls in the last 12 months", "2"),
            ("Parent with hip fracture", ""),
        ),
        findings_for_person=(
            "Your bone scan shows that your bones are weaker than they were.",
            "Your blood tests are good.",
        ),
        risks=(
            RiskResult("QFracture-2012, ten years", "any 14.2 %, hip 5.1 %", date(2026, 3, 1), DISCLAIMER),
        ),
        advice=(
            AdviceLine("Consider treatment: T-score at or below -2.5", "NICE NG259, 1.7.3"),
            AdviceLine("Pause after five years of tablets", "NOGG 2024", Confidence.RECALLED_HIGH),
        ),
        advice_for_person=("Walk each day, and do moves that make you work your legs.",),
        plan=Plan(
            drug="alendronic acid 70 mg once a week",
            reason="hip T-score -2.7 and a wrist fracture",
            reason_for_person="your scan shows weak bones and you broke your wrist",
            calcium_vitamin_d="vitamin D 800 units a day",
            gp_actions=("Repeat creatinine and calcium before the first prescription.",),
            offered=("alendronate", "zoledronate", "ibandronate_iv"),
            what_matters="I want to walk to the shops again.",
            talked=("smoking", "alcohol", "exercise", "food", "spine"),
            dental="check_first",
            come_back_on=date(2026, 9, 1),
        ),
        falls_referral=Referral(
            Organisation("Marram Falls Team", "", ("Shore Clinic", "Marram")),
            date(2026, 3, 2),
            ("Two falls in the last year.", "Worried about falling."),
        ),
        dxa_request=Referral(
            Organisation("DXA Unit", "", ("Level 1",)), date(2026, 2, 1), ("Wrist fracture at 74.",)
        ),
        specialist_referral=Referral(
            Organisation("Metabolic Bone Clinic", "", ("Level 4",)),
            date(2026, 3, 2),
            ("Two fractures in one year.",),
        ),
        scan_result=(
            "You had a bone scan on 17 February 2026. It shows that your bones have lost some of their strength."
        ),
        follow_ups=(
            FollowUp("16-week review", date(2026, 6, 23)),
            FollowUp("52-week review", date(2027, 3, 2)),
        ),
        appointment=Appointment(date(2026, 3, 20), "10.30am", "Bone Clinic, Level 2", "in person"),
        attempts=(date(2026, 2, 20), date(2026, 2, 24)),
        reference="FLS-2026-0042",
    )


def bare_context() -> LetterContext:
    """Next to nothing is known."""
    return LetterContext(
        on=date(2026, 3, 3),
        service=ServiceDetails("Fracture Liaison Service"),
        person=PersonDetails("Ada Lark"),
    )
