"""From the record to a letter: the context that a letter may speak of, and the letter as it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet

from openfls.information.as_json import letter_from_json, letter_to_json
from openfls.information.compose import compose, why_not_composed
from openfls.information.context import (
    BrokenBone,
    FollowUp,
    LetterContext,
    Organisation,
    PersonDetails,
    Referral,
    SignOff,
)
from openfls.information.context import Plan as AgreedPlan
from openfls.information.letter import Letter as LetterValue
from openfls.information.letter import LetterKind, LetterNotAllowed
from openfls.information.names import unshouted
from openfls.information.plain import (
    KEEP_MOVING,
    WHY_A_MEDICINE,
    bone_for_person,
    findings_for_person,
    scan_for_person,
)
from openfls.record.pathway import UNDER_CARE, State
from openfls.record.people import NHS_NUMBER
from openfls.record.picture import Picture
from openfls.record.questions import Value, by_field
from openfls.record.reasons import (
    CalciumVitaminD,
    ContactOutcome,
    Drug,
    DrugDecision,
    DxaDecision,
    FallsReferral,
    TaskKind,
)
from openfls.service import clock
from openfls.service.flags import why_no_contact
from openfls.service.input_words import input_words
from openfls.service.known import values_of
from openfls.service.letter_own import NOTHING_OWN, Own, with_own
from openfls.service.letterheads import letterhead_of, wording_of
from openfls.service.models import Assessment, Contact, Episode, Letter, Person, Plan, PlanDetail, User
from openfls.service.picture import picture_of
from openfls.service.remembering import reading

LABELS = {
    LetterKind.GP: "Letter to the GP",
    LetterKind.PERSON: "Letter to the person",
    LetterKind.INVITATION: "Invitation to a bone health check",
    LetterKind.COULD_NOT_REACH: "We could not reach you",
    LetterKind.FALLS_REFERRAL: "Referral to the falls team",
    LetterKind.DXA_REQUEST: "Request for a bone density scan",
    LetterKind.SPECIALIST_REFERRAL: "Ask for a specialist’s opinion",
    LetterKind.RESULTS: "Result of the scan, to the person",
}

_TELLS_RESULTS = (LetterKind.GP, LetterKind.PERSON)
_TOLD_TO_GP = (
    "falls_last_year",
    "bone_density.on",
    "bone_density.lumbar_spine_t",
    "bone_density.total_hip_t",
    "bone_density.femoral_neck_t",
    "adjusted_calcium_mmol_l",
    "creatinine_umol_l",
    "vitamin_d_nmol_l",
    "frax.major_osteoporotic_pct",
    "frax.hip_pct",
    "egfr",
    "crp_mg_l",
    "parent_hip_fracture",
)
_T_SCORES = frozenset(field for field in _TOLD_TO_GP if field.endswith("_t"))
_STARTED_IN_HOSPITAL = frozenset(
    {Drug.ZOLEDRONATE, Drug.TERIPARATIDE, Drug.ABALOPARATIDE, Drug.ROMOSOZUMAB, Drug.IBANDRONATE_IV}
)
_BY_EITHER = frozenset({Drug.DENOSUMAB, Drug.IBANDRONATE})
"""Injected or infused, or possibly so: who gives it is not on record, so nobody is asked to prescribe it."""
_ASKED_OF_GP = {
    DrugDecision.REFER_GP: "Consider whether a medicine to protect bone is right, and decide with the person.",
}
_INSTEAD = {
    DrugDecision.REFER_GP: "you are asked to decide with the person",
    DrugDecision.REFER_OPINION: "a specialist is asked for an opinion",
    DrugDecision.INAPPROPRIATE: "not recommended now",
}
_CALCIUM = {
    CalciumVitaminD.BOTH: "calcium and vitamin D",
    CalciumVitaminD.VITAMIN_D: "vitamin D",
}


def kinds_for(episode: Episode) -> list[tuple[LetterKind, str, str]]:
    """Every kind with its label, and why it cannot be written now (empty where it can)."""
    context = context_of(episode, None)
    return [
        (kind, LABELS[kind], why_not_composed(kind, context) or _not_yet(kind, episode))
        for kind in LetterKind
    ]


def written(
    episode: Episode,
    kind: LetterKind,
    signed_by: User | None,
    own: Own = NOTHING_OWN,
    replaces: Letter | None = None,
) -> LetterValue:
    """The letter that the record makes now, with what its writer chose and added (``own``).

    Without a signature it is a draft. One that replaces another says so.

    Raises:
        LetterNotAllowed: it must not be written, or the episode has not come so far, and why.
    """
    if reason := _not_yet(kind, episode):
        raise LetterNotAllowed(reason, where=f"{kind} letter")
    value = compose(
        kind,
        context_of(episode, signed_by),
        wording=wording_of(episode.service),
        text_size=own.text_size,
        enclosures=own.titles,
    )
    return with_own(value, own, value_of(replaces).on if replaces else None)


def _not_yet(kind: LetterKind, episode: Episode) -> str:
    """Why the episode has nothing for a letter of this kind to tell of; empty where it has."""
    state = State(episode.state)
    if state in (State.FOUND, State.NOT_FOR_US):
        return f"the episode is at “{episode.place.list_title}”"
    if kind is LetterKind.INVITATION and state not in UNDER_CARE:
        return "the episode is closed"
    if kind is LetterKind.COULD_NOT_REACH and not _failed_contacts(episode).exists():
        return "no attempt to reach the person has failed"
    if kind in _TELLS_RESULTS:
        if not Assessment.objects.filter(episode=episode).exclude(assessed_on=None).exists():
            return "no assessment has been finished"
        if not episode.plans.filter(withdrawn=False).exists():
            return "no plan has been agreed"
    return ""


def _failed_contacts(episode: Episode) -> QuerySet[Contact]:
    return episode.contacts.exclude(outcome__in=(ContactOutcome.REACHED, ContactOutcome.CARER))


def fingerprint(value: LetterValue) -> str:
    """What a letter says, as a hash: equal for two that differ in nothing but their date and their signature."""
    said = replace(value, on=date.min, signature=(), draft=False)
    return hashlib.sha256(letter_to_json(said).encode()).hexdigest()


def value_of(letter: Letter) -> LetterValue:
    """A kept letter as a value."""
    return letter_from_json(letter.content["letter"])


def content_of(value: LetterValue) -> dict[str, str]:
    """What is kept of a letter: the whole of it, and its subject for lists."""
    return {"subject": value.subject, "letter": letter_to_json(value)}


def locked_as(letter: Letter) -> str:
    """The fingerprint of a letter as it is kept, letter for letter."""
    return hashlib.sha256(letter.content["letter"].encode()).hexdigest()


def is_as_locked(letter: Letter) -> bool:
    """Whether a locked letter still says what was locked; letters of the time before fingerprints have none."""
    return not letter.fingerprint or letter.fingerprint == locked_as(letter)


@reading()
def context_of(episode: Episode, signed_by: User | None) -> LetterContext:
    """Everything that a letter about ``episode`` may speak of today."""
    plan = Plan.objects.filter(episode=episode, withdrawn=False).order_by("-pk").first()
    picture = picture_of(episode, clock.today())
    role = signed_by.memberships.filter(service=episode.service).first() if signed_by else None
    return LetterContext(
        on=clock.today(),
        service=letterhead_of(episode.service),
        person=_person(episode.person),
        gp=Organisation(name=episode.person.general_practice),
        sign_off=SignOff(signed_by.full_name, role.get_role_display() if role else "") if signed_by else None,
        fractures=tuple(
            BrokenBone(row.words[0].lower() + row.words[1:], row.on, bone_for_person(row.site, row.side))
            for row in episode.fractures.all()
        ),
        findings=(*_findings(episode), *_body_mass(picture)),
        findings_for_person=findings_for_person(picture),
        advice_for_person=(KEEP_MOVING,),
        plan=_plan(plan) if plan else AgreedPlan(),
        falls_referral=_falls(plan, values_of(episode)),
        dxa_request=_dxa(plan),
        specialist_referral=_specialist(plan),
        scan_result=scan_for_person(picture),
        follow_ups=_follow_ups(episode),
        attempts=tuple(_failed_contacts(episode).values_list("on", flat=True)),
        reference=str(episode.pk)[:8],
    )


def _person(person: Person) -> PersonDetails:
    numbers = {row.system: row.value for row in person.identifiers.filter(valid=True)}
    return PersonDetails(
        name=unshouted(f"{person.given_name} {person.family_name}".strip()) or "Name not known",
        address=(*person.address.splitlines(), *((person.postcode,) if person.postcode else ())),
        birth_date=person.birth_date,
        nhs_number=numbers.get(NHS_NUMBER, ""),
        hospital_number=numbers.get(person.service.hospital_system, ""),
        phone=person.telephone,
        deceased=person.deceased,
        do_not_contact="" if person.deceased else why_no_contact(person),
    )


def _findings(episode: Episode) -> tuple[tuple[str, str], ...]:
    values, questions = values_of(episode), by_field()
    return tuple(
        (questions[field].label, _finding(field, values[field])) for field in _TOLD_TO_GP if field in values
    )


def _finding(field: str, value: Value) -> str:
    """A value as a letter gives it: a T-score without its unit, which is in its name."""
    if field in _T_SCORES and isinstance(value, int | float):
        return f"{value:.1f}"
    return by_field()[field].words(value)


def _body_mass(picture: Picture) -> tuple[tuple[str, str], ...]:
    return () if picture.bmi is None else ((input_words("bmi"), f"{picture.bmi:.1f} kg/m²"),)


def _sentence(words: str) -> str:
    """What somebody wrote, with a full stop where it ends without one."""
    words = " ".join(words.split())
    return words if not words or words[-1] in ".!?…" else f"{words}."


def _plan(plan: Plan) -> AgreedPlan:
    detail = PlanDetail.objects.filter(plan=plan).first()
    # Where a prescriber of the service answers for it, nobody else is asked to prescribe it a second time.
    ours = bool(plan.drug) and detail is not None and detail.signing == PlanDetail.Signing.PRESCRIBER
    by_us = plan.drug in _STARTED_IN_HOSPITAL or ours
    decision = DrugDecision(plan.decision)
    declined = decision is DrugDecision.DECLINED
    asked = _ASKED_OF_GP.get(decision)
    return AgreedPlan(
        drug=plan.drug,
        given_by_service=by_us,
        prescriber_open=plan.drug in _BY_EITHER and not by_us,
        reason=plan.decision_reason if not declined else "",
        reason_for_person=WHY_A_MEDICINE if plan.drug else "",
        declined="a medicine to protect bone" if declined else "",
        declined_reason=plan.decision_reason if declined else "",
        calcium_vitamin_d=_CALCIUM.get(CalciumVitaminD(plan.calcium_vitamin_d), ""),
        no_drug=_INSTEAD.get(decision, ""),
        gp_actions=(asked,) if asked else (),
        offered=tuple(detail.offered) if detail else (),
        what_matters=_sentence(plan.what_matters),
        talked=tuple(detail.lifestyle) if detail else (),
        dental=detail.dental if detail else "",
        come_back_on=detail.come_back_on if detail else None,
    )


def _falls(plan: Plan | None, values: Mapping[str, Value]) -> Referral | None:
    if plan is None or plan.falls_referral != FallsReferral.REFERRED:
        return None
    falls = values.get("falls_last_year")
    if not falls:
        return Referral(on=plan.agreed_on)
    times = "once" if falls == 1 else f"{falls} times"
    return Referral(on=plan.agreed_on, reasons=(f"Fell {times} in the last year, with this fracture.",))


def _dxa(plan: Plan | None) -> Referral | None:
    if plan is None or plan.dxa != DxaDecision.ORDERED:
        return None
    return Referral(on=plan.agreed_on)


def _specialist(plan: Plan | None) -> Referral | None:
    detail = PlanDetail.objects.filter(plan=plan).first() if plan else None
    beside = detail is not None and detail.specialist == "referred"
    if plan is None or not (plan.decision == DrugDecision.REFER_OPINION or beside):
        return None
    return Referral(on=plan.agreed_on, reasons=(plan.decision_reason,) if plan.decision_reason else ())


def _follow_ups(episode: Episode) -> tuple[FollowUp, ...]:
    rows = episode.tasks.filter(
        done_at=None, cancelled_at=None, kind__in=(TaskKind.REVIEW_16, TaskKind.REVIEW_52)
    ).values_list("kind", "due")
    labels = {TaskKind.REVIEW_16: "16-week review", TaskKind.REVIEW_52: "52-week review"}
    return tuple(FollowUp(labels[TaskKind(kind)], _not_past(due)) for kind, due in rows)


def _not_past(due: date) -> date:
    """A review that should have been is promised for today, never for a day that has gone."""
    return max(due, clock.today())
